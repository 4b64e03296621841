"""How sure a demo plant is of its amounts, by how it came by them. Pure.

Basic uncertainties are those of the pedigree approach: 1.05 for measured demand and combustion CO2, 1.5 for
methane, 2 for transport; the rest is made up in between.
"""

from __future__ import annotations

from decimal import Decimal

from alliance.demo.description import goods
from alliance.demo.inventory import Line

UNKNOWN = (None, None, None, None, None)
SPREAD = {"measured": "1.05", "calculated": "1.1", "estimated": "1.3", "proxy": "1.5"}
METHANE, TRANSPORT = Decimal("1.5"), Decimal(2)
SCORES: dict[str, tuple[int | None, ...]] = {
    "calculated": (2, 1, 1, 1, 1),
    "estimated": (3, 2, 2, 1, 2),
    "proxy": (4, 3, 2, 3, 3),
}
"""Reliability, completeness, age, place, technology; most plants do not score what they measure."""


def gsd2(line: Line) -> Decimal | None:
    """The spread of what goes in or up the stack; what a process makes is weighed at the gate."""
    if line.direction == "output" and line.kind == "product":
        return None
    if line.flow == "CH4":
        return METHANE
    if line.kind == "product" and goods()[line.flow].unit == "t*km":
        return TRANSPORT
    return Decimal(SPREAD[line.quality])


def pedigree(line: Line) -> tuple[int | None, ...]:
    """The five scores of the amount."""
    return SCORES.get(line.quality, UNKNOWN)
