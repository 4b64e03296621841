"""The door of the clock and of whoever asked for a release."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from footprint.benchmark.actions.overview import COUNT_TASK
from footprint.benchmark.actions.overview import count as count_everything
from footprint.benchmark.actions.prepare import PREPARE_TASK, prepare_waiting


@shared_task(name=PREPARE_TASK, ignore_result=True)
def prepare() -> None:
    """Every release that was asked for; doing it twice does nothing more."""
    prepare_waiting()


@shared_task(name=COUNT_TASK, ignore_result=True)
def count() -> None:
    """How the alliance stands, by the clock alone: no edit makes it come earlier."""
    count_everything(timezone.now())
