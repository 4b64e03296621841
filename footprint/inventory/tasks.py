"""The clock's door: deadlines."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from footprint.inventory.actions.remind import remind


@shared_task(name="footprint.inventory.remind", ignore_result=True)
def remind_people() -> None:
    """Every hour; nobody is told the same twice."""
    remind(at=timezone.now())
