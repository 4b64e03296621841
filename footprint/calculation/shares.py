"""How a process's burden is split among its co-products: rows in, the engine's shares out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Inputs, Line, Process
from footprint.calculation.quantities import in_unit

SHARES_SUM_TOLERANCE = Decimal("1e-9")


@dataclass(frozen=True)
class Split:
    """The share of each product, and of single lines where the declaration is causal."""

    general: dict[int, Decimal]
    causal: dict[tuple[int, int], Decimal]

    def for_line(self, product: int, exchange: int) -> Decimal:
        """The product's share of one line's burden; a line that is not declared brings none."""
        if self.causal:
            return self.causal.get((product, exchange), Decimal(0))
        return self.general[product]


def of(process: Process, products: Sequence[int], outputs: list[Line], inputs: Inputs) -> Split:
    """The split by the process's method.

    Raises:
        Fault: no_output, no_basis, or shares.
    """
    if not products:
        return Split({}, {})
    if process.method == "full" or (len(products) == 1 and process.method != "causal"):
        return Split(dict.fromkeys(products, Decimal(1)), {})
    if process.method == "causal":
        return _causal(process, inputs)
    if process.method == "declared":
        return Split(_declared(process, products, inputs), {})
    basis = {product: Decimal(0) for product in products}
    for line in outputs:
        assert line.product is not None
        basis[line.product] += _weight(process, line, inputs)
    return Split(_in_proportion(basis), {})


def _in_proportion(basis: dict[int, Decimal]) -> dict[int, Decimal]:
    total = sum(basis.values(), Decimal(0))
    if total <= 0:
        raise Fault("no_basis")
    return {product: weight / total for product, weight in basis.items()}


def _weight(process: Process, line: Line, inputs: Inputs) -> Decimal:
    """What a co-product weighs in the split: kg, MJ or money."""
    assert line.product is not None
    thing = inputs.products[line.product]
    try:
        if process.method == "mass":
            return in_unit(line.amount, line.unit, "kg", thing)
        if process.method == "energy":
            return in_unit(line.amount, line.unit, "MJ", thing)
        if process.method == "economic":
            return line.amount * _price(process, inputs.prices[line.id])
    except (Fault, KeyError) as error:
        raise Fault("no_basis", exchange=line.id) from error
    raise Fault("no_basis")


def _price(process: Process, prices: dict[int, Decimal]) -> Decimal:
    """The price of the reference year, else the mean of the years recorded."""
    if process.year in prices:
        return prices[process.year]
    return sum(prices.values(), Decimal(0)) / len(prices)


def _declared(process: Process, products: Sequence[int], inputs: Inputs) -> dict[int, Decimal]:
    stored = inputs.shares.get(process.id, {})
    found = {product: stored.get((process.allocation_set, product, None)) for product in products}
    declared = {product: share for product, share in found.items() if share is not None}
    if len(declared) < len(products) or abs(sum(declared.values()) - 1) > SHARES_SUM_TOLERANCE:
        raise Fault("shares")
    return declared


def _causal(process: Process, inputs: Inputs) -> Split:
    stored = inputs.shares.get(process.id, {})
    causal = {
        (product, exchange): share
        for (chosen, product, exchange), share in stored.items()
        if chosen == process.allocation_set and exchange is not None
    }
    if not causal:
        raise Fault("shares")
    return Split({}, causal)
