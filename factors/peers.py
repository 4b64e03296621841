"""Other figures for the same flow: what a figure is compared with, and where it lies among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from factors import queries, units
from factors.comparability import Side
from factors.content import Emission, VersionContent
from factors.models import Factor, FactorVersion
from factors.models.source import Transcription
from factors.origins import CO2E

ENOUGH = 5
MOST = 500
LATEST = "AR6"


@dataclass(frozen=True)
class Peer:
    """A published version and its figure, per the unit asked about."""

    version: FactorVersion
    value: Decimal


@dataclass(frozen=True)
class Flow:
    """What two figures must share to be peers; the other fields only widen or narrow the group."""

    factor: Factor
    scope: str
    boundary: str
    geography: str
    technology: str = ""


def peers(
    actor: Actor,
    flow: Flow,
    *,
    gwp_set: str | None = None,
    without: int | None = None,
    of_goods: bool = False,
) -> tuple[str, list[Peer]]:
    """Published figures for the same flow, and how the group was drawn.

    First versions of the same factor; where those are few, factors of the same substance or product code;
    where those are few, too, with them everything in the same table that is counted in the same unit.

    Totals published with another GWP set than ``gwp_set`` are no peers: they count otherwise. ``of_goods``:
    a material with a code stands among the same alone, for hydrogen says nothing of urea; a slip of units
    shows among all of the table.
    """
    groups, found = _groups(flow), list[Peer]()
    if of_goods and flow.factor.kind == Factor.Kind.MATERIAL and any(name == "code" for name, _ in groups):
        groups.pop()
    for name, group in groups:
        rows = _rows(actor, flow, group, without)
        found = figures(actor, rows, flow.factor.unit, gwp_set)
        if len(found) >= ENOUGH:
            return name, found
    return groups[-1][0], found


def neighbours(actor: Actor, flow: Flow) -> list[FactorVersion]:
    """Published figures for the same flow, comparable or not: of the widest group that has a name for it."""
    named = [group for name, group in _groups(flow) if name != "table"]
    rows = queries.shared_versions(actor).filter(named[-1], status=FactorVersion.Status.PUBLISHED)
    return list(rows.order_by("pk")[:MOST])


def figures(
    actor: Actor, versions: Sequence[FactorVersion], unit: str, gwp_set: str | None = None
) -> list[Peer]:
    """The figures of versions per a unit; what cannot be weighed or converted is left out."""
    emissions = queries.emissions_of(actor, [version.pk for version in versions])
    wanted = LATEST if gwp_set is None else gwp_set
    values = queries.characterization(actor, wanted or LATEST) if versions else {}
    found = []
    for version in versions:
        value = figure_of(version, emissions[version.pk], values, wanted)
        if value is not None:
            found.append(Peer(version, per_unit(value, version.factor.unit, unit)))
    return found


def figure_of(
    version: FactorVersion | VersionContent,
    emissions: Sequence[Emission],
    values: queries.Characterization,
    gwp_set: str,
) -> Decimal | None:
    """One figure that says what its scope says: kg CO2, or kg CO2e with the set.

    None where there is none: a total weighed with another set, or a set that was not stated (empty).
    """
    plain = sum((one.kg_per_unit for one in emissions), Decimal(0))
    if version.scope == FactorVersion.Scope.CO2:
        return plain
    if any(one.gas == CO2E for one in emissions):
        return plain if (version.gwp_set or "") == gwp_set else None
    try:
        return queries.weigh(version, emissions, values, gwp_set)[0] if gwp_set else None
    except queries.NoCharacterization:
        return None


def per_unit(value: Decimal, unit: str, wanted: str) -> Decimal:
    """A figure per one unit as a figure per another of the same dimension."""
    return value if unit == wanted else value * units.convert(Decimal(1), wanted, unit)


def _groups(flow: Flow) -> list[tuple[str, Q]]:
    factor = flow.factor
    same = Q(factor=factor.pk) if factor.pk else Q(pk__in=[])
    groups = [("factor", same)]
    codes = [Q(**{f"factor__{name}": getattr(factor, name)}) for name in ("cas", "cpc", "hs")
             if getattr(factor, name)]  # fmt: skip
    groups += [("code", same | code) for code in codes]
    table = Q(factor__kind=factor.kind, factor__category=factor.category, factor__unit=factor.unit)
    return [*groups, ("table", reduce(or_, codes, same) | table)]


def _rows(actor: Actor, flow: Flow, group: Q, without: int | None) -> list[FactorVersion]:
    same_unit = [one.code for one in units.UNITS if units.same_dimension(one.code, flow.factor.unit)]
    rows: QuerySet[FactorVersion] = queries.shared_versions(actor).filter(
        group,
        status=FactorVersion.Status.PUBLISHED,
        scope=flow.scope,
        boundary=flow.boundary,
        factor__unit__in=same_unit,
    )
    if without is not None:
        rows = rows.exclude(pk=without)
    return list(rows.order_by("pk")[:MOST])


def side_of(version: FactorVersion, emissions: Sequence[Emission]) -> Side:
    """What of a version decides whether it can be compared."""
    is_total = any(one.gas == CO2E for one in emissions)
    return Side(
        unit=version.factor.unit,
        scope=version.scope,
        boundary=version.boundary,
        gwp_set=(version.gwp_set or "") if is_total else None,
        year=version.reference_year,
        place=version.geography,
        kind=version.factor.kind,
        is_checked=version.transcription != Transcription.SINGLE,
    )
