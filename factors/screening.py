"""What looks wrong with a proposed figure when it is held against its peers. Pure.

The patterns are those that curators of public inventories log again and again: a prefix forgotten (x1000),
MJ taken for kWh (x3.6), carbon given for CO2 (x12/44) or turned round, a day taken for an hour (x24), t km
for kg km (x1000), a hectare for a square metre (x10,000), a heating value on the other basis, a gas stated
as CO2e. A figure far from its peers is an outlier by its robust z-score: distance from the median of the
logarithms, in units of their scaled median absolute deviation (Iglewicz and Hoaglin 1993: beyond 3.5).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Any

from factors.content import needs_gas_split
from factors.units import Dimension

FAR = 3.5
TO_SIGMA = 1.4826
LEAST_SPREAD = 0.02
"""Peers that copy one another would call everything else an outlier: their spread counts as 2 % at least."""
FEWEST_PEERS = 3
NEAR = 0.08
"""How close, in logarithms, a ratio has to come to a pattern."""


class Severity(StrEnum):
    """What a finding means for the proposal."""

    REFUSED = "refused"
    REASON = "reason"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing that looks wrong: refused as it is, to be reasoned, or to be known."""

    code: str
    severity: Severity
    field: str
    figures: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Slip:
    """A ratio to the truth that a known mistake leaves behind; ``only`` where it can happen."""

    code: str
    ratio: float
    only: frozenset[Dimension] = frozenset(Dimension)

    @property
    def ways(self) -> tuple[float, float]:
        """Made in either direction."""
        return (self.ratio, 1 / self.ratio)


ENERGETIC = frozenset({Dimension.ENERGY})
SLIPS = (
    Slip("thousand", 1000.0),
    Slip("million", 1_000_000.0),
    Slip("kwh_mj", 3.6, ENERGETIC),
    Slip("carbon_co2", 44 / 12),
    Slip("ten", 10.0),
    Slip("hundred", 100.0),
    Slip("day_hour", 24.0),
    Slip("ten_thousand", 10_000.0),
    Slip("calorie", 4.1868, ENERGETIC),
)
MIXED_UP = {"CH4": (25.0, 30.0), "N2O": (265.0, 298.0)}
"""What a gas weighs against CO2 in one hundred years, from the lowest of AR4, AR5 and AR6 to the highest."""
HEATING_BASES = ((1.04, 1.12), (0.89, 0.96))
"""Gross over net heating value, and the other way round, of fuels from coal to natural gas."""


@dataclass(frozen=True)
class Proposed:
    """The figure, what it is made of (kg per unit by gas), and what it is for."""

    figure: float
    gases: Mapping[str, float]
    dimension: Dimension
    kind: str
    boundary: str
    is_total: bool
    usual: float = math.inf
    """What hardly any figure per this unit exceeds."""


@dataclass(frozen=True)
class Group:
    """Peers in the same unit: their figures, and what each emits of a gas."""

    figures: Sequence[float]
    gases: Mapping[str, Sequence[float]] = dataclasses.field(default_factory=dict)

    @property
    def is_enough(self) -> bool:
        """Whether something can be said at all."""
        return len(self._positive) >= FEWEST_PEERS

    @property
    def has_any(self) -> bool:
        """Whether it has a middle."""
        return bool(self._positive)

    @property
    def _positive(self) -> list[float]:
        return [value for value in self.figures if value > 0]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self._positive)

    @property
    def spread(self) -> float:
        """Robust standard deviation of the logarithms."""
        centre = math.log(self.middle)
        deviation = median(abs(math.log(value) - centre) for value in self._positive)
        return max(TO_SIGMA * deviation, LEAST_SPREAD)


def screen(proposed: Proposed, peers: Group, same: Group | None = None) -> list[Finding]:
    """Everything that looks wrong, what has to be mended first.

    ``same``: those of the peers that are figures of the very same thing. In a table that reaches from wind
    to coal a slip of 3.6 is no outlier, or looks like another; against the thing itself it is what it is.
    """
    found = [*_gas_split(proposed), *_mixed_up(proposed, peers, same)]
    if proposed.figure > 0 and math.isfinite(proposed.figure):
        itself = _against_itself(proposed, same) if same else []
        other = itself or (_against(proposed, peers) if peers.is_enough else [])
        found += other or _beyond_usual(proposed)
    order = list(Severity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def robust_z(value: float, peers: Group) -> float:
    """How far a figure lies from its peers."""
    return (math.log(value) - math.log(peers.middle)) / peers.spread


def slip(ratio: float, dimension: Dimension, *, near: float = NEAR) -> Slip | None:
    """The mistake that a ratio looks like, the closest one; None where it looks like none."""
    ways = [
        (abs(math.log(ratio) - math.log(way)), number)
        for number, each in enumerate(SLIPS)
        if dimension in each.only
        for way in each.ways
    ]
    distance, number = min(ways)
    return SLIPS[number] if distance <= near else None


def _gas_split(proposed: Proposed) -> list[Finding]:
    if proposed.is_total and needs_gas_split(proposed.kind, proposed.boundary):
        return [Finding("gas_split", Severity.REFUSED, "emissions")]
    return []


def _against(proposed: Proposed, peers: Group) -> list[Finding]:
    z, ratio = robust_z(proposed.figure, peers), proposed.figure / peers.middle
    figures = {"z": z, "ratio": ratio, "median": peers.middle, "peers": len(peers.figures)}
    if abs(z) <= FAR:
        return []
    found = slip(ratio, proposed.dimension, near=max(NEAR, min(peers.spread, 0.25)))
    if found is not None:
        return [Finding(f"slip_{found.code}", Severity.REASON, "emissions", figures)]
    if proposed.kind == "fuel" and _on_another_basis(ratio):
        return [Finding("heating_basis", Severity.REASON, "emissions", figures)]
    return [Finding("outlier", Severity.REASON, "emissions", figures)]


def _against_itself(proposed: Proposed, same: Group) -> list[Finding]:
    """Known mistakes alone: how much a thing may change from year to year is nobody's rule.

    Per unit of energy a fuel hardly changes, but for the basis; per mass its water and ash move it as far.
    """
    if not same.has_any:
        return []
    ratio = proposed.figure / same.middle
    figures = {"ratio": ratio, "median": same.middle, "peers": len(same.figures)}
    found = slip(ratio, proposed.dimension)
    if found is not None:
        return [Finding(f"slip_{found.code}", Severity.REASON, "emissions", figures)]
    if proposed.kind == "fuel" and proposed.dimension is Dimension.ENERGY and _on_another_basis(ratio):
        return [Finding("heating_basis", Severity.REASON, "emissions", figures)]
    return []


def _beyond_usual(proposed: Proposed) -> list[Finding]:
    """By itself, where no peer tells more."""
    if proposed.figure <= proposed.usual:
        return []
    figures = {"figure": proposed.figure, "usual": proposed.usual}
    return [Finding("beyond_usual", Severity.REASON, "emissions", figures)]


def _on_another_basis(ratio: float) -> bool:
    return any(low <= ratio <= high for low, high in HEATING_BASES)


def _mixed_up(proposed: Proposed, peers: Group, same: Group | None) -> list[Finding]:
    """Against what the very thing emits of the gas; where nothing is known of that, against its peers."""
    found = []
    for gas, (lowest, highest) in MIXED_UP.items():
        stated = proposed.gases.get(gas, 0.0)
        itself = [kg for kg in same.gases.get(gas, ()) if kg > 0] if same else []
        others = itself or [kg for kg in peers.gases.get(gas, ()) if kg > 0]
        if stated <= 0 or not (itself or len(others) >= FEWEST_PEERS):
            continue
        usual = median(others)
        if lowest * 0.9 <= stated / usual <= highest * 1.1:
            figures = {"gas": gas, "stated": stated, "usual": usual, "ratio": stated / usual}
            found.append(Finding("gas_as_co2e", Severity.REASON, "emissions", figures))
    return found
