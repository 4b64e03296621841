"""Versions as an openLCA package (JSON-LD in a zip): each one a process that emits its gases. Pure.

Source: the public olca-schema (GreenDelta), schema version 2: processes, flows, flow properties, unit groups.
Identifiers are made from our own ones by name (RFC 9562, version 5), so that a later package updates an
earlier one in place.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from factors import units
from factors.content import Emission

SPACE = UUID("6f2e0c52-6d0b-5a0a-8a1c-0c0a51c5fa10")
SCHEMA = 2
CONTEXT = "http://greendelta.github.io/olca-schema"
EMISSIONS = "Elementary flows/emission/air/unspecified"


@dataclass(frozen=True)
class Dataset:
    """What a package needs to know of a version."""

    uuid: str
    name: str
    unit: str
    geography: str
    year: int
    boundary: str
    description: str
    emissions: tuple[Emission, ...]


def package(datasets: Iterable[Dataset]) -> bytes:
    """A zip that openLCA imports."""
    written = io.BytesIO()
    known: set[str] = set()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("openlca.json", json.dumps({"schemaVersion": SCHEMA}))
        for dataset in datasets:
            for folder, document in _documents(dataset):
                path = f"{folder}/{document['@id']}.json"
                if path not in known:
                    known.add(path)
                    archive.writestr(path, json.dumps({"@context": CONTEXT, **document}, ensure_ascii=False))
    return written.getvalue()


def _documents(dataset: Dataset) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything a dataset rests on, then the dataset."""
    for unit in {dataset.unit, "kg"}:
        yield from _measures(unit)
    for emission in dataset.emissions:
        yield "flows", _flow(_gas(emission), "ELEMENTARY_FLOW", "kg", EMISSIONS)
    yield "flows", _flow(dataset.name, "PRODUCT_FLOW", dataset.unit, dataset.boundary, of=dataset.uuid)
    if dataset.geography:
        yield "locations", _ref("Location", dataset.geography, code=dataset.geography)
    yield "processes", _process(dataset)


def _measures(unit: str) -> Iterator[tuple[str, dict[str, Any]]]:
    dimension = units.dimension(unit).value
    listed = [
        {
            **_ref("Unit", each.code),
            "conversionFactor": float(units.factor(each.code, _base(dimension))),
            "isRefUnit": each.code == _base(dimension),
        }
        for each in units.UNITS
        if each.dimension.value == dimension
    ]
    group = _ref("UnitGroup", f"Units of {dimension}")
    yield "unit_groups", {**group, "units": listed}
    yield (
        "flow_properties",
        {
            **_ref("FlowProperty", dimension),
            "flowPropertyType": "PHYSICAL_QUANTITY",
            "unitGroup": group,
        },
    )


def _base(dimension: str) -> str:
    return next(each.code for each in units.UNITS if each.dimension.value == dimension)


def _flow(name: str, kind: str, unit: str, category: str, of: str = "") -> dict[str, Any]:
    prop = _ref("FlowProperty", units.dimension(unit).value)
    return {
        **_ref("Flow", name, of),
        "flowType": kind,
        "category": category,
        "flowProperties": [{"isRefFlowProperty": True, "conversionFactor": 1.0, "flowProperty": prop}],
    }


def _process(dataset: Dataset) -> dict[str, Any]:
    product = _exchange(1, _ref("Flow", dataset.name, dataset.uuid), 1.0, dataset.unit, is_input=False)
    exchanges = [{**product, "isQuantitativeReference": True}]
    for number, emission in enumerate(dataset.emissions, start=2):
        flow = _ref("Flow", _gas(emission))
        exchanges.append(_exchange(number, flow, float(emission.kg_per_unit), "kg", is_input=False))
    return {
        "@type": "Process",
        "@id": dataset.uuid,
        "name": dataset.name,
        "description": dataset.description,
        "processType": "LCI_RESULT",
        "processDocumentation": {
            "validFrom": f"{dataset.year}-01-01",
            "validUntil": f"{dataset.year}-12-31",
        },
        **({"location": _ref("Location", dataset.geography)} if dataset.geography else {}),
        "lastInternalId": len(exchanges),
        "exchanges": exchanges,
    }


def _exchange(
    number: int, flow: dict[str, Any], amount: float, unit: str, *, is_input: bool
) -> dict[str, Any]:
    return {
        "internalId": number,
        "flow": flow,
        "amount": amount,
        "unit": _ref("Unit", unit),
        "flowProperty": _ref("FlowProperty", units.dimension(unit).value),
        "isInput": is_input,
        "isQuantitativeReference": False,
    }


def _gas(emission: Emission) -> str:
    return emission.gas if emission.origin == "unspecified" else f"{emission.gas}, {emission.origin}"


def _ref(kind: str, name: str, of: str = "", **more: str) -> dict[str, Any]:
    return {"@type": kind, "@id": str(uuid5(SPACE, f"{kind}/{of or name}")), "name": name, **more}
