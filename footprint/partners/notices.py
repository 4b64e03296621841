"""Whom to tell: who asks to be a partner, requests and deadlines, what did not arrive, trials; in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.figures import long_date
from accounts.forms import languages
from accounts.holders import holders
from accounts.models import Kind, Notification
from accounts.notices import Told, in_words, notify
from accounts.roles import Permission
from footprint.partners import words
from footprint.partners.answers import sentence_of
from footprint.partners.models import ConformanceRun, Connection, ConnectionRequest, Delivery, PartnerEvent
from footprint.partners.queries import conformance_runs, connections, deliveries, inbox, requests

ARRIVED, NEAR, LATE, GIVEN_UP = "arrived", "near", "late", "given_up"
NOT_FETCHED = "not_fetched"


def tell_arrived(request: PartnerEvent, *, at: datetime) -> int:
    """Those who may answer it."""
    return _tell_of(request, ARRIVED, Kind.MOVE_WAITS, at)


def tell_near(request: PartnerEvent, *, at: datetime) -> int:
    """Those who may answer it, once."""
    return _tell_of(request, NEAR, Kind.DEADLINE, at)


def tell_late(request: PartnerEvent, *, at: datetime) -> int:
    """Those who might have answered it."""
    return _tell_of(request, LATE, Kind.DEADLINE, at)


def _tell_of(request: PartnerEvent, event: str, kind: Kind, at: datetime) -> int:
    return notify(
        holders(Permission.SHARE_PRODUCT, company_id=request.company_id),
        kind=kind,
        event=event,
        subject="partner_event",
        subject_uuid=request.uuid,
        company_id=request.company_id,
        at=at,
        once=f"{event} {request.uuid}",
    )


def tell_introduced(request: ConnectionRequest, *, at: datetime) -> int:
    """Those who may take it up or refuse it."""
    return notify(
        holders(Permission.SHARE_PRODUCT, company_id=request.company_id),
        kind=Kind.MOVE_WAITS,
        event=ARRIVED,
        subject="connection_request",
        subject_uuid=request.uuid,
        company_id=request.company_id,
        at=at,
    )


def told_of_introductions(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """Who asks to be connected, and what for."""
    return in_words(
        rows,
        requests(actor),
        lambda row, each: Told(
            f"{_('Request to be connected')} · {each.name}",
            Truncator(each.purpose).chars(200),
            reverse("partners:request", args=[each.uuid]),
            is_over=each.state != "new",
        ),
    )


def tell_given_up(delivery: Delivery, *, at: datetime) -> int:
    """Those who may send it again; of one receiver once a day, however much does not reach it."""
    receiver = delivery.connection or delivery.webhook
    assert receiver is not None
    return notify(
        holders(delivery.permission, company_id=delivery.company_id),
        kind=Kind.MOVE_WAITS,
        event=GIVEN_UP,
        subject="partner_delivery",
        subject_uuid=delivery.uuid,
        company_id=delivery.company_id,
        at=at,
        once=f"{GIVEN_UP} {receiver.uuid} {timezone.localdate(at)}",
    )


def tell_ended(run: ConformanceRun, *, event: str, at: datetime) -> None:
    """The person who began it; a machine asks for itself."""
    notify(
        {run.created_by_id} if run.created_by_id is not None else (),
        kind=Kind.ENDED,
        event=event,
        subject="conformance_run",
        subject_uuid=run.uuid,
        company_id=run.company_id,
        at=at,
    )


def tell_not_fetched(event: PartnerEvent, *, at: datetime) -> int:
    """Those who may have them fetched; of one partner once a day."""
    return _tell_not_fetched(event.connection, "partner_event", event.uuid, at)


def tell_not_pulled(connection: Connection, *, at: datetime) -> int:
    """Those who may have them fetched; of one partner once a day."""
    return _tell_not_fetched(connection, "partner_connection", connection.uuid, at)


def _tell_not_fetched(connection: Connection, subject: str, thing: UUID, at: datetime) -> int:
    return notify(
        holders(Permission.SHARE_PRODUCT, company_id=connection.company_id),
        kind=Kind.MOVE_WAITS,
        event=NOT_FETCHED,
        subject=subject,
        subject_uuid=thing,
        company_id=connection.company_id,
        at=at,
        once=f"{NOT_FETCHED} {connection.uuid} {timezone.localdate(at)}",
    )


def told_of_runs(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What the cases say together, and how many ended how."""
    return in_words(
        rows,
        conformance_runs(actor),
        lambda row, run: Told(
            f"{_('Conformance')} · {run.connection.name}",
            _words(run),
            reverse("partners:conformance_run", args=[run.connection.uuid, run.uuid]),
        ),
    )


def _words(run: ConformanceRun) -> str:
    ended = run.get_verdict_display() or run.get_state_display()
    numbers = {"passed": run.passed, "failed": run.failed, "skipped": run.skipped}
    cases = _("Cases: %(passed)d passed, %(failed)d failed, %(skipped)d not tried") % numbers
    return f"{ended} · {cases}"


def told_of_requests(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """Whose request it is, and until when it can be answered."""
    return in_words(
        rows,
        inbox(actor),
        lambda row, each: Told(
            f"{each.get_type_display()} · {each.connection.name}",
            _happened(row.event, each),
            reverse("partners:event", args=[each.uuid]),
            is_over=row.event in (ARRIVED, NEAR) and each.state != PartnerEvent.State.NEW,
        ),
    )


def _happened(event: str, request: PartnerEvent) -> str:
    if event == LATE:
        return _("Nobody answered in time; the partner was told so.")
    if event == NOT_FETCHED:
        return _("Footprints could not be fetched: %(told)s") % {"told": words.missing(request)}
    day = long_date(timezone.localdate(request.due_at), languages())
    return _("An answer is expected by %(day)s.") % {"day": day}


def told_of_deliveries(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What did not arrive where, what was answered last, and where it is sent again."""
    return in_words(
        rows,
        deliveries(actor),
        lambda row, each: Told(
            f"{each.get_type_display()} · {each.receiver}",
            _("It did not arrive and was given up. Last answer: %(told)s") % {"told": each.last_answer},
            _sent_again_at(each),
        ),
    )


def told_of_pulls(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """Whose footprints could not be fetched, and what was answered last."""
    return in_words(
        rows,
        connections(actor),
        lambda row, each: Told(
            each.name,
            _not_pulled(each),
            reverse("partners:connection", args=[each.uuid]),
        ),
    )


def _not_pulled(connection: Connection) -> str:
    """What was answered last, unless they came by now."""
    if connection.pull_told.isdigit():
        return _("Footprints could not be fetched; by now they were.")
    return _("Footprints could not be fetched: %(told)s") % {"told": sentence_of(connection.pull_told)}


def _sent_again_at(delivery: Delivery) -> str:
    if delivery.webhook is not None:
        return reverse("partners:webhook", args=[delivery.webhook.uuid])
    return reverse("partners:event_list")
