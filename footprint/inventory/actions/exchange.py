"""Add and change lines of unit processes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory import lines, providers
from footprint.inventory.actions.rule_order import follow_rule
from footprint.inventory.models import Exchange, UnitProcess
from footprint.inventory.supply import check_still_made

MAKING = frozenset({"direction", "kind", "product_id", "is_avoided"})
"""Columns on which other lines may rest."""


def _gate(process: UnitProcess, by: Actor) -> None:
    site_id = process.inventory.site_id
    require(by, Permission.EDIT_INVENTORY, company_id=process.company_id, site_id=site_id)


def conflicts() -> dict[str, Refusal]:
    """What the database finds taken."""
    message = _("Another line of this company has this external key already.")
    return {
        "exchange_external_id_in_company": Refusal(message, field="external_id", code="duplicate_identifier")
    }


@transaction.atomic
def add_exchange(process: UnitProcess, *, by: Actor, **line: Any) -> Exchange:
    """A further line: direction, kind, amount, unit and whatever else ``lines.FIELDS`` names.

    ``product`` and the providers are rows or their public identifiers. A second product brings in the method
    that the product category rule in force orders.

    Raises:
        NotAllowed, Refusal, Refusals.
    """
    _gate(process, by)
    exchange = Exchange(company_id=process.company_id, process=process)
    lines.fill(exchange, line, by=by)
    last = Exchange.objects.filter(process=process).aggregate(last=Max("position"))["last"]
    exchange.position = 0 if last is None else last + 1
    with checks.refusing(conflicts()):
        exchange.save(force_insert=True)
    if providers.makes(exchange):
        follow_rule(process, by=by)
    return exchange


@transaction.atomic
def change_exchange(exchange: Exchange, *, by: Actor, version: int | None, **changes: Any) -> Exchange:
    """Change a line; ``version`` is the one the person saw, None to overwrite whatever is there.

    Raises:
        NotAllowed, Refusal, Refusals, Stale.
    """
    _gate(exchange.process, by)
    stored = Exchange.objects.select_related("product").get(pk=exchange.pk)
    changed = lines.fill(exchange, changes, by=by)
    if MAKING & set(changed):
        check_still_made(stored)
    with checks.refusing(conflicts()):
        checks.write(exchange, version=version, changes=changed)
    return exchange
