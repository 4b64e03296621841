"""Fetch what partners say they published: what cannot be had is asked for again, for three days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.db.models import F, Q, QuerySet

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.partners import answers
from footprint.partners.actions.pulling import document_at, keep
from footprint.partners.calling import Caller, CallFailed
from footprint.partners.models import Connection, Delivery, PartnerEvent, PartnerFootprint
from footprint.partners.notices import tell_not_fetched
from footprint.partners.retrying import wait_after

HELD = timedelta(minutes=10)
"""How long an event belongs to whoever took it: what is lost with a worker is asked for again then."""

CLOSED = ("HTTP 403", "HTTP 404")
"""What is answered for a footprint that is not, or no longer, open to us."""
UNCALLABLE = CallFailed(answers.UNCALLABLE, is_lasting=True)


@dataclass
class Fetched:
    """What one round brought: documents, what is missing and why, and how long the partner wants to rest."""

    documents: list[Any] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)
    wait: timedelta | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be had by asking again."""
        return all(one["lasting"] for one in self.missing)


def fetch_named(*, at: datetime) -> int:
    """Ask for what published events name, as far as it is due; how many events were asked about.

    No transaction is open meanwhile.
    """
    done = 0
    while (event := _take(at)) is not None:
        _note(event, named_in(event, at=at), at=at)
        done += 1
    return done


def _take(at: datetime) -> PartnerEvent | None:
    with acting_as(Actor.worker()):
        waiting = PartnerEvent.objects.filter(
            Q(ask_at__isnull=True) | Q(ask_at__lte=at),
            state=PartnerEvent.State.NEW,
            type=PartnerEvent.Type.PUBLISHED,
        )
        waiting = waiting.exclude(connection__in=_away(at).values("connection"))
        locked = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("connection")
        found = locked.order_by("pk").first()
        if found is not None:
            found.attempts += 1
            PartnerEvent.objects.filter(pk=found.pk).update(attempts=F("attempts") + 1, ask_at=at + HELD)
        return found


def _away(at: datetime) -> QuerySet[PartnerEvent]:
    """Events that are being asked about, or whose partner was away: it is asked about no other meanwhile."""
    asked = PartnerEvent.objects.filter(
        state=PartnerEvent.State.NEW, type=PartnerEvent.Type.PUBLISHED, attempts__gt=0, ask_at__gt=at
    )
    return asked.filter(Q(missing__isnull=True) | Q(missing__contains=[{"away": True}]))


def named_in(event: PartnerEvent, *, at: datetime) -> Fetched:
    """The footprints of an event that are not here yet, one by one.

    A partner that is away, or wants us to wait, is asked for no further one in this round.
    """
    known = event.missing or []
    found = Fetched(missing=[one for one in known if one["lasting"]])
    wanted = [one["id"] for one in known if not one["lasting"]]
    _ask(event, wanted if event.missing is not None else event.data["pfIds"], found, at=at)
    return found


def _ask(event: PartnerEvent, wanted: Sequence[str], found: Fetched, *, at: datetime) -> None:
    connection: Connection = event.connection
    if not connection.can_be_called or not connection.is_active:
        found.missing += [_missed(one, UNCALLABLE) for one in wanted]
        return
    caller = Caller(connection)
    later: list[dict[str, Any]] = []
    for place, pf_id in enumerate(wanted):
        url = f"{connection.base_url}/{event.speaks}/footprints/{quote(pf_id, safe='')}"
        try:
            told = document_at(caller, url, at=at)
        except CallFailed as error:
            (found.missing if error.is_lasting else later).append(_missed(pf_id, error))
            if error.ends_round:
                # what was not reached comes first in the next round
                found.missing += [_missed(one, error) for one in wanted[place + 1 :]]
                found.wait = error.wait
                break
        else:
            found.documents.append(told.get("data") if isinstance(told, dict) else None)
    found.missing += later


def _missed(pf_id: str, error: CallFailed) -> dict[str, Any]:
    missed = {"id": pf_id, "told": str(error)[:200], "lasting": error.is_lasting}
    return missed | {"away": True} if error.ends_round and not error.is_lasting else missed


def _note(event: PartnerEvent, found: Fetched, *, at: datetime) -> None:
    with acting_as(Actor.worker()):
        locked = PartnerEvent.objects.select_for_update(of=("self",)).select_related("connection")
        row = locked.get(pk=event.pk)
        if row.state != PartnerEvent.State.NEW:
            return
        for document in found.documents:
            keep(row.connection, document, at=at, speaks=row.speaks, is_seen=True)
        closed = [each["id"] for each in found.missing if each["told"] in CLOSED]
        PartnerFootprint.objects.filter(connection=row.connection, pf_id__in=closed, gone_at=None).update(
            gone_at=at
        )
        row.missing = found.missing
        gives_up_at = row.received_at + timedelta(hours=Delivery.HOURS)
        if found.is_over or at >= gives_up_at:
            row.state, row.decided_at, row.ask_at = PartnerEvent.State.TAKEN, at, None
        else:
            row.ask_at = min(at + wait_after(event.attempts, found.wait), gives_up_at)
        row.save(update_fields=["missing", "state", "decided_at", "ask_at"])
        if row.state == PartnerEvent.State.TAKEN and not found.is_over:
            tell_not_fetched(row, at=at)
