"""What partners send: stored within the request, worked on afterwards, each event once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.visibility import acting_as
from footprint.partners import candidates
from footprint.partners.actions.answering import fulfil, reject
from footprint.partners.actions.fetching import fetch_named
from footprint.partners.actions.pulling import answered_in, keep
from footprint.partners.models import Connection, PartnerEvent
from footprint.partners.notices import tell_arrived, tell_late, tell_near
from footprint.partners.pact.events import Event, Type, host_of
from footprint.partners.waking import EVENTS_TASK, wake

LATE = "Nobody answered within the time that was set for it."
"""Told to a partner whose request nobody answered: the standard asks for exactly one answer."""
NEAR = timedelta(days=3)
"""How long before its deadline a request is called to mind."""
MOST_WAITING = 1000
"""Requests of one partner that may wait at a time."""


@transaction.atomic
def take_event(event: Event, body: str, *, by: Actor, at: datetime) -> None:
    """Store an event of the calling partner; one that was sent before changes nothing.

    Raises:
        Refusal: its source is another host than the partner's, we could not answer it, or too many wait.
    """
    connection = Connection.objects.visible_to(by).get(pk=by.partner_id or 0)
    host = host_of(event.source)
    if host and connection.base_url and host.partition(":")[0] != _host(connection):
        message = _("The source of the event is not the host that is registered for this connection.")
        raise Refusal(message, code="foreign_source")
    own = PartnerEvent.objects.visible_to(by)
    if own.filter(connection=connection, source=event.source, event_id=event.id).exists():
        return
    if event.type is Type.REQUESTED:
        if not connection.can_be_called:
            message = _("The answer could not be sent: no address and credentials are registered for it.")
            raise Refusal(message, code="cannot_answer")
        if own.filter(type=Type.REQUESTED, state=PartnerEvent.State.NEW).count() >= MOST_WAITING:
            raise Refusal(_("Too many requests of yours are waiting for an answer."), code="too_many")
    row = PartnerEvent(
        company_id=connection.company_id,
        connection=connection,
        event_id=event.id,
        source=event.source,
        type=event.type.value,
        speaks=event.version,
        body=body,
        comment=event.comment,
        due_at=at + timedelta(days=PartnerEvent.DAYS_TO_ANSWER),
    )
    # two of the same at once: one is stored
    PartnerEvent.objects.bulk_create([row], ignore_conflicts=True)
    wake(EVENTS_TASK)


def _tell_of_requests(*, at: datetime) -> None:
    """By the worker: the partner's system knows nobody of the company."""
    with acting_as(Actor.worker()):
        fresh = PartnerEvent.objects.left_to_people().filter(told_at__isnull=True)
        for request in fresh.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:MOST_WAITING]:
            tell_arrived(request, at=at)
            PartnerEvent.objects.filter(pk=request.pk).update(told_at=at)


def watch_requests(*, at: datetime) -> int:
    """Remind of deadlines that near, each once; how many notices were left."""
    with acting_as(Actor.worker()):
        soon = PartnerEvent.objects.left_to_people().filter(due_at__gt=at, due_at__lte=at + NEAR)
        return sum(tell_near(each, at=at) for each in soon.order_by("due_at", "pk"))


def _host(connection: Connection) -> str:
    return host_of(connection.base_url).partition(":")[0]


def process_events(*, at: datetime) -> int:
    """Everything that a machine can decide; the rest stays in the inbox. How many were decided."""
    _tell_of_requests(at=at)
    done, after = fetch_named(at=at), 0
    while (event := _next(after, at)) is not None:
        after = event.pk
        with acting_as(Actor.worker()):
            locked = PartnerEvent.objects.select_for_update(of=("self",)).select_related("connection")
            row = locked.get(pk=event.pk)
            if row.state == PartnerEvent.State.NEW:
                _process(row, at=at)
                done += 1
    return done


def _next(after: int, at: datetime) -> PartnerEvent | None:
    """What people decide is left to them until it is overdue; what is published has to be fetched."""
    with acting_as(Actor.worker()):
        waiting = PartnerEvent.objects.filter(state=PartnerEvent.State.NEW, pk__gt=after)
        waiting = waiting.exclude(type=PartnerEvent.Type.PUBLISHED).exclude(
            type=PartnerEvent.Type.REQUESTED, connection__answers=Connection.Answers.PEOPLE, due_at__gt=at
        )
        return waiting.select_related("connection").order_by("pk").first()


def _process(event: PartnerEvent, *, at: datetime) -> None:
    if event.is_request and event.connection.answers == Connection.Answers.PEOPLE:
        if event.due_at <= at:
            reject(event, by=Actor.worker(), at=at, reason=LATE)
            tell_late(event, at=at)
        return
    if event.is_request:
        found = candidates.granted(event)
        if found:
            fulfil(event, found, by=Actor.worker(), at=at)
        else:
            reject(event, by=Actor.worker(), at=at, reason=candidates.NOTHING)
        return
    for document in answered_in(event):
        keep(event.connection, document, at=at, speaks=event.speaks)
    event.state, event.decided_at = PartnerEvent.State.TAKEN, at
    event.save(update_fields=["state", "decided_at"])
