"""How a process's burden is split among its co-products: rows in, the engine's shares out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from factors import units
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Inputs, Process, Thing
from footprint.calculation.line import Line
from footprint.calculation.quantities import in_unit
from footprint.engine.allocation import MEASURED, Basis, Outputs, Quantity, allocate
from footprint.engine.chp import ZERO_CELSIUS_KELVIN, Carriers, exergy, fuel_equivalent
from footprint.engine.equations import Floats
from footprint.engine.errors import EngineError, NegativeBasis, NoBasis, SharesDoNotSum
from footprint.engine.prices import average_value

MEASURED_IN = {
    Basis.MASS: "kg", Basis.ENERGY: "MJ", Basis.MOLES: "mol", Basis.HYDROGEN: "kg", Basis.EFFICIENCY: "MJ",
    Basis.EXERGY: "MJ",
}  # fmt: skip
NAN = float("nan")
GRAMS_PER_KG = 1000


@dataclass(frozen=True)
class Split:
    """The share of each product; where the declaration is causal, of single lines and of what is common."""

    general: dict[int, float]
    causal: dict[int, dict[int, float]] = field(default_factory=dict)
    common: dict[int, float] = field(default_factory=dict)

    def of_line(self, exchange: int) -> dict[int, float]:
        """The shares of one line's burden, by product; among causal ones what is left out is common to all.

        Source   ISO 14044:2006 4.3.4.2, step 1: what belongs to some is divided, the rest is allocated

        Raises:
            Fault: line_shares, where nothing says who carries the line; it must not vanish.
        """
        if not self.causal:
            return self.general
        found = self.causal.get(exchange) or self.common
        if not found:
            raise Fault("line_shares", exchange=exchange)
        return found


def of(process: Process, products: Sequence[int], outputs: list[Line], inputs: Inputs) -> Split:
    """The split by the process's method; a single product carries everything unless shares are causal.

    Raises:
        Fault: no_basis or shares.
    """
    if not products:
        return Split({})
    basis = Basis(process.method)
    if basis is Basis.CAUSAL:
        return _causal(process, products, inputs)
    if len(products) == 1:
        basis = Basis.NONE
    try:
        shares = allocate(_outputs(process, basis, products, outputs, inputs), basis)
    except (SharesDoNotSum, NegativeBasis) as error:
        raise Fault("shares") from error
    except EngineError as error:
        raise Fault("shares" if basis is Basis.DECLARED else "no_basis") from error
    return Split(dict(zip(products, shares.tolist(), strict=True)))


def known(process: Process, products: Sequence[int], outputs: list[Line], inputs: Inputs) -> Outputs:
    """Everything the co-products can be weighed by: what the engine's band is made of.

    A method whose amounts are not all known is left out; nothing is raised.
    """
    quantities: dict[Basis, Quantity] = {}
    for basis in MEASURED:
        try:
            quantities[basis] = _quantity(process, basis, products, outputs, inputs)
        except Fault:
            continue
    return Outputs(len(products), quantities, declared=_declared(process, products, inputs))


def prices_per_kg(
    products: Sequence[int], outputs: list[Line], inputs: Inputs
) -> dict[int, tuple[float, ...]]:
    """The price of a kilogram of each product in each year all of them have one: for the engine's ratio."""
    years = {year for line in outputs for year in inputs.prices.get(line.id, {})}
    found = {}
    for year in sorted(years):
        try:
            found[year] = tuple(_price_per_kg(product, outputs, year, inputs) for product in products)
        except (Fault, KeyError, ArithmeticError):
            continue
    return found


def _outputs(
    process: Process, basis: Basis, products: Sequence[int], lines: list[Line], inputs: Inputs
) -> Outputs:
    if basis is Basis.DECLARED:
        return Outputs(len(products), declared=_declared(process, products, inputs))
    if basis not in MEASURED:
        return Outputs(len(products))
    return Outputs(len(products), {basis: _quantity(process, basis, products, lines, inputs)})


def _declared(process: Process, products: Sequence[int], inputs: Inputs) -> Floats:
    stored = inputs.shares.get(process.id, {})
    found = [stored.get((process.allocation_set, product, None)) for product in products]
    return np.array([float("nan") if share is None else float(share) for share in found])


def _quantity(
    process: Process, basis: Basis, products: Sequence[int], lines: list[Line], inputs: Inputs
) -> Quantity:
    weights = WEIGHED.get(basis, _each)(process, basis, lines, inputs)
    weight = dict.fromkeys(products, 0.0)
    for line, amount in zip(lines, weights, strict=True):
        assert line.product is not None
        weight[line.product] += amount
    return Quantity.of([weight[product] for product in products], _unit(basis, lines))


def _unit(basis: Basis, lines: list[Line]) -> str:
    """What the co-products are weighed in; amounts of one's own in the unit of the first."""
    if basis is Basis.CUSTOM:
        return next((line.basis_unit for line in lines if line.basis_unit), "")
    return MEASURED_IN.get(basis, "money")


def _each(process: Process, basis: Basis, lines: list[Line], inputs: Inputs) -> list[float]:
    """What each co-product weighs by itself."""
    unit = _unit(basis, lines)
    return [float(_weight(basis, unit, line, inputs)) for line in lines]


def _weight(basis: Basis, unit: str, line: Line, inputs: Inputs) -> Decimal:
    assert line.product is not None
    thing = inputs.products[line.product]
    try:
        if basis is Basis.MOLES:
            return _mass(line, thing) * GRAMS_PER_KG / _of(thing.molar_mass_g_per_mol)
        if basis is Basis.HYDROGEN:
            return _mass(line, thing) * _of(thing.hydrogen)
        if basis is Basis.CUSTOM:
            return units.convert(_of(line.basis), line.basis_unit, unit)
        return in_unit(line.amount, line.unit, unit, thing)
    except (Fault, units.UnitError) as error:
        raise Fault("no_basis", exchange=line.id) from error


def _of(value: Decimal | None) -> Decimal:
    if value is None:
        raise Fault("no_basis")
    return value


def _revenue(process: Process, basis: Basis, lines: list[Line], inputs: Inputs) -> list[float]:
    """Price x amount of the reference year, where every co-product has a price in it, and unless the mean is
    asked for; else the mean of the years in which every one has a price.
    """
    given = [inputs.prices.get(line.id, {}) for line in lines]
    years = sorted({year for prices in given for year in prices})
    if process.price_years == "reference" and all(process.year in prices for prices in given):
        years = [process.year]
    table = [[float(prices.get(year, NAN)) for prices in given] for year in years]
    try:
        averaged = average_value(years, table, [float(line.amount) for line in lines])
    except NoBasis as error:
        unpriced = next((line.id for line, prices in zip(lines, given, strict=True) if not prices), None)
        raise Fault("no_basis", **({"exchange": unpriced} if unpriced else {})) from error
    except EngineError as error:
        raise Fault("no_basis") from error
    found: list[float] = averaged.revenue.tolist()
    return found


def _of_energy(process: Process, basis: Basis, lines: list[Line], inputs: Inputs) -> list[float]:
    """Heat and power by what separate production would need, or by the work they could do."""
    for line in lines:
        if not line.carrier:
            raise Fault("no_basis", exchange=line.id)
    carriers = Carriers(
        energy_mj=np.array(_each(process, Basis.ENERGY, lines, inputs)),
        is_heat=np.array([line.carrier == "heat" for line in lines]),
        reference=np.array([_number(line.reference_efficiency) for line in lines]),
        kelvin=np.array([_number(line.heat_celsius) for line in lines]) + ZERO_CELSIUS_KELVIN,
        ambient_kelvin=_number(process.ambient_celsius) + ZERO_CELSIUS_KELVIN,
    )
    try:
        weights = fuel_equivalent(carriers) if basis is Basis.EFFICIENCY else exergy(carriers)
    except NoBasis as error:
        raise Fault("no_basis", exchange=lines[error.nodes[0]].id) from error
    except EngineError as error:
        raise Fault("no_basis") from error
    found: list[float] = weights.tolist()
    return found


def _number(value: Decimal | None) -> float:
    return NAN if value is None else float(value)


WEIGHED = {Basis.ECONOMIC: _revenue, Basis.EFFICIENCY: _of_energy, Basis.EXERGY: _of_energy}
"""Methods in which co-products are weighed together, and not each by itself."""


def _price_per_kg(product: int, lines: list[Line], year: int, inputs: Inputs) -> float:
    """Of several lines of one product, weighed by what they put out."""
    own = [line for line in lines if line.product == product]
    value = sum((line.amount * inputs.prices[line.id][year] for line in own), Decimal(0))
    mass = sum((_mass(line, inputs.products[product]) for line in own), Decimal(0))
    return float(value / mass)


def _mass(line: Line, thing: Thing) -> Decimal:
    return in_unit(line.amount, line.unit, "kg", thing)


def _causal(process: Process, products: Sequence[int], inputs: Inputs) -> Split:
    lines: dict[int, dict[int, float]] = defaultdict(dict)
    common: dict[int, float] = {}
    for (chosen, product, exchange), share in inputs.shares.get(process.id, {}).items():
        if chosen == process.allocation_set:
            (common if exchange is None else lines[exchange])[product] = float(share)
    if not lines:
        raise Fault("shares")
    return Split({}, dict(lines), common if common.keys() >= set(products) else {})
