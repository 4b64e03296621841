"""Where a version's figure lies among those of the same flow, and why others are not among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import median

from accounts.actor import Actor
from factors import queries
from factors.comparability import Caution, Obstacle, Side, judge
from factors.content import Emission
from factors.models import FactorVersion
from factors.peers import ENOUGH, LATEST, Flow, Peer, figure_of, neighbours, peers, side_of

BINS = 8


class Refused(StrEnum):
    """Why nothing is drawn."""

    NO_FIGURE = "no_figure"
    FEW = "few"


@dataclass(frozen=True)
class Bin:
    """From (included) to (excluded, of the last one included): how many, and whether one's own is there."""

    low: float
    high: float
    count: int
    is_own: bool


@dataclass(frozen=True)
class Distribution:
    """The figure (kg CO2 or CO2e per unit of the factor, with ``gwp_set``), its peers by size, and the rest.

    ``left_out``: how many published figures of the same flow cannot stand on its axis, by obstacle.
    """

    group: str
    figure: Decimal | None
    gwp_set: str
    peers: tuple[Peer, ...]
    left_out: Mapping[Obstacle, int]
    cautions: tuple[Caution, ...]

    @property
    def refused(self) -> Refused | None:
        """What keeps it from being drawn."""
        if self.figure is None:
            return Refused.NO_FIGURE
        return Refused.FEW if len(self.peers) < ENOUGH else None

    @property
    def median(self) -> float:
        """Of the peers."""
        return median(float(peer.value) for peer in self.peers)

    @property
    def bins(self) -> list[Bin]:
        """Equal steps over the range of the peers and the figure."""
        own = float(self.figure or 0)
        return histogram([float(peer.value) for peer in self.peers], own)


def distribution(actor: Actor, version: FactorVersion, emissions: Sequence[Emission]) -> Distribution:
    """Its peers in the narrowest group that has enough of them; itself is none of them."""
    side = side_of(version, emissions)
    gwp_set = LATEST if side.gwp_set is None else side.gwp_set
    values = queries.characterization(actor, gwp_set or LATEST)
    flow = Flow(version.factor, version.scope, version.boundary, version.geography, version.technology)
    group, found = peers(actor, flow, gwp_set=side.gwp_set, without=version.pk, of_goods=True)
    told = queries.emissions_of(actor, [peer.version.pk for peer in found])
    verdict = judge([side, *(side_of(peer.version, told[peer.version.pk]) for peer in found)])
    return Distribution(
        group,
        figure_of(version, emissions, values, gwp_set),
        gwp_set,
        tuple(sorted(found, key=lambda peer: peer.value)),
        _left_out(actor, version, flow, side),
        verdict.cautions,
    )


def _left_out(actor: Actor, version: FactorVersion, flow: Flow, side: Side) -> Mapping[Obstacle, int]:
    rows = [each for each in neighbours(actor, flow) if each.pk != version.pk]
    emissions = queries.emissions_of(actor, [each.pk for each in rows])
    counted: Counter[Obstacle] = Counter()
    for each in rows:
        counted.update(judge([side, side_of(each, emissions[each.pk])]).obstacles)
    return counted


def histogram(values: Sequence[float], own: float) -> list[Bin]:
    """Counts in equal steps.

    Units    as of the values
    Errors   none: equal values are one bin
    """
    low, high = min([*values, own]), max([*values, own])
    if low == high:
        return [Bin(low, high, len(values), True)]
    step = (high - low) / BINS
    places = Counter(min(int((value - low) / step), BINS - 1) for value in values)
    mine = min(int((own - low) / step), BINS - 1)
    return [Bin(low + at * step, low + (at + 1) * step, places[at], at == mine) for at in range(BINS)]
