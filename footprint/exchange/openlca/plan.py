"""From a package to the rows of an inventory, before any row exists. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from factors import units
from factors.origins import Origin
from footprint.exchange.confined.problems import Problem, Problems
from footprint.exchange.openlca import linking, sharing
from footprint.exchange.openlca.gas_flows import is_into_air, known_flows, meant
from footprint.exchange.openlca.left_out import without_estimate
from footprint.exchange.openlca.package import Flow, FlowType, Package, PackageExchange, PackageProcess
from footprint.exchange.openlca.quantities import Quantities
from footprint.exchange.openlca.references import is_output
from footprint.exchange.openlca.sharing import ShareRow


@dataclass(frozen=True)
class ProductRow:
    """A product or waste; ``quantity`` is the flow property its unit belongs to."""

    flow: str
    code: str
    name: str
    kind: str
    unit: str
    quantity: str
    conversions: dict[str, str]


@dataclass(frozen=True)
class ProcessRow:
    """A unit process."""

    id: str
    code: str
    name: str
    technology: str
    method: str
    allocation_set: str


@dataclass(frozen=True)
class LineRow:
    """An exchange; ``provider`` is a process id of the package."""

    process: str
    position: int
    direction: str
    kind: str
    flow: str
    name: str
    compartment: str
    gas: str
    origin: str
    amount: Decimal
    unit: str
    is_reference: bool
    is_avoided: bool
    provider: str
    comment: str
    exempted_kg_co2e: Decimal | None = None

    @property
    def makes_a_column(self) -> bool:
        """A product put out, or the waste that a treatment takes in."""
        if self.kind == "product":
            return self.direction == "output"
        return self.kind == "waste" and self.direction == "input" and self.is_reference


@dataclass(frozen=True)
class Finding:
    """A line of the report: something imported otherwise than a reader might think."""

    kind: str
    problem: Problem
    process: str = ""
    flow: str = ""
    amount: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Plan:
    """Everything to store, and what to tell about it."""

    products: tuple[ProductRow, ...]
    processes: tuple[ProcessRow, ...]
    lines: tuple[LineRow, ...]
    shares: tuple[ShareRow, ...]
    findings: tuple[Finding, ...]
    uncharacterised: int


@dataclass
class _Planner:
    package: Package
    gases: Mapping[str, str]
    gas_flows: Mapping[str, tuple[str, str]]
    problems: Problems
    quantities: Quantities
    made_by: dict[str, list[str]]
    products: dict[str, ProductRow] = field(default_factory=dict)
    lines: list[LineRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    uncharacterised: set[str] = field(default_factory=set)


def plan(package: Package, gases: Mapping[str, str]) -> Plan:
    """The rows of a package. ``gases`` maps names in lower case to the codes of greenhouse gases.

    Raises:
        Unreadable: units that are unknown or mean something else, or shares that do not sum.
    """
    problems = Problems()
    planner = _Planner(
        package,
        gases,
        known_flows(set(gases.values())),
        problems,
        Quantities(package, problems),
        made_by=linking.makers(package),
    )
    _plan_products(planner)
    problems.raise_if_any()
    codes = short_codes(package.processes)
    processes: list[ProcessRow] = []
    shares: list[ShareRow] = []
    for process in package.processes.values():
        method, chosen = sharing.method(package, process, problems)
        shares += sharing.rows(process)
        processes.append(
            ProcessRow(process.id, codes[process.id], process.name, process.technology, method, chosen)
        )
        for position, line in enumerate(process.exchanges):
            _plan_line(planner, process, position, line)
    problems.raise_if_any()
    noted = [Finding("note", problem) for problem in (*package.warnings, *problems.warnings)]
    unused = [
        _unused(process, method)
        for process in package.processes.values()
        for method in sharing.unused(process)
    ]
    return Plan(
        products=tuple(planner.products.values()),
        processes=tuple(processes),
        lines=tuple(planner.lines),
        shares=tuple(shares),
        findings=(*planner.findings, *unused, *noted),
        uncharacterised=len(planner.uncharacterised),
    )


def short_codes(keys: Mapping[str, object]) -> dict[str, str]:
    """The first eight digits of each key, or all of it where two keys share them."""
    starts = [key[:8] for key in keys]
    return {key: key[:8] if starts.count(key[:8]) == 1 else key for key in keys}


def _unused(process: PackageProcess, method: str) -> Finding:
    problem = Problem("allocation_unused", process.file, "allocationFactors", {"value": method})
    return Finding("allocation_unused", problem, process.name)


def _plan_products(planner: _Planner) -> None:
    """A product for every flow that lines name, counted in the unit its makers declare."""
    package = planner.package
    first: dict[str, tuple[PackageProcess, PackageExchange]] = {}
    declared: dict[str, set[tuple[str, str]]] = {}
    for process in package.processes.values():
        for line in process.exchanges:
            flow = package.flows[line.flow]
            if flow.type is FlowType.ELEMENTARY:
                continue
            first.setdefault(flow.id, (process, line))
            if is_output(flow, line):
                unit = planner.quantities.code(line.property, line.unit, process.file, f"{line.path}.unit")
                declared.setdefault(flow.id, set()).add((line.property, unit))
    codes = short_codes(first)
    for key, (process, line) in first.items():
        flow = package.flows[key]
        choices = declared.get(key, set())
        reference = flow.reference_property
        quantity, unit = (
            next(iter(choices))
            if len(choices) == 1
            else (reference, planner.quantities.reference_code(reference, process.file, f"{line.path}.flow"))
        )
        if unit:
            planner.products[key] = _product(planner, flow, codes[key], quantity, unit)


def _product(planner: _Planner, flow: Flow, code: str, quantity: str, unit: str) -> ProductRow:
    return ProductRow(
        flow=flow.id,
        code=code,
        name=flow.name,
        kind="waste" if flow.type is FlowType.WASTE else "product",
        unit=unit,
        quantity=quantity,
        conversions=planner.quantities.conversions(flow, (quantity, unit)),
    )


def _plan_line(planner: _Planner, process: PackageProcess, position: int, line: PackageExchange) -> None:
    flow = planner.package.flows[line.flow]
    unit = planner.quantities.code(line.property, line.unit, process.file, f"{line.path}.unit")
    comment, estimate = without_estimate(line.description)
    row = LineRow(
        process=process.id,
        position=position,
        direction="input" if line.is_input else "output",
        kind={FlowType.PRODUCT: "product", FlowType.WASTE: "waste"}.get(flow.type, "elementary"),
        flow=flow.id,
        name=flow.name,
        compartment="/".join(flow.compartment)[:100],
        gas="",
        origin=Origin.UNSPECIFIED.value,
        amount=line.amount,
        unit=unit,
        is_reference=line.is_reference,
        is_avoided=line.is_avoided,
        provider="",
        comment=comment,
        exempted_kg_co2e=estimate,
    )
    if not unit:
        return
    if flow.type is FlowType.ELEMENTARY:
        row = _with_gas(planner, process, line, row)
    else:
        row = _with_provider(planner, process, line, row)
    if row.provider or row.kind == "elementary" or row.is_avoided or row.makes_a_column:
        row = replace(row, exempted_kg_co2e=None)  # something is counted, so nothing is left out
    planner.lines.append(row)


def _with_gas(planner: _Planner, process: PackageProcess, line: PackageExchange, row: LineRow) -> LineRow:
    """A greenhouse gas let into the air, or taken out of it; any other elementary flow stays as it is.

    A flow of our own packages says the origin as well, any other counts as of unspecified origin.
    """
    flow = planner.package.flows[line.flow]
    found = meant(flow, planner.gases, planner.gas_flows)
    if found is None or not is_into_air(flow, planner.gas_flows):
        planner.uncharacterised.add(flow.id)
        if found and not line.is_input:
            values = {"value": flow.name, "compartment": row.compartment or "—"}
            problem = Problem("gas_elsewhere", process.file, line.path, values)
            planner.findings.append(_finding("note", problem, process, row))
        return row
    gas, origin = found
    row = replace(row, gas=gas, origin=origin)
    if line.is_input:
        problem = Problem("removal", process.file, line.path, {"value": flow.name})
        planner.findings.append(_finding("note", problem, process, row))
    if units.same_dimension(row.unit, "kg"):
        return row
    in_kg = planner.quantities.in_kg(flow, (line.property, row.unit), row.amount)
    if in_kg is not None:
        return replace(row, amount=in_kg, unit="kg")
    planner.problems.error("gas_without_mass", process.file, f"{line.path}.unit", value=flow.name)
    return row


def _with_provider(
    planner: _Planner, process: PackageProcess, line: PackageExchange, row: LineRow
) -> LineRow:
    flow = planner.package.flows[line.flow]
    product = planner.products[flow.id]
    declared = (product.quantity, product.unit)
    if not planner.quantities.is_told_by_unit(flow, declared, line.property, row.unit):
        planner.problems.error(
            "two_properties_of_one_dimension", process.file, f"{line.path}.flowProperty", value=flow.name
        )
    if not linking.wants_provider(planner.package, line):
        if row.kind == "waste" and not row.is_reference:
            problem = Problem("waste_input_not_reference", process.file, line.path, {"value": flow.name})
            planner.findings.append(_finding("note", problem, process, row))
        return row
    link = linking.link(planner.package, planner.made_by, line)
    if link.reason:
        named = "unlinked_waste" if row.kind == "waste" else "cut_off"
        kind = "provider_replaced" if link.provider else named
        problem = Problem(link.reason, process.file, f"{line.path}.defaultProvider", {"value": flow.name})
        planner.findings.append(_finding(kind, problem, process, row))
    return replace(row, provider=link.provider)


def _finding(kind: str, problem: Problem, process: PackageProcess, row: LineRow) -> Finding:
    return Finding(kind, problem, process.name, row.name, str(row.amount), row.unit)
