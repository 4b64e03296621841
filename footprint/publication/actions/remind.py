"""Tell owners of published footprints whose validity ends or whose figure has moved."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.publication.notices import tell_due
from footprint.publication.queries import in_force


def remind(*, at: datetime) -> int:
    """How many notifications were left; each thing is told once, however often this runs."""
    today = timezone.localdate(at)
    with acting_as(Actor.worker()):
        return sum(tell_due(each, today=today, at=at) for each in in_force(Actor.worker()))
