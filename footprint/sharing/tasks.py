"""The clock's door: deadlines of requests."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from footprint.sharing.actions.clock import watch
from footprint.sharing.actions.link import CLOSE_TASK, close_ended_links


@shared_task(name="footprint.sharing.watch", ignore_result=True)
def watch_requests() -> None:
    """Every hour; nobody is told the same twice."""
    watch(at=timezone.now())
    close_ended_links()


@shared_task(name=CLOSE_TASK, ignore_result=True)
def close_links() -> None:
    """Once a recipient ended a request; by the hour where that call was lost."""
    close_ended_links()
