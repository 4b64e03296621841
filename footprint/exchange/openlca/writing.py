"""An outgoing package as JSON-LD in a zip, schema 2 of the format. Pure.

Source: the public olca-schema (GreenDelta). Providers of wastes and products are named on the lines; product
systems name every link again, so that a reader need not guess. The same content gives the same bytes.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import IO, Any

from factors import units
from factors.openlca import CONTEXT, SCHEMA, base_unit, measures, ref
from footprint.exchange.openlca.outgoing import OutFlow, Outgoing, OutLine, OutProcess, OutShare, Weights
from footprint.exchange.openlca.systems import System, systems

ALLOCATION = {
    "": "NO_ALLOCATION",
    "physical": "PHYSICAL_ALLOCATION",
    "economic": "ECONOMIC_ALLOCATION",
    "causal": "CAUSAL_ALLOCATION",
}
LONG_AGO = (1980, 1, 1, 0, 0, 0)
METHOD = "GWP100"
TELL_EVERY = 200
Document = dict[str, Any]
Progress = Callable[[int, int], object]


def write(outgoing: Outgoing) -> bytes:
    """The zip."""
    written = io.BytesIO()
    write_into(written, outgoing)
    return written.getvalue()


def write_into(file: IO[bytes], outgoing: Outgoing, progress: Progress = lambda done, every: None) -> None:
    """The zip into a file; told is how many of its flows and processes are written, roughly."""
    known: set[str] = set()
    every = len(outgoing.flows) + len(outgoing.processes)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "openlca.json", {"schemaVersion": SCHEMA})
        for folder, document in _documents(outgoing):
            path = f"{folder}/{document['@id']}.json"
            if path not in known:
                known.add(path)
                _put(archive, path, {"@context": CONTEXT, **document})
                if len(known) % TELL_EVERY == 0:
                    progress(min(len(known), every), every)


def _put(archive: zipfile.ZipFile, path: str, document: Document) -> None:
    about = zipfile.ZipInfo(path, LONG_AGO)
    about.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(about, json.dumps(document, ensure_ascii=False))


def _documents(outgoing: Outgoing) -> Iterator[tuple[str, Document]]:
    for unit in sorted(_units(outgoing)):
        yield from measures(unit)
    for flow in outgoing.flows.values():
        yield "flows", _flow(flow)
    for place in sorted({process.place for process in outgoing.processes if process.place}):
        yield "locations", ref("Location", place, code=place)
    for process in outgoing.processes:
        yield "processes", _process(outgoing.flows, process)
    for system in systems(outgoing.processes, outgoing.flows):
        yield "product_systems", _system(outgoing.flows, system)
    for weights in outgoing.weights:
        yield "lcia_categories", _category(outgoing.flows, weights)
    if outgoing.weights:
        categories = [ref("ImpactCategory", _called(weights)) for weights in outgoing.weights]
        yield "lcia_methods", {**ref("ImpactMethod", METHOD), "impactCategories": categories}


def _units(outgoing: Outgoing) -> set[str]:
    """One unit of every dimension that occurs is enough."""
    of_flows = {unit for flow in outgoing.flows.values() for unit in (flow.unit, *flow.conversions)}
    lines = (line.unit for process in outgoing.processes for line in process.lines)
    return {base_unit(units.dimension(unit).value) for unit in {*of_flows, *lines}}


def _flow(flow: OutFlow) -> Document:
    return {
        "@type": "Flow",
        "@id": flow.id,
        "name": flow.name,
        "flowType": flow.type.value,
        **({"category": flow.category} if flow.category else {}),
        **({"synonyms": flow.other_name} if flow.other_name not in ("", flow.name) else {}),
        "flowProperties": list(_properties(flow)),
    }


def _properties(flow: OutFlow) -> Iterator[Document]:
    """How much of each quantity's reference unit one reference unit of the flow's own quantity is."""
    own = units.dimension(flow.unit)
    yield _property(flow.unit, 1.0, is_reference=True)
    taken = {own}
    for unit, per_declared in flow.conversions.items():
        if (dimension := units.dimension(unit)) not in taken:
            taken.add(dimension)
            amount = units.convert(per_declared, unit, base_unit(dimension.value))
            per_reference = amount / units.convert(Decimal(1), flow.unit, base_unit(own.value))
            yield _property(unit, float(per_reference), is_reference=False)


def _property(unit: str, factor: float, *, is_reference: bool) -> Document:
    return {
        "@type": "FlowPropertyFactor",
        "isRefFlowProperty": is_reference,
        "conversionFactor": factor,
        "flowProperty": ref("FlowProperty", units.dimension(unit).value),
    }


def _process(flows: Mapping[str, OutFlow], process: OutProcess) -> Document:
    period = {"validFrom": process.first, "validUntil": process.last}
    documentation = {
        **{name: day.isoformat() for name, day in period.items() if day},
        **({"technologyDescription": process.technology} if process.technology else {}),
    }
    return {
        "@type": "Process",
        "@id": process.id,
        "name": process.name,
        "description": process.description,
        "processType": "LCI_RESULT" if process.is_total else "UNIT_PROCESS",
        "processDocumentation": documentation,
        **({"location": ref("Location", process.place)} if process.place else {}),
        "defaultAllocationMethod": ALLOCATION[process.method],
        "allocationFactors": [_share(flows, share) for share in process.shares],
        "lastInternalId": len(process.lines),
        "exchanges": [_line(flows, place + 1, line) for place, line in enumerate(process.lines)],
    }


def _line(flows: Mapping[str, OutFlow], number: int, line: OutLine) -> Document:
    provider = {"defaultProvider": {"@type": "Process", "@id": line.provider}} if line.provider else {}
    return {
        "@type": "Exchange",
        "internalId": number,
        "flow": _flow_ref(flows, line.flow),
        "amount": float(line.amount),
        "unit": ref("Unit", line.unit),
        "flowProperty": ref("FlowProperty", units.dimension(line.unit).value),
        "isInput": line.is_input,
        "isAvoidedProduct": line.is_avoided,
        "isQuantitativeReference": line.is_reference,
        **provider,
        **_uncertainty(line),
        **({"description": line.comment} if line.comment else {}),
    }


def _uncertainty(line: OutLine) -> Document:
    """Lognormal around the amount; the format has the deviation itself, and none around nothing."""
    if line.gsd2 is None or line.amount <= 0:
        return {}
    return {
        "uncertainty": {
            "@type": "Uncertainty",
            "distributionType": "LOG_NORMAL_DISTRIBUTION",
            "geomMean": float(line.amount),
            "geomSd": math.sqrt(line.gsd2),
        }
    }


def _flow_ref(flows: Mapping[str, OutFlow], flow: str) -> Document:
    return {"@type": "Flow", "@id": flow, "name": flows[flow].name, "flowType": flows[flow].type.value}


def _share(flows: Mapping[str, OutFlow], share: OutShare) -> Document:
    document: Document = {
        "@type": "AllocationFactor",
        "allocationType": ALLOCATION[share.method],
        "product": _flow_ref(flows, share.flow),
        "value": share.share,
    }
    if share.line is not None:
        document["exchange"] = {"@type": "Exchange", "internalId": share.line + 1}
    return document


def _system(flows: Mapping[str, OutFlow], system: System) -> Document:
    reference = system.process.lines[system.reference]
    return {
        **ref("ProductSystem", flows[reference.flow].name, f"{system.process.id}/{reference.flow}"),
        "refProcess": {"@type": "Process", "@id": system.process.id},
        "refExchange": {"@type": "Exchange", "internalId": system.reference + 1},
        "targetAmount": 1.0,
        "targetUnit": ref("Unit", reference.unit),
        "targetFlowProperty": ref("FlowProperty", units.dimension(reference.unit).value),
        "processes": [{"@type": "Process", "@id": process} for process in system.processes],
        "processLinks": [
            {
                "@type": "ProcessLink",
                "provider": {"@type": "Process", "@id": link.provider},
                "flow": _flow_ref(flows, link.process.lines[link.line].flow),
                "process": {"@type": "Process", "@id": link.process.id},
                "exchange": {"@type": "Exchange", "internalId": link.line + 1},
            }
            for link in system.links
        ],
    }


def _called(weights: Weights) -> str:
    return f"{METHOD} ({weights.code})"


def _category(flows: Mapping[str, OutFlow], weights: Weights) -> Document:
    return {
        **ref("ImpactCategory", _called(weights)),
        "refUnit": "kg CO2e",
        "impactFactors": [
            {
                "@type": "ImpactFactor",
                "flow": _flow_ref(flows, flow),
                "flowProperty": ref("FlowProperty", units.dimension("kg").value),
                "unit": ref("Unit", "kg"),
                "value": value,
            }
            for flow, value in weights.values.items()
        ],
    }
