"""The clock's door, and that of the doors that want work done."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from footprint.partners import actions
from footprint.partners.waking import (
    DELIVER_TASK,
    EVENTS_TASK,
    OFFER_TASK,
    PULL_TASK,
    TELL_TASK,
    TRY_TASK,
    WATCH_TASK,
)


@shared_task(name=OFFER_TASK, ignore_result=True)
def offer() -> None:
    """Bring what was published, replaced or withdrawn to the partners."""
    actions.offer_waiting(at=timezone.now())


@shared_task(name=EVENTS_TASK, ignore_result=True)
def events() -> None:
    """Decide what a machine can decide."""
    actions.process_events(at=timezone.now())


@shared_task(name=DELIVER_TASK, ignore_result=True)
def deliver() -> None:
    """Deliver what is due."""
    actions.deliver_due()


@shared_task(name=PULL_TASK, ignore_result=True)
def pull() -> None:
    """Fetch the footprints of partners that somebody asked for."""
    actions.pull_due()


@shared_task(name=TELL_TASK, ignore_result=True)
def tell() -> None:
    """Make events of what happened, for the systems that want to be told."""
    actions.tell_news(at=timezone.now())


@shared_task(name=TRY_TASK, ignore_result=True)
def try_endpoints() -> None:
    """Try the endpoints of partners that somebody wants tried."""
    actions.try_due()


@shared_task(name=WATCH_TASK, ignore_result=True)
def watch() -> None:
    """Every hour: remind of requests whose deadline nears, forget who asked to be connected long ago."""
    actions.watch_requests(at=timezone.now())
    actions.erase_contacts(at=timezone.now())
