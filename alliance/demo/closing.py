"""Whether a demo process closes: mass, energy and carbon of its lines. Pure.

Mass counts products and wastes; energy heating values, heat and power; carbon also what leaves as gas, be
it measured or by the factor of a fuel burnt. A fuel burnt without being taken in comes out of the ground.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alliance.demo.description import PER_LINE_UNIT, goods
from alliance.demo.inventory import Line

CARBON_IN = {"CO2": 12.011 / 44.009, "CH4": 12.011 / 16.043}
BURNT = "burnt-"


@dataclass(frozen=True)
class Balance:
    """What goes in and comes out, in kg or MJ."""

    taken: float
    given: float

    @property
    def missing(self) -> float:
        """What goes in and does not come out."""
        return self.taken - self.given

    @property
    def gap(self) -> float:
        """The missing part of what goes in; nought where nothing goes in."""
        return self.missing / self.taken if self.taken else 0.0


def mass(lines: Iterable[Line]) -> Balance:
    """Products and wastes, kg."""
    return _balance((line, _kg(line)) for line in lines)


def energy(lines: Iterable[Line]) -> Balance:
    """Heating values, heat and power, MJ; what a fuel's burning brings is in the fuel already."""
    return _balance((line, _mj(line)) for line in lines if not line.flow.startswith(BURNT))


def carbon(lines: Iterable[Line]) -> Balance:
    """Carbon of products, wastes and gases, kg."""
    return _balance((line, _kg_carbon(line)) for line in lines)


def _balance(parts: Iterable[tuple[Line, float]]) -> Balance:
    taken = given = 0.0
    for line, amount in parts:
        leaves = line.direction == "output" or line.flow.startswith(BURNT)
        taken, given = (taken, given + amount) if leaves else (taken + amount, given)
    return Balance(taken, given)


def _kg(line: Line) -> float:
    if line.kind == "elementary":
        return 0.0
    return float(line.amount) * PER_LINE_UNIT * (goods()[line.flow].kg_per_unit or 0.0)


def _mj(line: Line) -> float:
    if line.kind == "elementary":
        return 0.0
    return float(line.amount) * PER_LINE_UNIT * (goods()[line.flow].lhv_mj or 0.0)


def _kg_carbon(line: Line) -> float:
    if line.kind == "elementary":
        return float(line.amount) * PER_LINE_UNIT * CARBON_IN.get(line.flow, 0.0)
    if line.flow.startswith(BURNT):
        return _mj(line) * carbon_per_mj(line.flow.removeprefix(BURNT))
    return _kg(line) * float(goods()[line.flow].carbon or 0)


def carbon_per_mj(fuel: str) -> float:
    """kg of carbon per MJ of a fuel."""
    good = goods()[fuel]
    assert good.lhv_mj is not None
    return float(good.carbon) * (good.kg_per_unit or 0.0) / good.lhv_mj
