"""Work that is done by whoever is free: woken after commit, and by the clock when a wake-up was lost."""

from __future__ import annotations

from celery import current_app
from django.db import transaction

OFFER_TASK = "footprint.partners.offer"
EVENTS_TASK = "footprint.partners.events"
DELIVER_TASK = "footprint.partners.deliver"
PULL_TASK = "footprint.partners.pull"
TELL_TASK = "footprint.partners.tell"
TRY_TASK = "footprint.partners.try"
WATCH_TASK = "footprint.partners.watch"


def wake(task: str) -> None:
    """After commit; a broker that is away loses nothing, for the clock wakes, too."""
    transaction.on_commit(lambda: current_app.send_task(task, ignore_result=True, retry=False), robust=True)
