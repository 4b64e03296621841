"""The clock's door: deadlines of requests."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from footprint.sharing.actions.clock import watch


@shared_task(name="footprint.sharing.watch", ignore_result=True)
def watch_requests() -> None:
    """Every hour; nobody is told the same twice."""
    watch(at=timezone.now())
