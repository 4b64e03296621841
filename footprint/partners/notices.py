"""Whom to tell that a partner's endpoint was tried, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Kind, Notification
from accounts.notices import Told, notify
from footprint.partners.models import ConformanceRun
from footprint.partners.queries import conformance_runs


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


def told_of_runs(actor: Actor, rows: Sequence[Notification]) -> Mapping[int, Told]:
    """What the cases say together, and how many ended how."""
    things = [row.subject_uuid for row in rows]
    found = {each.uuid: each for each in conformance_runs(actor).filter(uuid__in=things)}
    return {
        row.pk: Told(
            f"{_('Conformance')} · {run.connection.name}",
            _words(run),
            reverse("partners:conformance_run", args=[run.connection.uuid, run.uuid]),
        )
        for row in rows
        if (run := found.get(row.subject_uuid)) is not None
    }


def _words(run: ConformanceRun) -> str:
    ended = run.get_verdict_display() or run.get_state_display()
    numbers = {"passed": run.passed, "failed": run.failed, "skipped": run.skipped}
    cases = _("Cases: %(passed)d passed, %(failed)d failed, %(skipped)d not tried") % numbers
    return f"{ended} · {cases}"
