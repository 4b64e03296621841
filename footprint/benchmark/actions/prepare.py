"""Prepare a release: freeze the cohort, take it through the gates, say what may be told or why nothing may.

Whoever asks may read neither contributions nor cohorts; the worker does it, as the role of benchmarks.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
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
from footprint.benchmark.actions.settle import by_group
from footprint.benchmark.models import CohortMember, Contribution, Definition, Position, Release
from footprint.benchmark.procedure import RELEASE
from footprint.calculation.models import RecomputeMark
from footprint.engine.disclosure.decision import Decision, decide

logger = logging.getLogger(__name__)

PREPARE_TASK = "footprint.benchmark.prepare"
LOCK = 0x70D1
Cohort = dict[int, float]


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
    if definition.state != Definition.State.APPROVED:
        message = _("Only an approved comparison is released. Have it approved first.")
        raise Refusal(message, code="not_approved")
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
        release = waiting.order_by("pk").first()
        if release is None or RecomputeMark.objects.exists():
            return False
        prepare(release)
    return True


def _one_at_a_time() -> None:
    """Two workers must not each clear a release that gives somebody away beside the other's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def prepare(release: Release) -> Decision:
    """Freeze, decide, write down; inside the worker's transaction."""
    with narrowed_to(BENCHMARK_ROLE):
        members = _frozen(release)
        cohort = by_group(members)
        last, others = _earlier(release)
        decision = decide(cohort, last=last, others=others)
    changes: dict[str, Any] = {
        "figures": {name: str(figure) for name, figure in decision.figures.items()},
        "groups": decision.groups,
        "outcomes": [
            {"gate": str(each.gate), "passed": each.passed, "on": each.on} for each in decision.outcomes
        ],
        "blocked": str(decision.blocked or ""),
    }
    move = RELEASE.move("clear" if decision.is_open else "block")
    assert move is not None
    write_move(release, move, version=None, **changes)
    if decision.is_open:
        Position.objects.bulk_create(
            Position(company_id=each.company_id, release=release, own=each.value) for each in members
        )
    return decision


def _frozen(release: Release) -> list[CohortMember]:
    """What each company gives, as the data stand now; it never changes again."""
    found = Contribution.objects.filter(definition_id=release.definition_id).order_by("company_id")
    return CohortMember.objects.bulk_create(
        CohortMember(
            release=release, company_id=each.company_id, group_id=each.group_id,
            value=each.value, volume=each.volume,
        )
        for each in found
    )  # fmt: skip


def _earlier(release: Release) -> tuple[Cohort | None, list[Cohort]]:
    """The cohort of the comparison's last release; those of all that could be subtracted from this one.

    Whatever ever had figures counts, released or not: those who sign have seen them.
    """
    definition = release.definition
    told = Release.objects.filter(definition__category_id=definition.category_id).exclude(groups="")
    told = told.exclude(pk=release.pk)
    released = told.filter(definition=definition, state=Release.State.RELEASED)
    own = released.order_by("-number").values_list("pk", flat=True).first()
    cohorts = _cohorts(told.values_list("pk", flat=True))
    return cohorts.pop(own, None) if own else None, list(cohorts.values())


def _cohorts(releases: Iterable[int]) -> dict[int, Cohort]:
    members: dict[int, list[CohortMember]] = defaultdict(list)
    for each in CohortMember.objects.filter(release__in=list(releases)).order_by("company_id"):
        members[each.release_id].append(each)
    return {
        release: {group: each.value for group, each in by_group(found).items()}
        for release, found in members.items()
    }
