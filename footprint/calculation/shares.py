"""How a process's burden is split among its co-products: rows in, the engine's shares out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Inputs, Line, Process
from footprint.calculation.quantities import in_unit
from footprint.engine.allocation import Basis, Outputs, Quantity, allocate
from footprint.engine.errors import EngineError, NegativeBasis, SharesDoNotSum

MEASURED_IN = {Basis.MASS: "kg", Basis.ENERGY: "MJ"}


@dataclass(frozen=True)
class Split:
    """The share of each product, and of single lines where the declaration is causal."""

    general: dict[int, float]
    causal: dict[tuple[int, int], float]

    def for_line(self, product: int, exchange: int) -> float:
        """The product's share of one line's burden; a line without a causal share brings none."""
        if self.causal:
            return self.causal.get((product, exchange), 0.0)
        return self.general[product]


def of(process: Process, products: Sequence[int], outputs: list[Line], inputs: Inputs) -> Split:
    """The split by the process's method; a single product carries everything unless shares are causal.

    Raises:
        Fault: no_basis or shares.
    """
    if not products:
        return Split({}, {})
    basis = Basis(process.method)
    if basis is Basis.CAUSAL:
        return Split({}, _causal(process, inputs))
    if len(products) == 1:
        basis = Basis.NONE
    try:
        shares = allocate(_outputs(process, basis, products, outputs, inputs), basis)
    except (SharesDoNotSum, NegativeBasis) as error:
        raise Fault("shares") from error
    except EngineError as error:
        raise Fault("shares" if basis is Basis.DECLARED else "no_basis") from error
    return Split(dict(zip(products, shares.tolist(), strict=True)), {})


def _outputs(
    process: Process, basis: Basis, products: Sequence[int], lines: list[Line], inputs: Inputs
) -> Outputs:
    if basis is Basis.DECLARED:
        stored = inputs.shares.get(process.id, {})
        found = [stored.get((process.allocation_set, product, None)) for product in products]
        known = [float("nan") if share is None else float(share) for share in found]
        return Outputs(len(products), declared=np.array(known))
    if basis not in (*MEASURED_IN, Basis.ECONOMIC):
        return Outputs(len(products))
    weight = dict.fromkeys(products, Decimal(0))
    for line in lines:
        assert line.product is not None
        weight[line.product] += _weight(process, basis, line, inputs)
    amounts = Quantity.of([float(weight[product]) for product in products], MEASURED_IN.get(basis, "money"))
    return Outputs(len(products), {basis: amounts})


def _weight(process: Process, basis: Basis, line: Line, inputs: Inputs) -> Decimal:
    """What a co-product weighs in the split: kg, MJ or money."""
    assert line.product is not None
    try:
        if basis is Basis.ECONOMIC:
            return line.amount * _price(process, inputs.prices[line.id])
        return in_unit(line.amount, line.unit, MEASURED_IN[basis], inputs.products[line.product])
    except (Fault, KeyError) as error:
        raise Fault("no_basis", exchange=line.id) from error


def _price(process: Process, prices: dict[int, Decimal]) -> Decimal:
    """The price of the reference year, else the mean of the years recorded."""
    if process.year in prices:
        return prices[process.year]
    return sum(prices.values(), Decimal(0)) / len(prices)


def _causal(process: Process, inputs: Inputs) -> dict[tuple[int, int], float]:
    causal = {
        (product, exchange): float(share)
        for (chosen, product, exchange), share in inputs.shares.get(process.id, {}).items()
        if chosen == process.allocation_set and exchange is not None
    }
    if not causal:
        raise Fault("shares")
    return causal
