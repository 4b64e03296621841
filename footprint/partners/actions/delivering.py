"""Deliver what is due; what fails is tried again with growing waits, and laid aside after three days."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, F, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import outgoing
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.visibility import acting_as
from footprint.partners.answers import ENDED, SWITCHED_OFF, UNREADABLE_HOOK
from footprint.partners.calling import Caller, CallFailed
from footprint.partners.hook_signing import signed_headers
from footprint.partners.models import Connection, Delivery, Webhook, WebhookSecret
from footprint.partners.notices import tell_given_up
from footprint.partners.pact.events import VERSIONS
from footprint.partners.retrying import asked_wait, wait_after
from footprint.partners.sealing import unseal
from footprint.partners.waking import DELIVER_TASK, wake

HELD = timedelta(minutes=2)
"""How long a delivery belongs to whoever took it: longer than its calls can last."""
REST = timedelta(seconds=30)
"""Who has not answered is called for nothing else so long: a receiver that hangs would hold every worker."""
CLOUD_EVENT = "application/cloudevents+json; charset=UTF-8"
GONE = 410
LONGEST_ANSWER = 2000
MOST_LOGGED = 50
"""Attempts that are kept of one delivery: more than three days of growing waits have, replays included."""


@dataclass(frozen=True)
class Outcome:
    """What an attempt led to, and how long the other side wants not to be asked."""

    told: str
    arrived: bool = False
    wait: timedelta | None = None
    url: str = ""
    status: int = 0
    answer: str = ""


def _outcome(url: str, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    return Outcome(
        f"HTTP {status}",
        200 <= status < 300,
        asked_wait(headers, at=timezone.now()),
        url,
        status,
        body[:LONGEST_ANSWER].decode(errors="replace").replace("\0", ""),
    )


def deliver_due(*, now: datetime | None = None) -> int:
    """Everything whose time has come; how many were tried. A call holds no row and no transaction."""
    tried = 0
    while (delivery := _take(now or timezone.now())) is not None:
        began = time.monotonic()
        if delivery.connection is not None:
            outcome = _attempt(delivery, delivery.connection)
        else:
            outcome = _call_webhook(delivery)
        _note(delivery, outcome, at=now or timezone.now(), seconds=time.monotonic() - began)
        tried += 1
    return tried


def _take(at: datetime) -> Delivery | None:
    with acting_as(Actor.worker()):
        due = Delivery.objects.filter(state=Delivery.State.QUEUED, due_at__lte=at)
        silent = _unanswered(at)
        due = due.exclude(webhook__in=silent.filter(webhook__isnull=False).values("webhook"))
        due = due.exclude(connection__in=silent.filter(connection__isnull=False).values("connection"))
        locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("connection", "webhook")
        found = locked.order_by("due_at", "pk").first()
        if found is None:
            return None
        found.attempts += 1
        found.due_at = at + HELD
        found.log = [*found.log, _logged(Outcome(""), at, 0.0)][-MOST_LOGGED:]
        found.save(update_fields=["attempts", "due_at", "log"])
        return found


def _unanswered(at: datetime) -> QuerySet[Delivery]:
    """Those whose latest attempt began a short while ago, and has no answer yet or got none."""
    queued = Delivery.objects.filter(state=Delivery.State.QUEUED, attempts__gt=0, log__0__isnull=False)
    dated = queued.annotate(tried_at=Cast(KT("log__-1__at"), DateTimeField()))
    return dated.filter(**{"log__-1__status": 0, "tried_at__gt": at - REST})


def _attempt(delivery: Delivery, connection: Connection) -> Outcome:
    if not connection.is_active or not connection.can_be_called:
        return Outcome(ENDED)
    version = VERSIONS[json.loads(delivery.body)["type"]]  # a request may have come in the other one
    url = f"{connection.base_url}/{version}/events"
    try:
        reply = Caller(connection).ask("POST", url, body=delivery.body.encode(), content_type=CLOUD_EVENT)
    except CallFailed as error:
        return Outcome(str(error)[:200], wait=error.wait, url=url)
    return _outcome(url, reply.status, reply.headers, reply.body)


def _call_webhook(delivery: Delivery) -> Outcome:
    """Signed by every secret in use, anew at each attempt; a system that says it is gone is told no more."""
    hook = delivery.webhook
    assert hook is not None
    with acting_as(Actor.worker()):
        if not Webhook.objects.filter(pk=hook.pk, is_active=True).exists():
            return Outcome(SWITCHED_OFF)
        sealed = WebhookSecret.objects.filter(webhook=hook, revoked_at__isnull=True).order_by("-created_at")
        secrets = [secret for one in sealed if (secret := unseal(one.sealed))]
    if not secrets:
        return Outcome(UNREADABLE_HOOK)
    headers = signed_headers(delivery.event_id, delivery.body, secrets, at=timezone.now())
    try:
        answer = outgoing.call("POST", hook.url, body=delivery.body.encode(), headers=headers)
    except outgoing.Unreachable as error:
        return Outcome(error.code, url=hook.url)
    if answer.status == GONE:
        with acting_as(Actor.worker()):
            Webhook.objects.filter(pk=hook.pk).update(is_active=False, version=F("version") + 1)
    return _outcome(hook.url, answer.status, answer.headers, answer.body)


def _note(delivery: Delivery, outcome: Outcome, *, at: datetime, seconds: float) -> None:
    told = outcome.told
    with acting_as(Actor.worker()):
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.state != Delivery.State.QUEUED:
            return
        row.told = told
        row.log = [*row.log[:-1], _logged(outcome, at, seconds)]
        if outcome.arrived:
            row.state, row.delivered_at = Delivery.State.DELIVERED, at
        elif told in (ENDED, SWITCHED_OFF, f"HTTP {GONE}") or at >= row.gives_up_at:
            row.state = Delivery.State.DEAD
        else:
            wait = wait_after(row.attempts, outcome.wait if outcome.status else REST)
            row.due_at = min(at + wait, row.gives_up_at)
        row.save(update_fields=["told", "log", "state", "delivered_at", "due_at"])
        if row.state == Delivery.State.DEAD and told not in (ENDED, SWITCHED_OFF):
            tell_given_up(row, at=at)


def _logged(outcome: Outcome, at: datetime, seconds: float) -> dict[str, object]:
    return {
        "at": at.isoformat(),
        "url": outcome.url,
        "status": outcome.status,
        "told": outcome.told,
        "answer": outcome.answer,
        "seconds": round(seconds, 3),
    }


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
