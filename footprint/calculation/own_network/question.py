"""Which part of the own network is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from accounts.actor import Actor
from accounts.models import Company
from footprint.calculation.content import Column
from footprint.calculation.models import CalculationRun
from footprint.calculation.own_network import rows
from footprint.calculation.own_network.arrays import OwnNetwork
from footprint.calculation.own_network.assembly import assembled
from footprint.calculation.own_network.rows import Version
from footprint.inventory.models import Inventory, Product


def own_network(
    actor: Actor,
    *,
    company: Company | None = None,
    inventory: Inventory | None = None,
    product: Product | None = None,
    year: int | None = None,
    as_of_run: CalculationRun | None = None,
) -> OwnNetwork:
    """Own columns with a figure, and what they take; a fixed number of queries.

    All of them, or the upstream closure of those of an inventory, a product or a year. Of a product without
    a year: its latest. As of a run: as its figures were then. Empty for whoever owns none of it.
    """
    run_id = as_of_run.pk if as_of_run else None
    versions = rows.versions(actor, company=company, run_id=run_id)
    roots = _roots(versions.values(), inventory=inventory, product=product, year=year)
    kept = {column: versions[column] for column in _upstream(versions, roots)}
    return assembled(rows.read(actor, kept, run_id=run_id), roots, run_id)


def _roots(
    versions: Iterable[Version], *, inventory: Inventory | None, product: Product | None, year: int | None
) -> list[Column]:
    found = [
        version
        for version in versions
        if (inventory is None or version.inventory == inventory.pk)
        and (product is None or version.column[1] == product.pk)
    ]
    if product is not None and year is None:
        year = max((version.year for version in found), default=None)
    return sorted(version.column for version in found if year is None or version.year == year)


def _upstream(versions: Mapping[Column, Version], roots: Sequence[Column]) -> list[Column]:
    reached, queue = set(roots), list(roots)
    while queue:
        for supplier in versions[queue.pop()].suppliers():
            if supplier in versions and supplier not in reached:
                reached.add(supplier)
                queue.append(supplier)
    return sorted(reached)
