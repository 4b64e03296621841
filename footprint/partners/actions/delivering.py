"""Deliver what is due; what fails is tried again with growing waits, and laid aside after three days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from accounts.visibility import acting_as
from footprint.partners.calling import Caller, CallFailed
from footprint.partners.models import Connection, Delivery
from footprint.partners.waking import DELIVER_TASK, wake

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)
HELD = timedelta(minutes=2)
"""How long a delivery belongs to whoever took it: longer than its calls can last."""
CLOUD_EVENT = "application/cloudevents+json; charset=UTF-8"
ENDED = "the connection was revoked"


def deliver_due() -> int:
    """Everything whose time has come; how many were tried. A call holds no row and no transaction."""
    tried = 0
    while (taken := _take(timezone.now())) is not None:
        delivery, connection = taken
        told, arrived = _attempt(delivery, connection)
        _note(delivery, told, arrived=arrived, at=timezone.now())
        tried += 1
    return tried


def _take(at: datetime) -> tuple[Delivery, Connection] | None:
    with acting_as(Actor.worker()):
        due = Delivery.objects.filter(state=Delivery.State.QUEUED, due_at__lte=at)
        locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("connection")
        found = locked.order_by("due_at", "pk").first()
        if found is None:
            return None
        found.attempts += 1
        found.due_at = at + HELD
        found.save(update_fields=["attempts", "due_at"])
        return found, found.connection


def _attempt(delivery: Delivery, connection: Connection) -> tuple[str, bool]:
    if not connection.is_active or not connection.can_be_called:
        return ENDED, False
    url = f"{connection.base_url}/{connection.speaks}/events"
    try:
        reply = Caller(connection).ask("POST", url, body=delivery.body.encode(), content_type=CLOUD_EVENT)
    except CallFailed as error:
        return str(error)[:200], False
    return f"HTTP {reply.status}", 200 <= reply.status < 300


def _note(delivery: Delivery, told: str, *, arrived: bool, at: datetime) -> None:
    with acting_as(Actor.worker()):
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.state != Delivery.State.QUEUED:
            return
        row.told = told
        if arrived:
            row.state, row.delivered_at = Delivery.State.DELIVERED, at
        elif told == ENDED or at >= row.gives_up_at:
            row.state = Delivery.State.DEAD
        else:
            row.due_at = min(at + wait_after(row.attempts), row.gives_up_at)
        row.save(update_fields=["told", "state", "delivered_at", "due_at"])


def wait_after(attempts: int) -> timedelta:
    """Doubled each time, up to six hours."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


@transaction.atomic
def replay(delivery: Delivery, *, by: Actor, at: datetime) -> Delivery:
    """Try what was given up once more, for three further days.

    Raises:
        NotAllowed; Refusal: it is on its way or arrived.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=delivery.company_id)
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state != Delivery.State.DEAD:
        raise Refusal(_("Only what was given up can be sent again."), code="not_dead")
    row.state, row.due_at, row.attempts = Delivery.State.QUEUED, at, 0
    row.gives_up_at = at + timedelta(hours=Delivery.HOURS)
    row.save(update_fields=["state", "due_at", "attempts", "gives_up_at"])
    wake(DELIVER_TASK)
    return row
