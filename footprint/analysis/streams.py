"""What crosses the boundary of each unit process of an inventory, in kg, MJ and kg of carbon.

Mass counts products and wastes: what burns takes in air that nobody records. Energy counts heating values,
heat and power. Carbon counts products, wastes and gases. An amount that is not known on a basis is NaN, not a
guess; what cannot have one (the mass of power, the carbon of steam) is nought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

from accounts.actor import Actor
from factors import units
from factors.models import Factor
from factors.units import Dimension
from footprint.analysis.upstream import is_own_emission
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing
from footprint.calculation.own_network.rows import Emitted, factors
from footprint.calculation.quantities import in_unit
from footprint.engine.closure import BASES, CO2_PER_C, Kind
from footprint.inventory.models import Exchange, Inventory, Product, UnitProcess
from footprint.inventory.queries import inventory_lines, lines, processes

Amounts = tuple[float, float, float]
"""kg, MJ, kg C: in the order of ``BASES``."""

NOTHING: Amounts = (0.0, 0.0, 0.0)
CARBON_OF_GAS = {
    "CO2": 1.0 / CO2_PER_C,
    "CH4": 12.0 / 16.0,
    "CO": 12.0 / 28.0,
    **dict.fromkeys(("N2O", "SF6", "NF3"), 0.0),
}
"""kg C per kg of gas, by the rounded molar masses that inventories use."""
SERVICES = frozenset({Dimension.TRANSPORT, Dimension.PERSON_TRANSPORT, Dimension.AREA, Dimension.AREA_TIME,
                      Dimension.TIME, Dimension.LENGTH, Dimension.MONEY})  # fmt: skip
"""What is measured in these is no stuff: it carries nothing."""


@dataclass(frozen=True)
class Stream:
    """One line as it crosses the boundary of its process; a recorded loss or change of stock has no line.

    ``lhv`` is MJ per kg, NaN where not known.
    """

    process: UnitProcess
    line: Exchange | None
    kind: Kind
    amounts: Amounts
    lhv: float = nan

    @property
    def comes_in(self) -> bool:
        """Whether it enters its process."""
        return self.kind is Kind.INPUT


@dataclass(frozen=True)
class SiteStreams:
    """All streams of an inventory."""

    inventory: Inventory
    processes: Mapping[int, UnitProcess]
    streams: Sequence[Stream]

    def unknown(self, basis: str) -> list[Stream]:
        """The streams whose amount is not known on a basis."""
        at = BASES.index(basis)
        return [stream for stream in self.streams if stream.amounts[at] != stream.amounts[at]]


def streams_of(actor: Actor, inventory: Inventory, rows: Sequence[Exchange] | None = None) -> SiteStreams:
    """The streams of an own inventory; a fixed number of queries. ``rows``: its lines, if already read."""
    found = {process.pk: process for process in processes(actor, [inventory.pk])}
    for process in found.values():
        process.inventory = inventory
    rows = inventory_lines(actor, inventory) if rows is None else rows
    known = factors({row.factor_version_id for row in rows if row.factor_version_id})
    streams = [each for row in rows for each in _streams(row, known)]
    streams += [each for process in found.values() for each in _recorded(process)]
    return SiteStreams(inventory, found, streams)


def streams_with(actor: Actor, process: UnitProcess, changed: Exchange) -> SiteStreams:
    """The streams of one own process, one of its lines as somebody would have it."""
    rows = [changed if row.pk == changed.pk else row for row in lines(actor).filter(process=process)]
    known = factors({row.factor_version_id for row in rows if row.factor_version_id})
    streams = [each for row in rows for each in _streams(row, known)]
    return SiteStreams(process.inventory, {process.pk: process}, [*streams, *_recorded(process)])


def _recorded(process: UnitProcess) -> list[Stream]:
    """What the process is known to lose or keep. A loss of mass takes no carbon with it: emissions do."""
    found = []
    if process.mass_loss_kg:
        found.append(Stream(process, None, Kind.LOSS, (float(process.mass_loss_kg), 0.0, 0.0)))
    if process.energy_loss_mj:
        found.append(Stream(process, None, Kind.LOSS, (0.0, float(process.energy_loss_mj), 0.0)))
    if process.stock_change_kg:
        # what the stock is made of is not recorded
        found.append(Stream(process, None, Kind.STOCK, (float(process.stock_change_kg), nan, nan)))
    return found


def _streams(line: Exchange, known: Mapping[int, Emitted]) -> list[Stream]:
    found = []
    if line.product is not None and not _stands_for_burning(line, line.product):
        kind = Kind.INPUT if line.direction == Exchange.Direction.INPUT else Kind.OUTPUT
        amounts = _amounts(line, line.product)
        lhv = amounts[1] / amounts[0] if amounts[0] > 0 and amounts[1] > 0 else nan
        found.append(Stream(line.process, line, kind, amounts, lhv))
    carbon = _carbon_emitted(line, known)
    if carbon is not None:
        taken_up = line.kind == Exchange.Kind.ELEMENTARY and line.direction == Exchange.Direction.INPUT
        is_uptake = taken_up and line.factor_version_id is None
        kind = Kind.INPUT if is_uptake else Kind.EMISSION
        found.append(Stream(line.process, line, kind, (0.0, 0.0, carbon)))
    return found


def _stands_for_burning(line: Exchange, product: Product) -> bool:
    """A combustion factor on something of no known carbon: the fuel itself is on a line of its own."""
    return is_own_emission(line) and product.carbon_fraction is None


def _amounts(line: Exchange, product: Product) -> Amounts:
    if units.dimension(product.unit) in SERVICES:
        return NOTHING
    thing = Thing(product.unit, product.conversions or {}, product.lhv_mj_per_unit)
    has_no_mass = _is_heat_or_power(line, product)
    mass = 0.0 if has_no_mass else _measured(line, "kg", thing)
    burns = product.lhv_mj_per_unit is not None or product.carbon_fraction != 0
    energy = _measured(line, "MJ", thing) if burns or has_no_mass else 0.0
    fraction = product.carbon_fraction
    carbon = 0.0 if has_no_mass or fraction == 0 else nan if fraction is None else mass * float(fraction)
    return mass, energy, carbon


def _is_heat_or_power(line: Exchange, product: Product) -> bool:
    """Counted in energy and in nothing else, and no fuel."""
    counted = {units.dimension(unit) for unit in (product.unit, *(product.conversions or {}))}
    is_fuel = line.factor_version is not None and line.factor_version.factor.kind == Factor.Kind.FUEL
    return counted == {Dimension.ENERGY} and product.carbon_fraction is None and not is_fuel


def _measured(line: Exchange, unit: str, thing: Thing) -> float:
    try:
        return float(in_unit(line.amount, line.unit, unit, thing))
    except Fault:
        return nan


def _carbon_emitted(line: Exchange, known: Mapping[int, Emitted]) -> float | None:
    """kg C that leaves as gas by this line, or nothing where it is no emission."""
    if line.gas:
        per_kg = CARBON_OF_GAS.get(line.gas, nan)
        return _measured(line, "kg", Thing("kg", {}, None)) * per_kg
    if line.factor_version_id is None or not is_own_emission(line):
        return None
    emitted = known[line.factor_version_id]
    product = line.product
    thing = Thing(product.unit, product.conversions or {}, product.lhv_mj_per_unit) if product else None
    try:
        amount = in_unit(line.amount, line.unit, emitted.version.factor.unit, thing)
    except Fault:
        return nan
    kg = sum(CARBON_OF_GAS.get(gas, nan) * float(per) for (gas, _), per in emitted.gases.items())
    return float(amount) * kg
