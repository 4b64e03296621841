"""Settle comparisons: what each company would give to the next cohort follows the accepted data.

Nothing that was released moves with it. Source: the alliance's disclosure rules; a contributor is a company
group, whose companies are kept apart until a cohort is frozen.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from accounts.provinces import REGIONS
from accounts.visibility import BENCHMARK_ROLE, narrowed_to, rows
from footprint.benchmark.models import CohortMember, Contribution, Definition, Estimate
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing
from footprint.calculation.quantities import in_unit
from footprint.engine.disclosure.gates import Contributor
from footprint.engine.disclosure.statistics import harrell_davis

FIGURES = "SELECT * FROM benchmark_figures(%s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class Part:
    """What one company gives: kg CO2e per unit of the category, and how many units stand behind it.

    ``parts`` are of the value; none where one of its figures was not taken apart.
    """

    company_id: int
    group_id: int
    value: float
    volume: float
    parts: Mapping[str, float] = field(default_factory=dict)


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
        definition.technology, region,
    ]  # fmt: skip
    columns: dict[tuple[int, int], list[_Column]] = defaultdict(list)
    for company, group, production, kg, *units, causes in rows(FIGURES, asked):
        per_declared = _units_of_category(*units)
        if per_declared is not None:
            made = production * per_declared
            taken_apart = {name: each * production for name, each in json.loads(causes).items()}
            columns[company, group].append(_Column(kg * production, made, taken_apart))
    return [
        Part(company, group, sum(each.burden for each in found) / made, made, _together(found, made))
        for (company, group), found in columns.items()
        for made in [sum(each.made for each in found)]
        if made > 0
    ]


@dataclass(frozen=True)
class _Column:
    """One column in its period: kg CO2e, units of the category, and what the burden is made of."""

    burden: float
    made: float
    parts: Mapping[str, float]


def _together(columns: Sequence[_Column], made: float) -> dict[str, float]:
    """Parts that every column has, per unit: without one of them they would not sum to the value."""
    names = set(columns[0].parts).intersection(*(each.parts for each in columns))
    return {name: sum(each.parts[name] for each in columns) / made for name in sorted(names)}


def by_group(parts: Iterable[Part | Contribution | CohortMember]) -> dict[int, Contributor]:
    """Companies of one group as the one contributor they are."""
    sums: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for part in sorted(parts, key=lambda each: each.company_id):
        sums[part.group_id][0] += part.value * part.volume
        sums[part.group_id][1] += part.volume
    return {group: Contributor(burden / made, made) for group, (burden, made) in sorted(sums.items())}


def apart_by_group(parts: Iterable[Part | CohortMember]) -> dict[int, dict[str, float]]:
    """What the value of each contributor is made of, as its companies' parts by volume."""
    found: dict[int, list[_Column]] = defaultdict(list)
    for part in sorted(parts, key=lambda each: each.company_id):
        taken_apart = {name: each * part.volume for name, each in part.parts.items()}
        found[part.group_id].append(_Column(part.value * part.volume, part.volume, taken_apart))
    return {
        group: _together(companies, sum(each.made for each in companies))
        for group, companies in sorted(found.items())
    }


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
            value=part.value, volume=part.volume, parts=part.parts,
        )
        for part in parts
    )  # fmt: skip


def _store_estimate(definition: Definition, parts: list[Part], gen: int) -> None:
    values = [each.value for each in by_group(parts).values()]
    content = repr([(each.company_id, each.value, each.volume, each.parts) for each in parts]).encode()
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
