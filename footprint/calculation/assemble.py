"""Rows to columns: what each product of a process is made of, in the units the calculation works in.

What comes out depends on the rows of one snapshot and on nothing else: neither on what is calculated along
with it nor on what is in memory. A process that cannot be assembled fails by itself.
"""

from __future__ import annotations

import logging
import math
from decimal import Decimal
from typing import Any

from footprint.calculation import shares
from footprint.calculation.content import Burden, Column, Content, State, Supplier
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Inputs, Made, Process
from footprint.calculation.line import Line
from footprint.calculation.quantities import in_unit

logger = logging.getLogger(__name__)

LARGEST = 1e300
"""An amount per unit beyond this is as good as infinite; a column has few enough that their sum is not."""


def assemble(inputs: Inputs) -> dict[Column, State]:
    """Every column of these processes. Nothing is raised for a faulty process: its columns say so."""
    found: dict[Column, State] = {}
    for process in inputs.processes.values():
        found |= _columns(inputs, process)
    return found


def _columns(inputs: Inputs, process: Process) -> dict[Column, State]:
    lines = inputs.lines.get(process.id, [])
    outputs = [line for line in lines if line.is_output]
    products = list(dict.fromkeys(line.product for line in outputs if line.product))
    try:
        contents = _contents(inputs, process, lines, outputs)
    except Fault as fault:
        return {(process.id, product): State(process.year, fault=fault.record()) for product in products}
    except Exception:
        # one process's rows must never keep the others from their figures
        logger.exception("process %s cannot be assembled", process.id)
        unexpected = Fault("unexpected").record()
        return {(process.id, product): State(process.year, fault=unexpected) for product in products}
    return {(process.id, product): State(process.year, contents[product]) for product in products}


def _contents(inputs: Inputs, process: Process, lines: list[Line], outputs: list[Line]) -> dict[int, Content]:
    """What the products of a process are made of, in line order."""
    made = _made(inputs, outputs)
    split = shares.of(process, list(made), outputs, inputs)
    taken = [
        (line, supplier, amount)
        for line in lines
        if not line.is_output
        for supplier, amount in _taken(inputs, process, line)
    ]
    contents = {}
    for product, amount in made.items():
        burdens = tuple(
            Burden(line.id, line.data_type, supplier, what, part)
            for line, supplier, what in taken
            if (part := split.of_line(line.id).get(product))
        )
        content = Content(
            inputs.products[product].unit, amount, split.general.get(product), process.method, burdens
        )
        contents[product] = _finite(content)
    return contents


def _made(inputs: Inputs, outputs: list[Line]) -> dict[int, Decimal]:
    """How much of each product is put out, in its declared unit."""
    amounts: dict[int, Decimal] = {}
    for line in outputs:
        assert line.product is not None
        thing = inputs.products[line.product]
        amount = in_unit(line.amount, line.unit, thing.unit, thing)
        amounts[line.product] = amounts.get(line.product, Decimal(0)) + amount
    for product, amount in amounts.items():
        if amount <= 0:
            raise Fault("no_output", product=product)
    return amounts


def _finite(content: Content) -> Content:
    for burden in content.burdens:
        if not abs(content.per_unit(burden)) <= LARGEST:
            raise Fault("not_finite", exchange=burden.line)
    if not math.isfinite(float(content.made)):
        raise Fault("not_finite")
    return content


def _taken(inputs: Inputs, process: Process, line: Line) -> list[tuple[Supplier, Decimal]]:
    """What a line brings in: (supplier, amount in the supplier's unit), for the whole process."""
    sign = Decimal(-1) if line.is_avoided else Decimal(1)
    if line.factor_version:
        return [_from_factor(inputs, line, sign)]
    if line.gas:
        # a gas on the input side is taken out of the air
        taken = -sign if line.direction == "input" else sign
        return [(("gas", line.gas, line.origin), taken * in_unit(line.amount, line.unit, "kg"))]
    if line.provider_process:
        return [_from_process(inputs, line, sign)]
    if line.provider_product:
        return _from_product(inputs, process, line, sign)
    return []


def _from_factor(inputs: Inputs, line: Line, sign: Decimal) -> tuple[Supplier, Decimal]:
    assert line.factor_version is not None
    unit = inputs.factor_units[line.factor_version]
    thing = inputs.products.get(line.product) if line.product else None
    return ("factor", line.factor_version, 0), sign * _sound(line, line.amount, line.unit, unit, thing)


def _from_process(inputs: Inputs, line: Line, sign: Decimal) -> tuple[Supplier, Decimal]:
    if line.product is None or (line.provider_process, line.product) not in inputs.outputs:
        raise Fault("not_made", exchange=line.id)
    thing = inputs.products[line.product]
    supplier = ("column", line.provider_process, line.product)
    return supplier, sign * _sound(line, line.amount, line.unit, thing.unit, thing)


def _from_product(
    inputs: Inputs, process: Process, line: Line, sign: Decimal
) -> list[tuple[Supplier, Decimal]]:
    """A product of another site or member: its makers in the same year, weighted by what they made."""
    assert line.provider_product is not None
    thing = inputs.products[line.provider_product]
    own = inputs.products.get(line.product) if line.product else None
    amount = _to_supplier_unit(line, own, thing)
    makers = makers_of_year(inputs.makers.get(line.provider_product, []), process.year)
    if not makers and inputs.lenient:
        return []
    made: dict[int, Decimal] = {}
    for maker in makers:
        part = _sound(line, maker.amount, maker.unit, thing.unit, thing)
        made[maker.process] = made.get(maker.process, Decimal(0)) + part
    total = sum(made.values(), Decimal(0))
    if total <= 0:
        raise Fault("not_reported", exchange=line.id)
    return [
        # of a single maker all of it, to the last digit, however much it makes
        (
            ("column", maker, line.provider_product),
            sign * (amount if part == total else amount * part / total),
        )
        for maker, part in made.items()
    ]


def _to_supplier_unit(line: Line, own: Any, thing: Any) -> Decimal:
    """By the supplier's conversions, else by one's own."""
    try:
        return in_unit(line.amount, line.unit, thing.unit, thing)
    except Fault:
        return _sound(line, line.amount, line.unit, thing.unit, own)


def makers_of_year(makers: list[Made], year: int) -> list[Made]:
    """The makers of the same year, else of the latest year before, else of the earliest after."""
    if len(makers) < 2:
        return makers
    years = {maker.year for maker in makers}
    before = [known for known in years if known <= year]
    chosen = max(before) if before else min(years)
    return [maker for maker in makers if maker.year == chosen]


def _sound(line: Line, amount: Decimal, unit: str, target: str, thing: Any) -> Decimal:
    """As ``in_unit``, naming the line at fault."""
    try:
        return in_unit(amount, unit, target, thing)
    except Fault as fault:
        raise Fault(fault.code, **{**fault.about, "exchange": line.id}) from fault
