"""Say which co-products are heat and which are power, and let them share by what both are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal, Refusals
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory import lines
from footprint.inventory.actions.process import change_process, check_method
from footprint.inventory.models import Exchange, UnitProcess


@dataclass(frozen=True)
class Carried:
    """What is said of one co-product: heat or power, and what it is measured by. Texts as entered."""

    line: Exchange
    carrier: Any
    reference_efficiency: Any = None
    heat_celsius: Any = None


@transaction.atomic
def set_cogeneration(
    process: UnitProcess,
    *,
    by: Actor,
    version: int | None,
    method: str,
    ambient_celsius: Any = None,
    carriers: Sequence[Carried],
) -> UnitProcess:
    """Record roles, efficiencies and temperatures, and put a method of cogeneration in force.

    Raises:
        NotAllowed, Refusal, Refusals, Stale.
    """
    site_id = process.inventory.site_id
    require(by, Permission.EDIT_INVENTORY, company_id=process.company_id, site_id=site_id)
    findings = Findings()
    changes = [_read(each, number, by, findings) for number, each in enumerate(carriers, start=1)]
    findings.settle()
    for each, changed in zip(carriers, changes, strict=True):
        if changed:
            own = Exchange.objects.filter(pk=each.line.pk, process=process)
            own.update(**changed, version=F("version") + 1)
    given = {"allocation_method": method, "ambient_celsius": ambient_celsius}
    done = change_process(process, by=by, version=version, **given)
    check_method(done)
    return done


def _read(said: Carried, number: int, by: Actor, findings: Findings) -> dict[str, Any]:
    """What differs from before; a refusal names the input of its line."""
    given = {
        "carrier": said.carrier,
        "reference_efficiency": said.reference_efficiency,
        "heat_celsius": said.heat_celsius,
    }
    try:
        return lines.fill(said.line, given, by=by)
    except Refusal as refusal:
        found = [refusal]
    except Refusals as refusals:
        found = refusals.refusals
    for each in found:
        findings.add(str(each.message), field=f"{each.field}_{number}", code=each.code)
    return {}
