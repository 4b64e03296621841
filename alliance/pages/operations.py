"""How the platform stands, for the system administrator: that things are, never what they are."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Protocol

import django
from celery import current_app
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import audit, audit_queries
from accounts.asked import AskedRequest
from alliance.health import examine
from alliance.observing import readings
from alliance.runtime.vault import Copy
from footprint.calculation import ledger
from footprint.calculation.models import RecomputeFailure
from footprint.engine import ENGINE_VERSION

SHOWN = 50
LATE_MARK = timedelta(minutes=1)
LATE_DELIVERY = timedelta(minutes=15)
LATE_CHECKPOINT = timedelta(hours=2)
LATE_BACKUP = timedelta(hours=36)
LATE_REHEARSAL = timedelta(days=8)
LITTLE_DISK = 0.1


class Page(Protocol):
    """A view for somebody who is known."""

    def __call__(self, request: AskedRequest) -> HttpResponse:
        """The answer."""


@dataclass(frozen=True)
class Reading:
    """One line: what, how it is, and whether somebody should look after it."""

    label: str
    value: str | int | datetime | None
    is_well: bool = True

    @property
    def is_time(self) -> bool:
        """Whether it is shown as a time."""
        return isinstance(self.value, datetime)


def for_watchers(page: Page) -> Page:
    """Only those who keep the platform running."""

    @wraps(page)
    def gated(request: AskedRequest) -> HttpResponse:
        if not request.actor.watches:
            raise PermissionDenied
        return page(request)

    return gated


@login_required
@require_GET
@for_watchers
def operations(request: AskedRequest) -> HttpResponse:
    """The page."""
    now, copies = readings.ledger(), readings.backups()
    broken = RecomputeFailure.objects.order_by("-attempts", "kind", "key")
    context: dict[str, Any] = {
        "trail": [(_("Home"), "/"), (_("Operations"), "")],
        "parts": _parts(),
        "ledger": _ledger(now),
        "broken": [(one, one.last_error.partition(":")[0]) for one in broken[:SHOWN]],
        "quarantined": now.quarantined,
        "exchange": [one for each in readings.deliveries() for one in _deliveries(each)],
        "safety": _safety(request, copies[0] if copies else None),
        "copies": copies[:7],
        "versions": _versions(),
    }
    return render(request, "alliance/operations.html", context)


@login_required
@require_POST
@for_watchers
def retry(request: AskedRequest) -> HttpResponse:
    """Give what is in quarantine another chance; the worker does it, for the web may not."""
    if readings.queue_length() is None:
        messages.error(
            request, _("The broker is away, so no worker can be told. Use manage.py recompute --retry.")
        )
        return redirect("operations")
    audit.record(request.actor, audit.Action.RETRIED, RecomputeFailure._meta.db_table)
    transaction.on_commit(
        lambda: current_app.send_task(ledger.RETRY_TASK, ignore_result=True, retry=False), robust=True
    )
    messages.success(request, _("The workers try again now. What breaks once more comes back here."))
    return redirect("operations")


def _parts() -> list[Reading]:
    names = {"database": _("Database"), "broker": _("Broker"), "worker": _("Worker")}
    found = [
        Reading(names[part], _("Answers") if state == "ok" else state, state == "ok")
        for part, state in examine().items()
    ]
    length = readings.queue_length()
    free = readings.free_share()
    return [
        *found,
        Reading(
            _("Tasks in the queue"), length if length is not None else _("Not known"), length is not None
        ),
        Reading(_("Free disk"), f"{free:.0%}", free > LITTLE_DISK),
    ]


def _ledger(now: readings.Ledger) -> list[Reading]:
    late = now.oldest is not None and timezone.now() - now.oldest > LATE_MARK
    words = {
        "current": _("Footprints: current"),
        "pending": _("Footprints: being recomputed"),
        "failed": _("Footprints: failed"),
    }
    return [
        Reading(_("Waiting for recomputation"), sum(now.waiting.values())),
        Reading(_("Oldest mark"), now.oldest, not late),
        Reading(_("Broken, tried again by itself"), now.backing_off),
        Reading(_("In quarantine"), now.quarantined, not now.quarantined),
        *(Reading(words[state], number) for state, number in readings.freshness().items()),
    ]


def _deliveries(found: readings.Deliveries) -> list[Reading]:
    """Nobody's fault that a partner is away; that nobody tries is one of ours."""
    late = found.due is not None and timezone.now() - found.due > LATE_DELIVERY
    if found.receiver == "partner":
        labels = _("To partners: waiting"), _("To partners: oldest"), _("To partners: given up")
    else:
        labels = _("To webhooks: waiting"), _("To webhooks: oldest"), _("To webhooks: given up")
    return [
        Reading(labels[0], found.queued, not late),
        Reading(labels[1], found.oldest),
        Reading(labels[2], found.dead),
    ]


def _safety(request: AskedRequest, newest: Copy | None) -> list[Reading]:
    parts = audit_queries.latest_parts(request.actor)
    unsound = sum(not part.is_sound for part in parts.values())
    log = readings.archive()
    signed = readings.checkpoint_at()
    backed_up = newest.ended_at if newest else None
    rehearsed = settings.VAULT.rehearsed_at()
    found = [
        Reading(_("Last backup"), backed_up, _is_fresh(backed_up, LATE_BACKUP)),
        Reading(_("Last restore that was rehearsed"), rehearsed, _is_fresh(rehearsed, LATE_REHEARSAL)),
        Reading(_("Last checkpoint of the audit log"), signed, _is_fresh(signed, LATE_CHECKPOINT)),
        Reading(_("Chains that do not verify"), unsound, not unsound),
    ]
    if log.is_on:
        found.append(Reading(_("Write-ahead log archived"), log.last_at, not log.is_failing))
    return found


def _is_fresh(at: datetime | None, within: timedelta) -> bool:
    return at is not None and timezone.now() - at < within


def _versions() -> list[tuple[str, str]]:
    return [
        (_("Calculation engine"), ENGINE_VERSION),
        ("PostgreSQL", readings.server_version()),
        ("Django", django.get_version()),
        ("Python", platform.python_version()),
    ]
