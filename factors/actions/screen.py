"""Hold a content against the database before it is proposed: faults, doubles, and what its peers say."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from accounts.actor import Actor
from factors import queries, units
from factors.content import PARENTS, RELATION, Emission, Relation, VersionContent, jumps, usual
from factors.models import Factor, FactorVersion
from factors.origins import CO2E
from factors.peers import LATEST, Flow, Peer, figure_of, figures, peers, per_unit
from factors.screening import Finding, Group, Proposed, Severity, screen

NAMED = 5
ROUNDED = Decimal("0.01")
"""How far a figure may lie from what its parents give: nobody's rounding is coarser."""


@dataclass(frozen=True)
class Screened:
    """What was found, and the peers it was found with: how their group was drawn, and their figures."""

    findings: tuple[Finding, ...]
    group: str
    peers: tuple[Peer, ...]
    figure: Decimal | None


def screened(actor: Actor, factor: Factor, content: VersionContent) -> Screened:
    """Everything that looks wrong with a content for a factor, which may be a new one."""
    total = (content.gwp_set or "") if content.is_co2e_only else None
    wanted = LATEST if total is None else total
    values = queries.characterization(actor, wanted or LATEST)
    figure = figure_of(content, content.emissions, values, wanted)
    flow = Flow(factor, content.scope, content.boundary, content.geography, content.technology)
    group, found = peers(actor, flow, gwp_set=total)
    proposed = Proposed(
        figure=float(figure or 0),
        gases=_by_gas(content.emissions),
        dimension=units.dimension(factor.unit),
        kind=factor.kind,
        boundary=content.boundary,
        is_total=content.is_co2e_only,
        usual=float(usual(factor.unit)),
    )
    same = _group(actor, factor, _the_same(factor, found))
    among = _group(actor, factor, found)
    findings = screen(proposed, among, same)
    findings += _doubles(factor, content, figure, found)
    findings += _off_parents(actor, factor, content, figure)
    return Screened((*findings, *_jumps(actor, factor, content)), group, tuple(found), figure)


def _the_same(factor: Factor, found: list[Peer]) -> list[Peer]:
    """Of the factor itself; of a new one, of what has one of its codes."""
    own = [peer for peer in found if peer.version.factor_id == factor.pk]
    codes = {(name, getattr(factor, name)) for name in ("cas", "cpc", "hs") if getattr(factor, name)}
    return own or [
        peer for peer in found if any(getattr(peer.version.factor, name) == code for name, code in codes)
    ]


def _group(actor: Actor, factor: Factor, found: list[Peer]) -> Group:
    return Group([float(peer.value) for peer in found], _gases(actor, factor, found))


def _by_gas(emissions: tuple[Emission, ...]) -> dict[str, float]:
    summed: dict[str, float] = defaultdict(float)
    for one in emissions:
        summed[one.gas] += float(one.kg_per_unit)
    return summed


def _gases(actor: Actor, factor: Factor, found: list[Peer]) -> dict[str, list[float]]:
    """What each peer emits of each gas, per the unit of the factor."""
    emissions = queries.emissions_of(actor, [peer.version.pk for peer in found])
    gases: dict[str, list[float]] = defaultdict(list)
    for peer in found:
        summed = _by_gas(tuple(emissions[peer.version.pk]))
        for gas, kg in summed.items():
            if gas != CO2E:
                gases[gas].append(float(per_unit(Decimal(kg), peer.version.factor.unit, factor.unit)))
    return gases


def _doubles(
    factor: Factor, content: VersionContent, figure: Decimal | None, found: list[Peer]
) -> list[Finding]:
    """The same figure for the same place and year under another code is most likely the same thing."""
    same = [
        peer.version.factor.code
        for peer in found
        if peer.version.factor_id != factor.pk
        and figure is not None
        and peer.value == figure
        and (peer.version.geography, peer.version.reference_year)
        == (content.geography, content.reference_year)
    ]
    if not same:
        return []
    return [Finding("double", Severity.REASON, "code", {"codes": ", ".join(sorted(set(same))[:NAMED])})]


def _off_parents(
    actor: Actor, factor: Factor, content: VersionContent, figure: Decimal | None
) -> list[Finding]:
    """An average beyond what it is over, or a conversion that gives another figure in this unit.

    Nothing is said where a parent is in no unit of this kind, or weighs or counts otherwise.
    """
    if content.derivation.get(RELATION) not in (Relation.AVERAGED, Relation.CONVERTED) or not figure:
        return []
    named = queries.all_versions(actor).filter(uuid__in=content.derivation.get(PARENTS, ()))
    parents = [
        each
        for each in named
        if each.scope == content.scope and units.same_dimension(each.factor.unit, factor.unit)
    ]
    total = (content.gwp_set or "") if content.is_co2e_only else None
    values = [peer.value for peer in figures(actor, parents, factor.unit, total)]
    if not values or len(values) < len(named):
        return []
    nearest = min(max(figure, min(values)), max(values))
    if abs(figure - nearest) <= nearest * ROUNDED:
        return []
    told = {"ratio": float(figure / nearest) if nearest else math.inf, "parents": len(values)}
    return [Finding("off_parents", Severity.REASON, "emissions", told)]


def _jumps(actor: Actor, factor: Factor, content: VersionContent) -> list[Finding]:
    """Against what it would replace: twenty times or more."""
    if factor.pk is None:
        return []
    there = [
        old
        for old in queries.versions(actor, factor).filter(status=FactorVersion.Status.PUBLISHED)
        if replace(content, emissions=()).place
        == (old.source.code, old.geography, old.reference_year, old.technology, old.scope, old.boundary)
    ]
    found: list[Any] = []
    for old in there:
        before = [Emission(row.gas, row.origin, row.kg_per_unit) for row in old.emissions.all()]
        found += [
            Finding("jump", Severity.REASON, fault.field, {k: str(v) for k, v in fault.figures.items()})
            for fault in jumps(content.emissions, before)
        ]
    return found
