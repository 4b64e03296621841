"""Hold a content against the database before it is proposed: faults, doubles, and what its peers say."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from accounts.actor import Actor
from factors import queries, units
from factors.content import Emission, VersionContent, jumps
from factors.models import Factor, FactorVersion
from factors.origins import CO2E
from factors.peers import LATEST, Flow, Peer, figure_of, peers, per_unit
from factors.screening import Finding, Group, Proposed, Severity, screen

NAMED = 5


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
    )
    same = _group(actor, factor, [peer for peer in found if peer.version.factor_id == factor.pk])
    among = _group(actor, factor, found)
    findings = screen(proposed, among, same)
    doubles = _doubles(factor, content, figure, found)
    return Screened((*findings, *doubles, *_jumps(actor, factor, content)), group, tuple(found), figure)


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
