"""Rows to arrays: the network the engine solves, and what to call its nodes afterwards.

One node is one column: a product of a unit process, per the product's declared unit. A supplier inside the
closure is another node; a factor version, or a column whose stored figure stands, is a source with a fixed
vector. A process that cannot be assembled fails by itself and takes only its consumers along.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from footprint.calculation import shares
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Column, GasKey, Inputs, Line, Made, Process
from footprint.calculation.quantities import in_unit
from footprint.engine.equations import Equations, Floats, Ints

logger = logging.getLogger(__name__)

Source = tuple[str, int, int]
"""("factor", version, 0) or ("column", process, product)."""
Output = tuple[int, int, Decimal]
"""A product, its node, and the amount made in the declared unit."""


@dataclass
class Assembled:
    """The network of a closure.

    Shapes   links are parallel arrays: node, exchange, supplier, amount; a supplier below ``len(columns)`` is
             a node, above it a source; direct: (n, m); vectors: (sources, m); m = len(gases);
             place: (n + sources,) where the engine keeps each node and source
    Units    amount: supplier's unit per declared unit of the node; direct, vectors: kg of gas per unit
    """

    columns: list[Column]
    production: list[float]
    share: list[float]
    gases: list[GasKey]
    node: Ints
    exchange: Ints
    supplier: Ints
    amount: Floats
    direct: Floats
    vectors: Floats
    place: Ints
    faults: dict[int, Fault] = field(default_factory=dict)

    def network(self) -> Equations:
        """What the engine solves: a source is a product that takes nothing.

        The engine adds in the order of its numbers. They follow from what nodes and sources are, so a figure
        has the same bits whichever of its suppliers are computed along with it.
        """
        burden = np.empty((len(self.place), len(self.gases)))
        burden[self.place] = np.vstack([self.direct, self.vectors])
        return Equations(len(burden), self.place[self.node], self.place[self.supplier], self.amount, burden)

    def processes_at(self, places: Iterable[int]) -> list[int]:
        """The processes whose columns the engine keeps there, ascending."""
        wanted = set(map(int, places))
        return sorted({process for at, (process, _) in enumerate(self.columns) if self.place[at] in wanted})

    def failing(self) -> dict[int, Fault]:
        """Nodes without a figure: of faulty processes, and of everything that takes from one."""
        found = {
            node: self.faults[process]
            for node, (process, _) in enumerate(self.columns)
            if process in self.faults
        }
        consumers: dict[int, list[tuple[int, int]]] = {}
        for node, exchange, supplier in zip(self.node, self.exchange, self.supplier, strict=True):
            consumers.setdefault(int(supplier), []).append((int(node), int(exchange)))
        queue = list(found)
        while queue:
            for node, exchange in consumers.get(queue.pop(), []):
                if node not in found:
                    found[node] = Fault("supplier_failed", exchange=exchange)
                    queue.append(node)
        return found


@dataclass
class _Builder:
    inputs: Inputs
    columns: dict[Column, int] = field(default_factory=dict)
    production: list[float] = field(default_factory=list)
    share: list[float] = field(default_factory=list)
    sources: dict[Source, dict[GasKey, float]] = field(default_factory=dict)
    links: list[tuple[int, int, Source | int, float]] = field(default_factory=list)
    emissions: list[tuple[int, GasKey, float]] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)


def assemble(inputs: Inputs) -> Assembled:
    """The network of these inputs. Faults are in the result; nothing is raised for a faulty process."""
    build = _Builder(inputs)
    outputs = {}
    for process in inputs.processes.values():
        outputs[process.id] = _guarded(build, process, _add_columns) or []
    for process in inputs.processes.values():
        if process.id not in build.faults:
            marks = len(build.links), len(build.emissions)
            _guarded(build, process, _add_burdens, outputs[process.id])
            if process.id in build.faults:
                del build.links[marks[0] :], build.emissions[marks[1] :]
    return _arrays(build)


def _guarded(build: _Builder, process: Process, step: Any, *more: Any) -> Any:
    try:
        return step(build, process, *more)
    except Fault as fault:
        build.faults[process.id] = fault
    except Exception:
        # one process's rows must never keep the others from their figures
        logger.exception("process %s cannot be assembled", process.id)
        build.faults[process.id] = Fault("unexpected")
    return None


def _add_columns(build: _Builder, process: Process) -> list[Output]:
    """Nodes for the products of a process, in line order."""
    amounts: dict[int, Decimal] = {}
    lines = [line for line in build.inputs.lines.get(process.id, ()) if _is_output(line)]
    for line in lines:
        assert line.product is not None
        build.columns.setdefault((process.id, line.product), len(build.columns))
        if len(build.production) < len(build.columns):
            build.production.append(0.0)
            build.share.append(0.0)
    for line in lines:
        assert line.product is not None
        thing = build.inputs.products[line.product]
        amount = in_unit(line.amount, line.unit, thing.unit, thing)
        amounts[line.product] = amounts.get(line.product, Decimal(0)) + amount
    for product, amount in amounts.items():
        if amount <= 0:
            raise Fault("no_output", product=product)
        build.production[build.columns[process.id, product]] = float(amount)
    return [(product, build.columns[process.id, product], amount) for product, amount in amounts.items()]


def _is_output(line: Line) -> bool:
    """A line that makes a column: a product put out, or the waste a treatment process takes in."""
    if line.kind == "product":
        return line.direction == "output" and not line.is_avoided
    return line.kind == "waste" and line.direction == "input" and line.is_reference


def _add_burdens(build: _Builder, process: Process, outputs: list[Output]) -> None:
    """Emissions and links of a process, split among its columns."""
    products = [product for product, _, _ in outputs]
    lines = build.inputs.lines.get(process.id, [])
    split = shares.of(process, products, [line for line in lines if _is_output(line)], build.inputs)
    for product, node, _ in outputs:
        build.share[node] = split.general.get(product, float("nan"))
    for line in lines:
        if _is_output(line):
            continue
        burdens = list(_burdens(build, process, line))
        for product, node, made in outputs:
            part = split.for_line(product, line.id)
            for supplier, amount in burdens:
                value = part * float(amount / made)
                if isinstance(supplier, tuple) and supplier[0] == "gas":
                    build.emissions.append((node, (supplier[1], supplier[2]), value))
                elif value:
                    build.links.append((node, line.id, supplier, value))


def _burdens(build: _Builder, process: Process, line: Line) -> list[tuple[Any, Decimal]]:
    """What a line brings in: (supplier, amount in the supplier's unit), for the whole process."""
    sign = Decimal(-1) if line.is_avoided else Decimal(1)
    if line.factor_version:
        return [_from_factor(build, line, sign)]
    if line.gas:
        # a gas on the input side is taken out of the air
        taken = -sign if line.direction == "input" else sign
        return [(("gas", line.gas, line.origin), taken * in_unit(line.amount, line.unit, "kg"))]
    if line.provider_process:
        return [_from_process(build, line, sign)]
    if line.provider_product:
        return _from_product(build, process, line, sign)
    return []


def _from_factor(build: _Builder, line: Line, sign: Decimal) -> tuple[Source, Decimal]:
    assert line.factor_version is not None
    factor = build.inputs.factors[line.factor_version]
    thing = build.inputs.products.get(line.product) if line.product else None
    source: Source = ("factor", line.factor_version, 0)
    build.sources[source] = {key: float(kg) for key, kg in factor.gases.items()}
    return source, sign * _sound(line, line.amount, line.unit, factor.unit, thing)


def _from_process(build: _Builder, line: Line, sign: Decimal) -> tuple[Any, Decimal]:
    assert line.provider_process is not None
    if line.product is None:
        raise Fault("not_made", exchange=line.id)
    thing = build.inputs.products[line.product]
    supplier = _supplier(build, line, (line.provider_process, line.product))
    return supplier, sign * _sound(line, line.amount, line.unit, thing.unit, thing)


def _from_product(build: _Builder, process: Process, line: Line, sign: Decimal) -> list[tuple[Any, Decimal]]:
    """A product of another site or member: its makers in the same year, weighted by what they made."""
    assert line.provider_product is not None
    thing = build.inputs.products[line.provider_product]
    own = build.inputs.products.get(line.product) if line.product else None
    amount = _to_supplier_unit(line, own, thing)
    makers = _of_year(build.inputs.makers.get(line.provider_product, []), process.year)
    if not makers:
        if build.inputs.lenient:
            return []
        raise Fault("not_reported", exchange=line.id)
    made = [_sound(line, maker.amount, maker.unit, thing.unit, thing) for maker in makers]
    total = sum(made, Decimal(0))
    if total <= 0:
        raise Fault("not_reported", exchange=line.id)
    return [
        (_supplier(build, line, (maker.process, line.provider_product)), sign * amount * part / total)
        for maker, part in zip(makers, made, strict=True)
    ]


def _to_supplier_unit(line: Line, own: Any, thing: Any) -> Decimal:
    """By the supplier's conversions, else by one's own."""
    try:
        return in_unit(line.amount, line.unit, thing.unit, thing)
    except Fault:
        return _sound(line, line.amount, line.unit, thing.unit, own)


def _of_year(makers: list[Made], year: int) -> list[Made]:
    """The makers of the same year, else of the latest year before, else of the earliest after."""
    years = {maker.year for maker in makers}
    if not years:
        return []
    before = [known for known in years if known <= year]
    chosen = max(before) if before else min(years)
    return [maker for maker in makers if maker.year == chosen]


def _supplier(build: _Builder, line: Line, column: Column) -> Source | int:
    """The node of a column inside, or the source of a column at the border."""
    if column in build.columns:
        return build.columns[column]
    if column[0] in build.inputs.processes:
        raise Fault("not_made", exchange=line.id)
    if column not in build.inputs.border and not build.inputs.lenient:
        raise Fault("not_reported", exchange=line.id)
    vector = build.inputs.border.get(column, {})
    if vector is None:
        raise Fault("supplier_failed", exchange=line.id)
    source: Source = ("column", *column)
    build.sources[source] = vector
    return source


def _sound(line: Line, amount: Decimal, unit: str, target: str, thing: Any) -> Decimal:
    """As ``in_unit``, naming the line at fault."""
    try:
        return in_unit(amount, unit, target, thing)
    except Fault as fault:
        raise Fault(fault.code, **{**fault.about, "exchange": line.id}) from fault


def _ranks(keys: Sequence[Source]) -> Ints:
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return ranks


def _arrays(build: _Builder) -> Assembled:
    n = len(build.columns)
    places = {source: n + place for place, source in enumerate(build.sources)}
    known = [*(("column", *column) for column in build.columns), *build.sources]
    gases = sorted(
        {gas for _, gas, _ in build.emissions} | {gas for vector in build.sources.values() for gas in vector}
    )
    at = {gas: place for place, gas in enumerate(gases)}
    direct = np.zeros((n, len(gases)))
    for node, gas, kg in build.emissions:
        direct[node, at[gas]] += kg
    vectors = np.zeros((len(build.sources), len(gases)))
    for place, vector in enumerate(build.sources.values()):
        for gas, kg in vector.items():
            vectors[place, at[gas]] = kg
    return Assembled(
        columns=list(build.columns),
        production=build.production,
        share=build.share,
        gases=gases,
        node=np.array([link[0] for link in build.links], dtype=np.int64),
        exchange=np.array([link[1] for link in build.links], dtype=np.int64),
        supplier=np.array(
            [link[2] if isinstance(link[2], int) else places[link[2]] for link in build.links], dtype=np.int64
        ),
        amount=np.array([link[3] for link in build.links], dtype=np.float64),
        direct=direct,
        vectors=vectors,
        place=_ranks(known),
        faults=build.faults,
    )
