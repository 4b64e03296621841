"""Add and change inventories: one site, one reference period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.checks import Findings
from accounts.errors import Refusal
from accounts.models import Site
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory.models import Inventory

FIELDS = ("period_start", "period_end", "title")
YEARS = (1990, 2100)


@transaction.atomic
def add_inventory(
    site: Site, *, by: Actor, period_start: date | str, period_end: date | str, title: str = ""
) -> Inventory:
    """An empty inventory of a site for a period, both days included.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    require(by, Permission.EDIT_INVENTORY, company_id=site.company_id, site_id=site.pk)
    inventory = Inventory(company_id=site.company_id, site=site)
    _fill(inventory, {"period_start": period_start, "period_end": period_end, "title": title})
    with checks.refusing(_conflicts()):
        inventory.save(force_insert=True)
    return inventory


@transaction.atomic
def change_inventory(inventory: Inventory, *, by: Actor, version: int | None, **changes: Any) -> Inventory:
    """Change the period or the title.

    Raises:
        NotAllowed, Refusal, Refusals, Stale.
    """
    require(by, Permission.EDIT_INVENTORY, company_id=inventory.company_id, site_id=inventory.site_id)
    changed = _fill(inventory, changes)
    with checks.refusing(_conflicts()):
        checks.write(inventory, version=version, changes=changed)
    return inventory


def _conflicts() -> dict[str, Refusal]:
    message = _("Another inventory of this site covers part of this period.")
    overlap = Refusal(message, field="period_start", code="overlapping_period")
    return {"inventory_periods_do_not_overlap": overlap}


def _fill(inventory: Inventory, given: Mapping[str, Any]) -> dict[str, Any]:
    checks.known(given, FIELDS)
    before = {field: getattr(inventory, field) for field in FIELDS}
    findings = Findings()
    for field in ("period_start", "period_end"):
        if field in given:
            with findings.collecting():
                setattr(inventory, field, day(given[field], field=field))
    if "title" in given:
        with findings.collecting():
            inventory.title = checks.name(given["title"], field="title", longest=200)
    findings.settle()
    _check_period(inventory)
    return {
        field: getattr(inventory, field) for field in FIELDS if getattr(inventory, field) != before[field]
    }


def day(given: object, *, field: str) -> date:
    """A calendar day, as a date or as 2024-12-31. Raises Refusal."""
    try:
        found = date.fromisoformat(given.strip()) if isinstance(given, str) else given
    except ValueError:
        found = None
    if not isinstance(found, date) or isinstance(found, datetime):
        raise Refusal(_("Enter a day like 2024-12-31."), field=field, code="not_a_day")
    if not YEARS[0] <= found.year <= YEARS[1]:
        message = _("The year must be between %(first)d and %(last)d.")
        raise Refusal(message % {"first": YEARS[0], "last": YEARS[1]}, field=field, code="absurd_period")
    return found


def _check_period(inventory: Inventory) -> None:
    if inventory.period_end < inventory.period_start:
        message = _("The period ends before it begins.")
        raise Refusal(message, field="period_end", code="reversed_period")
    others = Inventory.objects.filter(site_id=inventory.site_id).exclude(pk=inventory.pk)
    others = others.filter(period_start__lte=inventory.period_end, period_end__gte=inventory.period_start)
    if other := others.first():
        message = _("The inventory %(start)s to %(end)s of this site covers part of this period.")
        words = {"start": other.period_start, "end": other.period_end}
        raise Refusal(message % words, field="period_start", code="overlapping_period")
