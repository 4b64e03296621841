"""Whether everything a package refers to is in it and fits together. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from footprint.exchange.confined.problems import Problems
from footprint.exchange.openlca.package import (
    AllocationFactor,
    Flow,
    FlowType,
    Package,
    PackageExchange,
    PackageProcess,
)


def resolve(package: Package, problems: Problems) -> Package:
    """The package with the flow property and unit of every exchange filled in.

    An exchange that names no flow property is in the flow's reference property, and one that names no unit in
    the property's reference unit: so the format says.
    """
    for quantity in package.properties.values():
        if quantity.unit_group not in package.unit_groups:
            problems.error("missing_reference", quantity.file, "unitGroup", value=quantity.unit_group)
    for flow in package.flows.values():
        for place, key in enumerate(flow.properties):
            if key not in package.properties:
                field = f"flowProperties[{place}].flowProperty"
                problems.error("missing_reference", flow.file, field, value=key)
    problems.raise_if_any()
    processes = {
        process.id: replace(
            process,
            exchanges=tuple(_exchange(package, process, line, problems) for line in process.exchanges),
            factors=_placed(process, problems),
        )
        for process in package.processes.values()
    }
    problems.raise_if_any()
    for process in processes.values():
        _check_process(package, process, problems)
    return replace(package, processes=processes)


def _exchange(
    package: Package, process: PackageProcess, line: PackageExchange, problems: Problems
) -> PackageExchange:
    flow = package.flows.get(line.flow)
    if flow is None:
        problems.error("missing_reference", process.file, f"{line.path}.flow", value=line.flow)
        return line
    quantity = line.property or flow.reference_property
    if quantity not in flow.properties:
        field = f"{line.path}.flowProperty"
        problems.error("not_a_property_of_flow", process.file, field, value=quantity, flow=flow.name)
        return line
    group = package.unit_groups[package.properties[quantity].unit_group]
    unit = line.unit or group.reference.id
    if unit not in group.units:
        quantity_name = package.properties[quantity].name
        field = f"{line.path}.unit"
        problems.error("not_a_unit_of_property", process.file, field, value=unit, quantity=quantity_name)
    return replace(line, property=quantity, unit=unit)


def _placed(process: PackageProcess, problems: Problems) -> tuple[AllocationFactor, ...]:
    """The allocation factors, each knowing the line it is for."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(process.exchanges):
        places[line.internal_id].append(place)
    found: list[AllocationFactor] = []
    for factor in process.factors:
        if not factor.exchange:
            found.append(factor)
            continue
        candidates = [
            place
            for place in places.get(factor.exchange, [])
            if factor.exchange_flow in ("", process.exchanges[place].flow)
        ]
        if len(candidates) == 1:
            found.append(replace(factor, position=candidates[0]))
        else:
            field = f"{factor.path}.exchange"
            problems.error("missing_reference", process.file, field, value=factor.exchange)
    return tuple(found)


def _check_process(package: Package, process: PackageProcess, problems: Problems) -> None:
    references = [line for line in process.exchanges if line.is_reference]
    if len(references) != 1:
        problems.error("one_reference", process.file, "exchanges", found=len(references))
    for line in process.exchanges:
        _check_line(package.flows[line.flow], process, line, problems)
    for line in references:
        if not is_output(package.flows[line.flow], line):
            field = f"{line.path}.quantitativeReference"
            problems.error("reference_is_no_output", process.file, field)
    _check_factors(package, process, problems)


def _check_line(flow: Flow, process: PackageProcess, line: PackageExchange, problems: Problems) -> None:
    if line.is_avoided and (flow.type is not FlowType.PRODUCT or not line.is_input):
        problems.error("avoided_is_product_input", process.file, f"{line.path}.avoidedProduct")
    if flow.type is FlowType.ELEMENTARY:
        return
    if is_output(flow, line) and line.amount <= 0:
        problems.error("not_positive", process.file, f"{line.path}.amount")
    elif line.amount < 0:
        problems.warning("negative_amount", process.file, f"{line.path}.amount", flow=flow.name)


def is_output(flow: Flow, line: PackageExchange) -> bool:
    """Whether the line is what the process is there for: a product it makes, or the waste it treats."""
    if flow.type is FlowType.PRODUCT:
        return not line.is_input and not line.is_avoided
    return flow.type is FlowType.WASTE and line.is_input and line.is_reference


def _check_factors(package: Package, process: PackageProcess, problems: Problems) -> None:
    made = {line.flow for line in process.exchanges if is_output(package.flows[line.flow], line)}
    values: dict[tuple[str, str, int | None], Decimal] = {}
    for factor in process.factors:
        if factor.product not in made:
            field = f"{factor.path}.product"
            problems.error("factor_of_no_product", process.file, field, value=factor.product)
        first = values.setdefault((factor.method, factor.product, factor.position), factor.value)
        if first != factor.value:
            problems.error("factor_twice", process.file, factor.path)
