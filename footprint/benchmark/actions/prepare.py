"""Prepare a release: freeze the cohort, take it through the gates, say what may be told or why nothing may.

Whoever asks may read neither contributions nor cohorts; the worker does it, as the role of benchmarks.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.moving import write_move
from accounts.policy import require
from accounts.roles import Permission
from accounts.visibility import BENCHMARK_ROLE, acting_as, narrowed_to
from footprint.benchmark.actions.define import require_old_enough
from footprint.benchmark.actions.earlier import Earlier, cohorts, earlier_releases, year_before
from footprint.benchmark.actions.latest import require_approved
from footprint.benchmark.actions.settle import apart_by_group, by_group
from footprint.benchmark.models import CohortMember, Contribution, Definition, Position, Release
from footprint.benchmark.procedure import RELEASE
from footprint.calculation.models import RecomputeMark
from footprint.engine.disclosure.decision import Decision, decide
from footprint.engine.disclosure.gates import Contributor, Gate, Outcome
from footprint.engine.disclosure.parts import decide_parts
from footprint.engine.disclosure.trend import decide_trend

logger = logging.getLogger(__name__)

PREPARE_TASK = "footprint.benchmark.prepare"
LOCK = 0x70D1
OLD_ENOUGH = Outcome(Gate.AGE, True)
"""Nothing is asked for that is not, so this gate stands open for all that comes to be prepared."""
RETIRED = "retired"
"""What stops a release that was asked for before its comparison was retired: nothing of it is frozen."""


def epoch_of(day: date) -> str:
    """The quarter a day lies in: 2026Q4."""
    return f"{day.year}Q{(day.month + 2) // 3}"


@transaction.atomic
def ask_for_release(definition: Definition, *, by: Actor, at: datetime) -> Release:
    """Have the worker prepare a release for the present epoch.

    Raises:
        NotAllowed; Refusal: not approved, not closed, or there is one of this epoch.
    """
    require(by, Permission.PREPARE_BENCHMARK)
    require_approved(definition)
    today = timezone.localdate(at)
    require_old_enough(definition.year, today)
    asked = Release(definition=definition, epoch=epoch_of(today), prepared_by_id=by.user_id)
    message = _("There is a release of this epoch already. The next one comes with the next quarter.")
    with checks.refusing({"benchmark_released_once_an_epoch": Refusal(message, code="released_already")}):
        asked.save(force_insert=True)
    transaction.on_commit(_wake, robust=True)
    return asked


def _wake() -> None:
    """Nothing depends on it: the clock makes good for a lost message."""
    current_app.send_task(PREPARE_TASK, ignore_result=True, retry=False)


def prepare_waiting() -> int:
    """Prepare every release that was asked for, once no figure is due; how many."""
    done = 0
    while _prepare_next():
        done += 1
    return done


def _prepare_next() -> bool:
    with acting_as(Actor.worker()):
        _one_at_a_time()
        waiting = Release.objects.filter(state=Release.State.ASKED)
        release = waiting.select_related("definition").order_by("pk").first()
        if release is None or RecomputeMark.objects.exists():
            return False
        if release.definition.state == Definition.State.APPROVED:
            prepare(release)
        else:
            _move(release, "block", blocked=RETIRED)
    return True


def _move(release: Release, name: str, **changes: Any) -> None:
    move = RELEASE.move(name)
    assert move is not None
    write_move(release, move, version=None, **changes)


def _one_at_a_time() -> None:
    """Two workers must not each clear a release that gives somebody away beside the other's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def prepare(release: Release) -> Decision:
    """Freeze, decide, write down; inside the worker's transaction."""
    with narrowed_to(BENCHMARK_ROLE):
        members = _frozen(release)
        cohort = by_group(members)
        earlier = earlier_releases(release)
        decision = decide(cohort, last=earlier.last, others=earlier.others)
        more = _beside(release, members, cohort, decision, earlier) if decision.is_open else Beside()
    changes: dict[str, Any] = {
        "figures": _as_text(decision.figures),
        "groups": decision.groups,
        "parts": _as_text(more.parts),
        "trend": more.trend,
        "outcomes": [
            {"gate": str(each.gate), "passed": each.passed, "on": each.on}
            for each in (OLD_ENOUGH, *decision.outcomes, *more.outcomes)
        ],
        "blocked": str(decision.blocked or ""),
    }
    _move(release, "clear" if decision.is_open else "block", **changes)
    if decision.is_open:
        Position.objects.bulk_create(
            Position(company_id=each.company_id, release=release, own=each.value, parts=each.parts)
            for each in members
        )
    return decision


@dataclass(frozen=True)
class Beside:
    """What is told beside the figures of a release, where that gives nobody away either."""

    parts: Mapping[str, Decimal] = field(default_factory=dict)
    trend: Mapping[str, str] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()


def _beside(
    release: Release,
    members: list[CohortMember],
    cohort: dict[int, Contributor],
    decision: Decision,
    earlier: Earlier,
) -> Beside:
    parts = decide_parts(cohort, apart_by_group(members), decision.figures["median"], earlier=earlier.apart)
    base = year_before(release)
    if base is None:
        return Beside(parts.figures, {}, parts.outcomes)
    now = {group: each.value for group, each in cohort.items()}
    before = cohorts([base.pk])[base.pk]
    trend = decide_trend(before, now, told=[*earlier.all, now])
    told = {
        "release": str(base.uuid), "year": str(base.definition.year),
        "before": str(trend.before), "now": str(trend.now), "groups": trend.groups,
    }  # fmt: skip
    return Beside(parts.figures, told if trend.blocked is None else {}, (*parts.outcomes, trend.outcome))


def _as_text(figures: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: str(figure) for name, figure in figures.items()}


def _frozen(release: Release) -> list[CohortMember]:
    """What each company gives, as the data stand now; it never changes again."""
    found = Contribution.objects.filter(definition_id=release.definition_id).order_by("company_id")
    return CohortMember.objects.bulk_create(
        CohortMember(
            release=release, company_id=each.company_id, group_id=each.group_id,
            value=each.value, volume=each.volume, parts=each.parts,
        )
        for each in found
    )  # fmt: skip
