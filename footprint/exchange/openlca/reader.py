"""Bytes of a zip to a checked ``Package``. Pure: no database, no settings, no clock.

Everything wrong is collected with its file and field before the package is refused; nothing is guessed.
Folders that a carbon footprint does not need (sources, actors, categories, ...) are not opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from footprint.exchange.confined.archive import Archive
from footprint.exchange.confined.problems import Problems
from footprint.exchange.openlca import document
from footprint.exchange.openlca.document import Node
from footprint.exchange.openlca.package import (
    AllocationFactor,
    Flow,
    FlowProperty,
    FlowType,
    Location,
    Package,
    PackageExchange,
    PackageProcess,
    PackageUnit,
    UnitGroup,
)
from footprint.exchange.openlca.references import resolve

T = TypeVar("T", UnitGroup, FlowProperty, Flow, Location, PackageProcess)
Progress = Callable[[int, int], None]

ALLOCATIONS = {
    "": "",
    "NO_ALLOCATION": "",
    "USE_DEFAULT_ALLOCATION": "",
    "PHYSICAL_ALLOCATION": "physical",
    "ECONOMIC_ALLOCATION": "economic",
    "CAUSAL_ALLOCATION": "causal",
}
FLOW_TYPES = {flow_type.value for flow_type in FlowType}
MOST_EXCHANGES = 500_000


def read(content: bytes, progress: Progress | None = None) -> Package:
    """The package in a zip.

    Raises:
        Unreadable: with every problem found.
    """
    problems = Problems()
    archive = Archive(content, problems)
    package = Package(
        unit_groups=_folder(archive, "unit_groups", _unit_group, problems),
        properties=_folder(archive, "flow_properties", _flow_property, problems),
        flows=_folder(archive, "flows", _flow, problems),
        processes=_folder(archive, "processes", _process, problems, progress),
        locations=_folder(archive, "locations", _location, problems),
    )
    if not package.processes:
        problems.error("no_processes")
    problems.raise_if_any()
    package = resolve(package, problems)
    problems.raise_if_any()
    return replace(package, warnings=tuple(problems.warnings))


def _folder(
    archive: Archive,
    folder: str,
    parse: Callable[[Node], T | None],
    problems: Problems,
    progress: Progress | None = None,
) -> dict[str, T]:
    found: dict[str, T] = {}
    names = list(archive.names(folder))
    for place, name in enumerate(names):
        content = archive.read(name)
        node = document.parse(content, name, problems) if content is not None else None
        thing = parse(node) if node is not None else None
        if thing is not None and node is not None:
            if thing.id in found:
                node.error("duplicate_id", "@id", value=thing.id)
            found[thing.id] = thing
        if progress is not None:
            progress(place + 1, len(names))
    return found


def _unit_group(node: Node) -> UnitGroup | None:
    key = node.key("@id")
    units: dict[str, PackageUnit] = {}
    references: list[PackageUnit] = []
    for entry in node.children("units"):
        unit = PackageUnit(
            id=entry.key("@id"),
            name=entry.text("name", required=True),
            synonyms=entry.texts("synonyms"),
            factor=entry.number("conversionFactor") or Decimal(0),
            field=entry.field("conversionFactor"),
        )
        if unit.id in units:
            entry.error("duplicate_id", "@id", value=unit.id)
        if entry.has("conversionFactor") and unit.factor <= 0:
            entry.error("not_positive", "conversionFactor")
        units[unit.id] = unit
        if entry.flag("isRefUnit", "referenceUnit"):
            references.append(unit)
    if len(references) != 1:
        node.error("one_reference", "units", found=len(references))
        return None
    return UnitGroup(key, node.file, units, references[0])


def _flow_property(node: Node) -> FlowProperty | None:
    return FlowProperty(
        id=node.key("@id"),
        file=node.file,
        name=node.text("name"),
        unit_group=node.reference("unitGroup", required=True),
    )


def _flow(node: Node) -> Flow | None:
    key = node.key("@id")
    name = node.text("name", required=True)
    written = node.text("flowType", required=True)
    if written and written not in FLOW_TYPES:
        node.error("unknown_value", "flowType", value=written)
    properties: dict[str, Decimal] = {}
    references: list[str] = []
    for entry in node.children("flowProperties"):
        quantity = entry.reference("flowProperty", required=True)
        factor = entry.number("conversionFactor")
        if factor is not None and factor <= 0:
            entry.error("not_positive", "conversionFactor")
        if quantity in properties:
            entry.error("duplicate_id", "flowProperty", value=quantity)
        properties[quantity] = factor or Decimal(1)
        if entry.flag("isRefFlowProperty", "referenceFlowProperty"):
            references.append(quantity)
    if len(references) != 1:
        node.error("one_reference", "flowProperties", found=len(references))
    if len(references) != 1 or written not in FLOW_TYPES:
        return None
    return Flow(key, node.file, name[:300], FlowType(written), _compartment(node), references[0], properties)


def _compartment(node: Node) -> tuple[str, ...]:
    """The category path: an object with a path above it in schema 1, one text in schema 2."""
    if isinstance(node.content.get("category"), str):
        return tuple(part.strip() for part in node.text("category").split("/") if part.strip())
    category = node.child("category")
    if category is None:
        return ()
    return (*category.texts("categoryPath"), category.text("name"))


def _location(node: Node) -> Location:
    return Location(node.key("@id"), node.file, node.text("code")[:40], node.text("name")[:80])


def _process(node: Node) -> PackageProcess | None:
    documentation = node.child("processDocumentation")
    written = node.text("defaultAllocationMethod")
    if written not in ALLOCATIONS:
        node.error("unknown_value", "defaultAllocationMethod", value=written)
    return PackageProcess(
        id=node.key("@id"),
        file=node.file,
        name=node.text("name", required=True)[:300],
        technology=documentation.text("technologyDescription")[:300] if documentation else "",
        allocation=ALLOCATIONS.get(written, ""),
        exchanges=_exchanges(node),
        factors=tuple(_allocation_factor(entry) for entry in node.children("allocationFactors")),
        location=node.reference("location"),
        valid_from=documentation.text("validFrom")[:40] if documentation else "",
    )


def _exchanges(node: Node) -> tuple[PackageExchange, ...]:
    found: list[PackageExchange] = []
    for entry in node.children("exchanges"):
        found.append(_exchange(entry))
        if len(found) > MOST_EXCHANGES:
            node.error("too_many_exchanges", "exchanges", most=MOST_EXCHANGES)
            break
    if not found:
        node.error("missing", "exchanges")
    return tuple(found)


def _exchange(entry: Node) -> PackageExchange:
    if entry.text("amountFormula"):
        entry.warning("formula", "amountFormula")
    return PackageExchange(
        path=entry.path,
        internal_id=_internal_id(entry),
        flow=entry.reference("flow", required=True),
        property=entry.reference("flowProperty"),
        unit=entry.reference("unit"),
        amount=entry.number("amount") or Decimal(0),
        is_input=entry.flag("isInput", "input"),
        is_avoided=entry.flag("isAvoidedProduct", "avoidedProduct"),
        is_reference=entry.flag("isQuantitativeReference", "quantitativeReference"),
        default_provider=entry.reference("defaultProvider"),
        description=entry.text("description")[:2000],
    )


def _internal_id(entry: Node) -> str:
    number = entry.number("internalId", required=False)
    return "" if number is None else str(number)


def _allocation_factor(entry: Node) -> AllocationFactor:
    written = entry.text("allocationType", required=True)
    if written and not ALLOCATIONS.get(written):
        entry.error("unknown_value", "allocationType", value=written)
    exchange = entry.child("exchange")
    return AllocationFactor(
        path=entry.path,
        method=ALLOCATIONS.get(written, ""),
        product=entry.reference("product", required=True),
        value=entry.number("value") or Decimal(0),
        exchange=_internal_id(exchange) if exchange else "",
        exchange_flow=exchange.reference("flow") if exchange else "",
    )
