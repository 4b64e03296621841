"""Settle benchmark cells: the inner estimate follows the data, the release follows only real movement.

Source: the alliance's disclosure rules. A contributor is a company group; fewer than five show nothing; a
released figure changes only when at least three groups changed since, so that nobody reads one member's edit
off the difference of two releases.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from decimal import Decimal

from django.utils import timezone

from accounts.visibility import BENCHMARK_ROLE, narrowed_to, rows
from footprint.benchmark.models import Cell, Contribution, Estimate, Release
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing
from footprint.calculation.quantities import in_unit
from footprint.engine.disclosure import harrell_davis, release_policy, significant

GROUPS_CHANGED_BEFORE_RELEASE = 3
FIGURES = """
SELECT group_id, production, kg_co2e_ar6, unit, category_unit, product_unit, conversions, lhv_mj_per_unit
FROM benchmark_figure WHERE category_id = %s AND year = %s ORDER BY group_id, production, kg_co2e_ar6, unit
"""


def settle_cells(cell_ids: list[int], gen: int) -> None:
    """Recompute these cells from the current figures, as a role that sees these and nothing else."""
    with narrowed_to(BENCHMARK_ROLE):
        for cell in Cell.objects.filter(pk__in=cell_ids).order_by("pk"):
            values = group_values(cell)
            _store_contributions(cell, values)
            _store_estimate(cell, values, gen)
            _release_if_moved(cell, values)


def group_values(cell: Cell) -> dict[int, float]:
    """kg CO2e per unit of the category by company group: the production-weighted mean of its columns."""
    sums: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for group, production, kg, *units in rows(FIGURES, [cell.category_id, cell.year]):
        per_declared = _units_of_category(*units)
        if per_declared is None or kg is None:
            continue
        total = sums[group]
        total[0] += kg * production
        total[1] += production * per_declared
    return {group: burden / made for group, (burden, made) in sums.items() if made > 0}


def _units_of_category(
    unit: str, category_unit: str, product_unit: str, conversions: str, lhv_mj: Decimal | None
) -> float | None:
    """How many units of the category one declared unit of the product is; None when it cannot be said."""
    thing = Thing(product_unit, json.loads(conversions or "{}") or {}, lhv_mj)
    try:
        return float(in_unit(Decimal(1), unit, category_unit, thing))
    except Fault:
        return None


def _store_contributions(cell: Cell, values: dict[int, float]) -> None:
    Contribution.objects.bulk_create(
        [Contribution(cell=cell, group_id=group, value=value) for group, value in values.items()],
        update_conflicts=True,
        unique_fields=["cell", "group"],
        update_fields=["value"],
    )
    Contribution.objects.filter(cell=cell).exclude(group_id__in=values).update(value=None)


def _store_estimate(cell: Cell, values: dict[int, float], gen: int) -> None:
    content = repr(sorted(values.items())).encode()
    Estimate.objects.update_or_create(
        cell=cell,
        defaults={
            "groups": len(values),
            "median": harrell_davis(list(values.values()), 0.5) if values else None,
            "input_digest": hashlib.sha256(content).hexdigest(),
            "generation": gen,
            "computed_at": timezone.now(),
        },
    )


def _release_if_moved(cell: Cell, values: dict[int, float]) -> None:
    policy = release_policy(len(values))
    if not policy.released:
        Release.objects.filter(cell=cell).delete()
        Contribution.objects.filter(cell=cell).update(released_value=None)
        return
    contributions = list(Contribution.objects.filter(cell=cell))
    changed = sum(1 for c in contributions if c.value != c.released_value)
    if Release.objects.filter(cell=cell).exists() and changed < GROUPS_CHANGED_BEFORE_RELEASE:
        return
    median = harrell_davis(list(values.values()), 0.5)
    Release.objects.update_or_create(
        cell=cell,
        defaults={
            "median": float(significant(median, policy.significant_digits)),
            "size": policy.groups_shown,
            "released_at": timezone.now(),
        },
    )
    for contribution in contributions:
        contribution.released_value = contribution.value
    Contribution.objects.bulk_update(contributions, ["released_value"])
