"""Deliver what is due; what fails is tried again with growing waits, and laid aside after three days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import outgoing
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.visibility import acting_as
from footprint.partners.calling import Caller, CallFailed
from footprint.partners.hook_signing import signed_headers
from footprint.partners.models import Connection, Delivery, Webhook, WebhookSecret
from footprint.partners.notices import tell_given_up
from footprint.partners.sealing import unseal
from footprint.partners.waking import DELIVER_TASK, wake

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)
HELD = timedelta(minutes=2)
"""How long a delivery belongs to whoever took it: longer than its calls can last."""
CLOUD_EVENT = "application/cloudevents+json; charset=UTF-8"
ENDED = "the connection was revoked"
SWITCHED_OFF = "the webhook is switched off"
GONE = 410


def deliver_due(*, now: datetime | None = None) -> int:
    """Everything whose time has come; how many were tried. A call holds no row and no transaction."""
    tried = 0
    while (delivery := _take(now or timezone.now())) is not None:
        if delivery.connection is not None:
            told, arrived = _attempt(delivery, delivery.connection)
        else:
            told, arrived = _call_webhook(delivery)
        _note(delivery, told, arrived=arrived, at=now or timezone.now())
        tried += 1
    return tried


def _take(at: datetime) -> Delivery | None:
    with acting_as(Actor.worker()):
        due = Delivery.objects.filter(state=Delivery.State.QUEUED, due_at__lte=at)
        locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("connection", "webhook")
        found = locked.order_by("due_at", "pk").first()
        if found is None:
            return None
        found.attempts += 1
        found.due_at = at + HELD
        found.save(update_fields=["attempts", "due_at"])
        return found


def _attempt(delivery: Delivery, connection: Connection) -> tuple[str, bool]:
    if not connection.is_active or not connection.can_be_called:
        return ENDED, False
    url = f"{connection.base_url}/{connection.speaks}/events"
    try:
        reply = Caller(connection).ask("POST", url, body=delivery.body.encode(), content_type=CLOUD_EVENT)
    except CallFailed as error:
        return str(error)[:200], False
    return f"HTTP {reply.status}", 200 <= reply.status < 300


def _call_webhook(delivery: Delivery) -> tuple[str, bool]:
    """Signed by every secret in use, anew at each attempt; a system that says it is gone is told no more."""
    hook = delivery.webhook
    assert hook is not None
    with acting_as(Actor.worker()):
        if not Webhook.objects.filter(pk=hook.pk, is_active=True).exists():
            return SWITCHED_OFF, False
        sealed = WebhookSecret.objects.filter(webhook=hook, revoked_at__isnull=True).order_by("-created_at")
        secrets = [secret for one in sealed if (secret := unseal(one.sealed))]
    if not secrets:
        return "the stored secret cannot be read; add another one", False
    headers = signed_headers(delivery.event_id, delivery.body, secrets, at=timezone.now())
    try:
        answer = outgoing.call("POST", hook.url, body=delivery.body.encode(), headers=headers)
    except outgoing.Unreachable as error:
        return error.code, False
    if answer.status == GONE:
        with acting_as(Actor.worker()):
            Webhook.objects.filter(pk=hook.pk).update(is_active=False, version=F("version") + 1)
    return f"HTTP {answer.status}", 200 <= answer.status < 300


def _note(delivery: Delivery, told: str, *, arrived: bool, at: datetime) -> None:
    with acting_as(Actor.worker()):
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.state != Delivery.State.QUEUED:
            return
        row.told = told
        if arrived:
            row.state, row.delivered_at = Delivery.State.DELIVERED, at
        elif told in (ENDED, SWITCHED_OFF, f"HTTP {GONE}") or at >= row.gives_up_at:
            row.state = Delivery.State.DEAD
        else:
            row.due_at = min(at + wait_after(row.attempts), row.gives_up_at)
        row.save(update_fields=["told", "state", "delivered_at", "due_at"])
        if row.state == Delivery.State.DEAD and told not in (ENDED, SWITCHED_OFF):
            tell_given_up(row, at=at)


def wait_after(attempts: int) -> timedelta:
    """Doubled each time, up to six hours."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


@transaction.atomic
def replay(delivery: Delivery, *, by: Actor, at: datetime) -> Delivery:
    """Try what was given up once more, for three further days.

    Raises:
        NotAllowed; Refusal: it is on its way or arrived.
    """
    require(by, delivery.permission, company_id=delivery.company_id)
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state != Delivery.State.DEAD:
        raise Refusal(_("Only what was given up can be sent again."), code="not_dead")
    row.state, row.due_at, row.attempts = Delivery.State.QUEUED, at, 0
    row.gives_up_at = at + timedelta(hours=Delivery.HOURS)
    row.save(update_fields=["state", "due_at", "attempts", "gives_up_at"])
    wake(DELIVER_TASK)
    return row
