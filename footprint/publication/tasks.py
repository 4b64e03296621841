"""The clock's door: deadlines."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from footprint.publication.actions.remind import remind


@shared_task(name="footprint.publication.remind", ignore_result=True)
def remind_people() -> None:
    """Every hour; nobody is told the same twice."""
    remind(at=timezone.now())
