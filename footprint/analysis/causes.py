"""What every figure is made of at its company's gate, so that two plants of a product can be told apart.

Feed, energy, process chemistry and the rest are counted as if burdens were shared by mass; what the method
in force adds to that, and credits for co-products, is allocation. Bought energy is also counted in MJ.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

import numpy as np

from factors import units
from factors.units import Dimension
from footprint.analysis.by_profile import Views, direct_of
from footprint.analysis.ground import Ground
from footprint.analysis.methods import Joint
from footprint.analysis.profiles import KEEP, Reading, kind_of
from footprint.calculation.faults import Fault
from footprint.calculation.line import Line
from footprint.calculation.quantities import in_unit
from footprint.engine.allocation import Basis
from footprint.engine.causes import ALONE, Shared, Taken, at_the_gate, shared_anew
from footprint.engine.disclosure.parts import CLOSING, ENERGY_MJ, Part
from footprint.engine.equations import Floats, Ints
from footprint.engine.profile import Exchange

SLIP = 0.05
"""Of the energy's part: what may have no MJ of its own, as methane that slips through a burner."""


class Column(IntEnum):
    """What is counted by line; the last two measure the energy that comes in."""

    FEED = 0
    ENERGY = 1
    CHEMISTRY = 2
    REST = 3
    CREDIT = 4
    ENERGY_MJ = 5
    UNMEASURED = 6
    """kg CO2e of energy of which nobody knows how many MJ it is."""


KG = [Column.FEED, Column.ENERGY, Column.CHEMISTRY, Column.REST, Column.CREDIT]
OF_KIND = {
    Exchange.DIRECT: Column.CHEMISTRY,
    Exchange.ELECTRICITY: Column.ENERGY,
    Exchange.HEAT: Column.ENERGY,
    Exchange.FUEL_SUPPLY: Column.ENERGY,
    Exchange.PRECURSOR: Column.FEED,
    Exchange.MATERIAL: Column.FEED,
}


@dataclass(frozen=True, eq=False)
class _Lines:
    """Every line as it stands: what it is counted as, and MJ per unit of what it takes, NaN if unknown."""

    column: Ints
    mj: Floats


class Causes:
    """The figures of every profile taken apart; what no profile changes is looked up once."""

    def __init__(self, views: Views) -> None:
        self.views, self.ground = views, views.ground
        self.lines = _lines(self.ground)
        self.group = _companies(self.ground)
        self.burns = _burning(self.ground)

    def of(self, reading: Reading) -> dict[int, dict[str, float]]:
        """By place the parts of each figure; none where they would not sum to it."""
        found = self._of(reading)
        if not reading.listed.any():
            return found
        of_listed = self._of(reading.of_listed)
        others = {node: parts for node, parts in found.items() if not reading.listed[node]}
        return others | {node: parts for node, parts in of_listed.items() if reading.listed[node]}

    def _of(self, reading: Reading) -> dict[int, dict[str, float]]:
        """By what ``keep`` of a reading counts."""
        score, taken = self._taken(reading)
        now = at_the_gate(_ordered(taken, self.views.every, reading))
        by_mass = at_the_gate(_by_mass(taken, self.views.every))
        found = {}
        for node in self.ground.columns.values():
            parts = _parts(score[node], now[node], by_mass[node])
            if parts is not None:
                found[node] = parts
        return found

    def _taken(self, reading: Reading) -> tuple[Floats, Taken]:
        """What lines bring under a profile, before it shares anything out its own way."""
        ground, weight = self.ground, _headline(reading)
        intensity = self.views.network(reading, reading)[1]
        score = intensity @ weight
        keep = reading.keep
        supplier = ground.supplier[keep]
        column, mj = self.lines.column[keep], self.lines.mj[keep]
        kg = np.nan_to_num(score[supplier])
        brought = np.zeros((len(supplier), len(Column)))
        every = np.arange(len(supplier))
        brought[every, column] = kg
        is_energy = column == Column.ENERGY
        brought[:, Column.ENERGY_MJ] = np.where(is_energy & np.isfinite(mj), mj, 0.0)
        brought[:, Column.UNMEASURED] = np.where(is_energy & ~np.isfinite(mj), np.abs(kg), 0.0)
        taken = Taken(
            ground.consumer[keep], supplier, ground.amount[keep], brought,
            self._direct(reading, weight), self.group,
        )  # fmt: skip
        return score, taken

    def _direct(self, reading: Reading, weight: Floats) -> Floats:
        """What processes emit themselves: of burning where that is said, else of what they do."""
        own = direct_of(self.ground, reading) @ weight
        burnt = np.where(self.burns, own, 0.0)
        at = {gas: column for column, gas in enumerate(self.ground.live.gases)}
        for each in self.ground.emissions:
            gas = at.get((each.line.gas, each.line.origin))
            if gas is not None and each.line.stage == "energy" and not self.burns[each.node]:
                removed = len(at) if each.line.direction == "input" else 0
                burnt[each.node] += each.kg * weight[gas + removed]
        direct = np.zeros((self.ground.n, len(Column)))
        direct[:, Column.ENERGY], direct[:, Column.CHEMISTRY] = burnt, own - burnt
        direct[:, Column.UNMEASURED] = np.abs(burnt)
        return direct


def _parts(score: float, now: Floats, by_mass: Floats) -> dict[str, float] | None:
    if not np.isfinite([score, *now, *by_mass]).all():
        return None
    if abs(float(now[KG].sum()) - score) > CLOSING * max(abs(score), float(np.abs(now[KG]).sum())):
        return None
    kept = {
        Part.FEED: by_mass[Column.FEED],
        Part.ENERGY: by_mass[Column.ENERGY],
        Part.CHEMISTRY: by_mass[Column.CHEMISTRY],
        Part.REST: by_mass[Column.REST],
    }
    found = {part.value: float(kg) for part, kg in kept.items()}
    found[Part.ALLOCATION.value] = float(score) - sum(found.values())
    if by_mass[Column.UNMEASURED] <= SLIP * abs(by_mass[Column.ENERGY]):
        found[ENERGY_MJ] = float(by_mass[Column.ENERGY_MJ])
    return found


def _headline(reading: Reading) -> Floats:
    """What each column of gases weighs in the figure that the profile calls the footprint."""
    counted = [position not in reading.profile.uncounted for position in reading.position]
    return np.where(np.array(counted), np.nan_to_num(reading.weight), 0.0)


def _lines(ground: Ground) -> _Lines:
    column, mj = [], []
    for line_id, supplier in zip(ground.line.tolist(), ground.supplier.tolist(), strict=True):
        line = ground.lines.get(line_id)
        column.append(_column(ground, line))
        mj.append(_mj(ground, line, supplier) if column[-1] == Column.ENERGY else 0.0)
    return _Lines(np.array(column, dtype=np.int64), np.array(mj, dtype=np.float64))


def _column(ground: Ground, line: Line | None) -> Column:
    if line is not None and line.is_avoided:
        return Column.CREDIT
    if line is not None and line.factor_version:
        reference = ground.references.get(line.factor_version)
        if reference is not None and reference.kind == "fuel":
            return Column.ENERGY
    return OF_KIND.get(kind_of(ground, line), Column.REST)


def _mj(ground: Ground, line: Line | None, supplier: int) -> float:
    """MJ per unit of the supplier's."""
    if line is None:
        return float("nan")
    unit = ground.inputs.factor_units.get(line.factor_version or 0, "")
    thing = ground.inputs.products.get(line.product or line.provider_product or 0)
    try:
        return float(in_unit(Decimal(1), unit or ground.kept(supplier).unit, "MJ", thing))
    except Fault:
        return float("nan")


def _companies(ground: Ground) -> Ints:
    """(n,) the company of each column, 0 for factors."""
    return np.array([ground.company.get(process, 0) for process in ground.process.tolist()], dtype=np.int64)


def _burning(ground: Ground) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n,) what is made to be burnt for: power, heat."""
    found = np.zeros(ground.n, dtype=np.bool_)
    for node in ground.columns.values():
        found[node] = units.dimension(ground.kept(node).unit) is Dimension.ENERGY
    return found


def _ordered(taken: Taken, every: list[Joint], reading: Reading) -> Taken:
    """Shared out as the profile orders, where that is not what is in force."""
    chosen = {}
    for joint in every:
        choice = reading.choices.get(joint.process)
        if choice is not None and choice.basis not in KEEP and choice.basis.value != joint.method:
            chosen[joint.process] = joint.shares[choice.basis]
    return _shared(taken, [(joint, chosen[joint.process]) for joint in every if joint.process in chosen])


def _by_mass(taken: Taken, every: list[Joint]) -> Taken:
    """Shared out by mass wherever every product has one."""
    return _shared(taken, [(each, each.shares[Basis.MASS]) for each in every if Basis.MASS in each.shares])


def _shared(taken: Taken, given: list[tuple[Joint, Floats]]) -> Taken:
    n = len(taken.group)
    process, share = np.full(n, ALONE), np.zeros(n)
    made, portions = np.ones(n), np.ones(n)
    for number, (joint, shares) in enumerate(given):
        process[joint.nodes], share[joint.nodes] = number, shares
        made[joint.nodes], portions[joint.nodes] = joint.made, joint.portions
    return shared_anew(taken, Shared(process, made, portions, share))
