"""Save, change and remove scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.analysis.levers import Lever, read
from footprint.analysis.models import Scenario
from footprint.inventory.models import Exchange, Product

LONGEST = 200
MOST = 200
"""Scenarios of one product."""
FIELDS = ("name", "levers")


@transaction.atomic
def save_scenario(product: Product, *, by: Actor, name: Any, year: int, levers: Any) -> Scenario:
    """Keep levers under a name, for one's own company.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.EDIT_PRODUCT, company_id=product.company_id)
    scenario = Scenario(
        company_id=product.company_id, product=product, year=year, created_by_id=by.user_id, levers=[]
    )
    _fill(scenario, {"name": name, "levers": levers}, by)
    if Scenario.objects.filter(product=product).count() >= MOST:
        message = _("%(most)d scenarios of this product are kept already. Delete some that nobody needs.")
        raise Refusal(message % {"most": MOST}, field="name", code="too_many")
    with checks.refusing(_conflicts()):
        scenario.save(force_insert=True)
    return scenario


@transaction.atomic
def change_scenario(scenario: Scenario, *, by: Actor, version: int | None, **changes: Any) -> Scenario:
    """Give it another name or other levers.

    Raises:
        NotAllowed, Refusal, Refusals, Stale.
    """
    require(by, Permission.EDIT_PRODUCT, company_id=scenario.company_id)
    changed = _fill(scenario, changes, by)
    with checks.refusing(_conflicts()):
        checks.write(scenario, version=version, changes=changed)
    return scenario


@transaction.atomic
def delete_scenario(scenario: Scenario, *, by: Actor, version: int | None) -> None:
    """Forget it. Nothing else hangs on a scenario.

    Raises:
        NotAllowed, Stale.
    """
    require(by, Permission.EDIT_PRODUCT, company_id=scenario.company_id)
    checks.write(scenario, version=version, changes={})
    scenario.delete()


def _fill(scenario: Scenario, given: dict[str, Any], by: Actor) -> dict[str, Any]:
    checks.known(given, FIELDS)
    findings = Findings()
    changed: dict[str, Any] = {}
    if "name" in given:
        with findings.collecting():
            changed["name"] = checks.name(given["name"], field="name", longest=LONGEST, required=True)
    findings.settle()
    if "levers" in given:
        changed["levers"] = [lever.record() for lever in _telling(read(given["levers"]), by)]
    for name, value in changed.items():
        setattr(scenario, name, value)
    return changed


def _telling(levers: Sequence[Lever], by: Actor) -> list[Lever]:
    """The levers that change something, on lines that are there."""
    told = [lever for lever in levers if lever.changes_something]
    if not told:
        message = _("A scenario needs at least one line that changes.")
        raise Refusal(message, field="levers", code="required")
    asked = [lever.exchange for lever in told]
    known = set(Exchange.objects.visible_to(by).filter(uuid__in=asked).values_list("uuid", flat=True))
    for row, lever in enumerate(told, start=1):
        if lever.exchange not in known:
            message = _("There is no such line, or it is not yours to see.")
            refusal = Refusal(message, field="exchange", row=row, code="not_found")
            refusal.listed = "levers"
            raise refusal
    return told


def _conflicts() -> dict[str, Refusal]:
    taken = _("Another scenario of this product has this name already.")
    return {"scenario_name_once_per_product": Refusal(taken, field="name", code="duplicate_name")}
