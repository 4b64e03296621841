"""Bring in an openLCA package as the inventory of one site for one period: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from accounts.models import Company, Site
from accounts.policy import require
from accounts.roles import Permission
from accounts.visibility import acting_as
from factors.models import GreenhouseGas
from footprint.calculation import ledger
from footprint.exchange.actions.replacing import empty
from footprint.exchange.actions.storing import store
from footprint.exchange.confined.problems import Problem, Unreadable
from footprint.exchange.openlca.confined_reading import read_confined
from footprint.exchange.openlca.plan import Plan, plan
from footprint.exchange.openlca.sentences import refusal
from footprint.inventory.actions import add_inventory
from footprint.inventory.models import Inventory

SITE_CODE = "openlca"
Progress = Callable[[str, int, int], None]


class Period(NamedTuple):
    """The reference period, both days included."""

    start: date
    end: date


@dataclass(frozen=True)
class Imported:
    """What was stored, and what to tell about it."""

    inventory: Inventory
    summary: dict[str, int]
    findings: list[dict[str, Any]]


def last_full_year(today: date) -> Period:
    """What is meant when nobody says: the validity dates of packages are no reference periods."""
    return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


def import_openlca(
    *,
    by: Actor,
    company: Company,
    content: bytes,
    period: Period,
    site: Site | None = None,
    replace: bool = False,
    title: str = "",
    progress: Progress = lambda stage, done, every: None,
    finish: Callable[[Imported], None] = lambda imported: None,
) -> Imported:
    """Store the package in one transaction, ``finish`` included; without a site in one made for imports.

    Raises:
        NotAllowed: the permission to import is missing.
        Refusals: what is wrong with the package; each names its file (row) and field.
        Refusal: the period is taken.
    """
    require(by, Permission.IMPORT_INVENTORY, company_id=company.pk)
    try:
        package = read_confined(content, lambda done, every: progress("reading", done, every))
        planned = plan(package, _gases())
    except Unreadable as unreadable:
        raise _refusals(unreadable.problems) from unreadable
    with acting_as(by):
        inventory = _inventory(by, company, site, period, replace=replace, title=title)
        try:
            store(
                inventory,
                planned,
                takes_over=replace,
                progress=lambda done, every: progress("storing", done, every),
            )
        except Unreadable as unreadable:
            raise _refusals(unreadable.problems) from unreadable
        imported = Imported(inventory, _summary(planned), [asdict(found) for found in planned.findings])
        finish(imported)
        ledger.wake()
    return imported


def _gases() -> dict[str, str]:
    """Names in lower case, to the code of the gas."""
    found: dict[str, str] = {}
    for code, name_zh, name_en, aliases in GreenhouseGas.objects.order_by("code").values_list(
        "code", "name_zh", "name_en", "aliases"
    ):
        for name in (code, name_zh, name_en, *aliases):
            found.setdefault(name.casefold(), code)
    return found


def _inventory(
    by: Actor, company: Company, site: Site | None, period: Period, *, replace: bool, title: str
) -> Inventory:
    """A new inventory, or the one of the very same period emptied when it is to be replaced."""
    if site is None:
        site, _created = Site.objects.get_or_create(
            company=company, code=SITE_CODE, defaults={"name_zh": "openLCA 导入", "name_en": "openLCA import"}
        )
    same = Inventory.objects.visible_to(by).filter(
        site=site, period_start=period.start, period_end=period.end
    )
    present = same.select_for_update().first()
    if present is not None and not replace:
        message = _("The site %(site)s has an inventory for %(start)s to %(end)s; choose to replace it.")
        words = {"site": site.code, "start": period.start, "end": period.end}
        raise Refusal(message % words, field="period_start", code="overlapping_period")
    if present is None:
        return add_inventory(site, by=by, period_start=period.start, period_end=period.end, title=title[:200])
    empty(present)
    return present


def _summary(planned: Plan) -> dict[str, int]:
    kinds = [found.kind for found in planned.findings]
    outputs = {(line.process, line.flow) for line in planned.lines if line.makes_a_column}
    return {
        "processes": len(planned.processes),
        "columns": len(outputs),
        "products": len(planned.products),
        "exchanges": len(planned.lines),
        "cut_offs": kinds.count("cut_off"),
        "unlinked_wastes": kinds.count("unlinked_waste"),
        "replaced_providers": kinds.count("provider_replaced"),
        "unused_allocations": kinds.count("allocation_unused"),
        "notes": kinds.count("note"),
        "uncharacterised_flows": planned.uncharacterised,
    }


def _refusals(problems: list[Problem]) -> Refusals:
    return Refusals([refusal(problem) for problem in problems])
