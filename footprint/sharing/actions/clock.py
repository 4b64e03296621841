"""What the clock does with requests: remind of deadlines, and end what nobody answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.errors import Stale
from accounts.moving import write_move
from accounts.visibility import acting_as
from footprint.sharing.actions.moving import record
from footprint.sharing.models import SharingRequest
from footprint.sharing.notices import tell_deadline, tell_moved, tell_news, tell_outdated
from footprint.sharing.procedure import GIVEN, REQUEST, UNANSWERED
from footprint.sharing.sources import current_figures, news

NEAR = timedelta(days=3)
PATIENCE = timedelta(days=30)
"""How long after its deadline a request is still open."""


def watch(*, at: datetime) -> int:
    """How many were told of or ended; each deadline is told once, and once more when it is over.

    What was given for a time ends after its last day, as if it were revoked: the recipient's copy is marked.
    What was given and taken up again was answered in time: its deadline is past and ends nothing.
    """
    today, worker = timezone.localdate(at), Actor.worker()
    done = 0
    with acting_as(worker):
        waiting = SharingRequest.objects.visible_to(worker).filter(state__in=UNANSWERED, shared_at=None)
        for each in waiting.filter(due_on__lt=today - PATIENCE).order_by("pk"):
            done += _end(each, "expire", at)
        for each in waiting.filter(due_on__gte=today - PATIENCE, due_on__lte=today + NEAR).order_by("pk"):
            done += tell_deadline(each, today=today, at=at)
        done += _outdated(worker, at)
        given = SharingRequest.objects.visible_to(worker).filter(state__in=GIVEN)
        for each in given.filter(ends_on__lt=today).order_by("pk"):
            done += _end(each, "end", at)
        done += _news(worker, at)
    return done


def _news(worker: Actor, at: datetime) -> int:
    """Whoever calculates with what a partner sent learns, once, what became of it; and chooses."""
    figures = current_figures(worker)
    found = news(worker, figures, timezone.localdate(at))
    return sum(tell_news(each, found[each.pk], at=at) for each in figures if each.pk in found)


def _outdated(worker: Actor, at: datetime) -> int:
    """Recipients learn that the publication behind their version was withdrawn or replaced."""
    given = SharingRequest.objects.visible_to(worker).filter(
        state__in=GIVEN, mode=SharingRequest.Mode.PINNED, outdated_at=None
    )
    found = list(given.exclude(publication__state="published").order_by("pk"))
    for each in found:
        SharingRequest.objects.filter(pk=each.pk).update(outdated_at=at)
        tell_outdated(each, at=at)
    return len(found)


def _end(request: SharingRequest, name: str, at: datetime) -> bool:
    """False where somebody moved it meanwhile: it is answered, or asked about again in an hour."""
    move = REQUEST.move(name)
    assert move is not None
    worker = Actor.worker()
    try:
        with transaction.atomic():
            before = write_move(request, move, version=request.version)
            record(request, move, before, by=worker, at=at)
            tell_moved(request, move, by=worker, at=at)
    except Stale:
        return False
    return True
