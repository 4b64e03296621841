"""Forget sessions that are over."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts.actor import Actor
from accounts.visibility import acting_as


def forget_sessions(*, at: datetime) -> int:
    """Remove what has run out, with the addresses and browsers kept of it; how many sessions there were."""
    with acting_as(Actor.worker()):
        gone = Session.objects.filter(expire_date__lt=at).delete()[0]
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return int(gone)
