"""Settle comparisons: what each company would give to the next cohort follows the accepted data.

Nothing that was released moves with it. Source: the alliance's disclosure rules; a contributor is a company
group, whose companies are kept apart until a cohort is frozen.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from accounts.provinces import REGIONS
from accounts.visibility import BENCHMARK_ROLE, narrowed_to, rows
from footprint.benchmark.models import CohortMember, Contribution, Definition, Estimate
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing
from footprint.calculation.quantities import in_unit
from footprint.engine.disclosure.decision import Contributor
from footprint.engine.disclosure.statistics import harrell_davis

FIGURES = """
SELECT company_id, group_id, production, kg_co2e, unit, category_unit, product_unit, conversions,
  lhv_mj_per_unit
FROM benchmark_figure
WHERE category_id = %s AND year = %s AND profile_version_id = %s
  AND (%s = '' OR technology = %s) AND (%s = '' OR province = ANY (%s))
ORDER BY company_id, production, kg_co2e, unit
"""


@dataclass(frozen=True)
class Part:
    """What one company gives: kg CO2e per unit of the category, and how many units stand behind it."""

    company_id: int
    group_id: int
    value: float
    volume: float


def settle_definitions(definition_ids: list[int], gen: int) -> None:
    """Recompute these from the current figures, as a role that sees these and nothing else."""
    with narrowed_to(BENCHMARK_ROLE):
        for definition in Definition.objects.filter(pk__in=definition_ids).order_by("pk"):
            parts = parts_of(definition)
            _store_contributions(definition, parts)
            _store_estimate(definition, parts, gen)


def parts_of(definition: Definition) -> list[Part]:
    """By company the production-weighted mean of its columns that fall under the definition."""
    region = sorted(REGIONS.get(definition.region, ()))
    asked = [
        definition.category_id, definition.year, definition.profile_version_id,
        definition.technology, definition.technology, definition.region, region,
    ]  # fmt: skip
    sums: dict[tuple[int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for company, group, production, kg, *units in rows(FIGURES, asked):
        per_declared = _units_of_category(*units)
        if per_declared is not None:
            total = sums[company, group]
            total[0] += kg * production
            total[1] += production * per_declared
    return [
        Part(company, group, burden / made, made)
        for (company, group), (burden, made) in sums.items()
        if made > 0
    ]


def by_group(parts: Iterable[Part | Contribution | CohortMember]) -> dict[int, Contributor]:
    """Companies of one group as the one contributor they are."""
    sums: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for part in sorted(parts, key=lambda each: each.company_id):
        sums[part.group_id][0] += part.value * part.volume
        sums[part.group_id][1] += part.volume
    return {group: Contributor(burden / made, made) for group, (burden, made) in sorted(sums.items())}


def _units_of_category(
    unit: str, category_unit: str, product_unit: str, conversions: str, lhv_mj: Decimal | None
) -> float | None:
    """How many units of the category one declared unit of the product is; None when it cannot be said."""
    thing = Thing(product_unit, json.loads(conversions or "{}") or {}, lhv_mj)
    try:
        return float(in_unit(Decimal(1), unit, category_unit, thing))
    except Fault:
        return None


def _store_contributions(definition: Definition, parts: list[Part]) -> None:
    Contribution.objects.filter(definition=definition).delete()
    Contribution.objects.bulk_create(
        Contribution(
            definition=definition, company_id=part.company_id, group_id=part.group_id,
            value=part.value, volume=part.volume,
        )
        for part in parts
    )  # fmt: skip


def _store_estimate(definition: Definition, parts: list[Part], gen: int) -> None:
    values = [each.value for each in by_group(parts).values()]
    content = repr([(part.company_id, part.value, part.volume) for part in parts]).encode()
    Estimate.objects.update_or_create(
        definition=definition,
        defaults={
            "groups": len(values),
            "median": harrell_davis(values, 0.5) if values else None,
            "input_digest": hashlib.sha256(content).hexdigest(),
            "generation": gen,
            "computed_at": timezone.now(),
        },
    )
