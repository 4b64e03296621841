"""Tell reviewers of decisions that are expected soon, or were."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.inventory.notices import tell_deadline
from footprint.inventory.submissions import submissions

NEAR = timedelta(days=3)


def remind(*, at: datetime) -> int:
    """How many notifications were left; each deadline is told once, and once more when it is over."""
    today = timezone.localdate(at)
    with acting_as(Actor.worker()):
        waiting = submissions(Actor.worker()).filter(
            state__in=("submitted", "under_review"), due_on__lte=today + NEAR
        )
        return sum(tell_deadline(each, today=today, at=at) for each in waiting.order_by("pk"))
