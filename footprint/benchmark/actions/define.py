"""Propose a comparison, and decide on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.moving import checked, write_move
from accounts.policy import require
from accounts.roles import Permission
from footprint.benchmark.actions.foresight import require_enough_makers
from footprint.benchmark.models import Definition, Region
from footprint.benchmark.procedure import DEFINITION
from footprint.calculation import ledger
from footprint.rules.models import MethodProfileVersion, ProductCategory
from footprint.rules.models.profile import Boundary

LONGEST = 2000
MONTHS_OF_AGE = 3
"""How old the youngest data have to be; source: common baseline of competition practice."""


@transaction.atomic
def propose_definition(
    *,
    by: Actor,
    at: datetime,
    category: ProductCategory,
    profile_version: MethodProfileVersion,
    year: int,
    purpose: str,
    necessity: str,
    technology: str = "",
    region: str = "",
    boundary: str = "",
) -> Definition:
    """A comparison that somebody else has to approve; ``boundary`` empty: that of the profile.

    Raises:
        NotAllowed; Refusal, Refusals: a year that is not closed, another boundary than the profile's, no
        purpose or necessity, one like it exists, or it could only single a company group out.
    """
    require(by, Permission.PREPARE_BENCHMARK)
    findings = checks.Findings()
    made = Definition(
        category=category, profile_version=profile_version, year=year, proposed_by_id=by.user_id
    )
    with findings.collecting():
        made.region = checks.choice(region, Region.values, field="region")
    with findings.collecting():
        made.technology = checks.text(technology, field="technology", longest=200)
    with findings.collecting():
        made.purpose = checks.text(purpose, field="purpose", longest=LONGEST, required=True)
    with findings.collecting():
        made.necessity = checks.text(necessity, field="necessity", longest=LONGEST, required=True)
    with findings.collecting():
        made.boundary = _one_method(boundary, profile_version)
    with findings.collecting():
        require_old_enough(year, timezone.localdate(at))
    findings.settle()
    require_enough_makers(made)
    message = _("A comparison like this exists already. Look at that one.")
    with checks.refusing({"benchmark_defined_once": Refusal(message, code="defined_already")}):
        made.save(force_insert=True)
    ledger.wake()
    return made


@transaction.atomic
def move_definition(
    definition: Definition,
    move: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Definition:
    """Approve, reject or retire.

    Raises:
        NotAllowed: another role, or whoever proposed it; Refusal; Stale.
    """
    said = checks.text(reason, field="reason", longest=LONGEST)
    deeds = {"propose": [definition.proposed_by_id]}
    chosen = checked(DEFINITION, move, definition, by=by, deeds=deeds, reason=said)
    changes: dict[str, Any] = {"reason": said}
    if move != "retire":
        changes |= {"decided_by": by.user_id, "decided_at": at}
    write_move(definition, chosen, version=version, **changes)
    ledger.wake()
    return definition


def require_old_enough(year: int, today: date) -> None:
    """Pass once the year is closed and its data are some months old. Raises Refusal."""
    if today < date(year + 1, 1 + MONTHS_OF_AGE, 1):
        message = _(
            "The year %(year)d is not closed for long enough: figures of competitors are compared from "
            "1 April of the following year on. Choose an earlier year."
        )
        raise Refusal(message % {"year": year}, field="year", code="year_not_closed")


def _one_method(boundary: str, profile_version: MethodProfileVersion) -> str:
    """The boundary the profile calculates by, left empty or said again: methods are never mixed."""
    own = Boundary(profile_version.boundary)
    chosen = checks.choice(boundary or own.value, Boundary.values, field="boundary")
    if chosen != own:
        message = _(
            "This method profile has another system boundary, so figures would be mixed that cannot be "
            "compared. Choose the boundary of the profile (%(boundary)s), or another profile."
        )
        raise Refusal(message % {"boundary": own.label}, field="boundary", code="mixed_methods")
    return chosen
