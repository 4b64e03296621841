"""Specific embedded emissions of a good made at an installation, and why they are not its footprint. Pure.

Direct and indirect emissions stand apart, in tonnes of CO2e per tonne of goods, with five decimals at most:
Implementing Regulation (EU) 2023/1773. Indirect are those of the electricity that is consumed: Regulation
(EU) 2023/956. Which goods count them, and all else that the method profile decides, is unverified there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

DECIMALS = Decimal("0.00001")
CLOSES = 1e-9
"""Relative to the two figures: what their difference may miss its causes by."""


@dataclass(frozen=True)
class Bridge:
    """From the footprint to the figure at the border.

    Units    kg CO2e per kg of the good; ``causes`` sum to the difference
    """

    footprint: float
    causes: Mapping[str, float]
    left_out: Mapping[str, float]
    """What is left out at the installation itself, as the footprint counts it; within ``causes``."""
    at_the_border: float

    @property
    def rest(self) -> float:
        """What no cause explains."""
        return self.footprint + sum(self.causes.values()) - self.at_the_border

    @property
    def closes(self) -> bool:
        """Whether the causes explain all of the difference."""
        size = abs(self.footprint) + abs(self.at_the_border) + sum(map(abs, self.causes.values()))
        return abs(self.rest) <= CLOSES * size


@dataclass(frozen=True)
class Good:
    """What is told of one product of one installation for one year.

    ``failure`` is a code, ``why`` the same in words; then there are no figures.

    Units    direct, indirect, total: t CO2e per t, exactly as calculated
    """

    uuid: str
    cn_code: str
    code: str
    name_zh: str
    name_en: str
    site_zh: str
    site_en: str
    province: str
    year: int
    profile: str
    version: int
    gwp_set: str
    counts_indirect: bool
    direct: float | None = None
    indirect: float | None = None
    total: float | None = None
    bridge: Bridge | None = None
    failure: str = ""
    why: str = ""
    unverified: Sequence[str] = ()


def told(value: float | None) -> Decimal | None:
    """As it is communicated: five decimals at most."""
    if value is None:
        return None
    rounded = Decimal(repr(value)).quantize(DECIMALS, ROUND_HALF_EVEN).normalize()
    return rounded if rounded else Decimal(0)


def scaled(parts: Mapping[str, float], kg_per_unit: float) -> dict[str, float]:
    """Of one declared unit to one kilogram."""
    return {name: kg / kg_per_unit for name, kg in parts.items()}
