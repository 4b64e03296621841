"""Add and change lines of unit processes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal, Stale
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory import lines, providers
from footprint.inventory.actions.rule_order import follow_rule
from footprint.inventory.models import Exchange, Inventory, UnitProcess

MAKING = frozenset({"direction", "kind", "product_id", "is_avoided"})
A_STATEMENT = 500
NAMES = {field.attname: field.name for field in Exchange._meta.concrete_fields}
Change = tuple[Exchange, int, Mapping[str, Any]]
"""A line as it shall be, the version it was changed from, and the columns that differ."""


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
        providers.check_still_made(stored)
    with checks.refusing(conflicts()):
        checks.write(exchange, version=version, changes=changed)
    return exchange


@transaction.atomic
def write_exchanges(inventory: Inventory, changes: Sequence[Change], *, by: Actor) -> None:
    """Write what ``lines.fill`` found in many lines of one inventory at once, each from its version.

    For changes on which no other line rests: everything but the columns in ``MAKING``.

    Raises:
        NotAllowed; Stale: somebody changed one of the lines meanwhile, or took it away.
    """
    require(by, Permission.EDIT_INVENTORY, company_id=inventory.company_id, site_id=inventory.site_id)
    wanted = {line.pk: version for line, version, _changed in changes}
    rows = Exchange.objects.filter(process__inventory=inventory, pk__in=wanted)
    if dict(rows.select_for_update(of=("self",)).values_list("pk", "version")) != wanted:
        raise Stale(_("Somebody else changed some of these lines meanwhile."))
    by_columns: dict[tuple[str, ...], list[Exchange]] = defaultdict(list)
    for line, version, changed in changes:
        line.version = version + 1
        by_columns[tuple(sorted(changed))].append(line)
    for columns, some in by_columns.items():
        if MAKING & set(columns):
            raise ValueError(f"other lines may rest on {columns}")
        fields = [NAMES[column] for column in (*columns, "version")]
        Exchange.objects.bulk_update(some, fields, batch_size=A_STATEMENT)
