"""Forget replies that nobody asks for any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.actor import Actor
from accounts.models import KeptReply
from accounts.visibility import acting_as

KEPT = timedelta(hours=48)


def forget_replies(*, at: datetime) -> int:
    """Remove what was answered longer ago than a client may ask again; how many there were."""
    with acting_as(Actor.worker()):
        return KeptReply.objects.filter(created_at__lt=at - KEPT).delete()[0]
