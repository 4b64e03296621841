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
from typing import IO, Any
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
    technology: str = ""


def package(datasets: Iterable[Dataset]) -> bytes:
    """A zip that openLCA imports, as bytes."""
    written = io.BytesIO()
    write_package(datasets, written)
    return written.getvalue()


def write_package(datasets: Iterable[Dataset], file: IO[bytes]) -> None:
    """The same into a file, dataset by dataset; only the names of what is in it stay in memory."""
    known: set[str] = set()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("openlca.json", json.dumps({"schemaVersion": SCHEMA}))
        for dataset in datasets:
            for folder, document in (*_shared(dataset, known), *_own(dataset)):
                path = f"{folder}/{document['@id']}.json"
                archive.writestr(path, json.dumps({"@context": CONTEXT, **document}, ensure_ascii=False))


def _shared(dataset: Dataset, known: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What datasets rest on together, the first time that one does."""
    for unit in (dataset.unit, "kg"):
        for folder, document in measures(unit) if _is_new(f"unit {unit}", known) else ():
            if _is_new(document["@id"], known):
                yield folder, document
    for emission in dataset.emissions:
        name = gas_name(emission.gas, emission.origin)
        if _is_new(f"gas {name}", known):
            yield "flows", flow(name, "ELEMENTARY_FLOW", "kg", EMISSIONS)
    if dataset.geography and _is_new(f"place {dataset.geography}", known):
        yield "locations", ref("Location", dataset.geography, code=dataset.geography)


def _is_new(name: str, known: set[str]) -> bool:
    if name in known:
        return False
    known.add(name)
    return True


def _own(dataset: Dataset) -> Iterator[tuple[str, dict[str, Any]]]:
    """Its product and its process."""
    yield "flows", flow(dataset.name, "PRODUCT_FLOW", dataset.unit, dataset.boundary, of=dataset.uuid)
    yield "processes", _process(dataset)


def measures(unit: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The unit group and the flow property a unit belongs to, by folder."""
    dimension = units.dimension(unit).value
    listed = [
        {
            **ref("Unit", each.code),
            "conversionFactor": float(units.factor(each.code, base_unit(dimension))),
            "isRefUnit": each.code == base_unit(dimension),
        }
        for each in units.UNITS
        if each.dimension.value == dimension
    ]
    group = ref("UnitGroup", f"Units of {dimension}")
    yield "unit_groups", {**group, "units": listed}
    yield (
        "flow_properties",
        {
            **ref("FlowProperty", dimension),
            "flowPropertyType": "PHYSICAL_QUANTITY",
            "unitGroup": group,
        },
    )


def base_unit(dimension: str) -> str:
    """The unit that others of its dimension are stated in."""
    return next(each.code for each in units.UNITS if each.dimension.value == dimension)


def flow(name: str, kind: str, unit: str, category: str, of: str = "") -> dict[str, Any]:
    """A flow that is counted in one quantity."""
    prop = ref("FlowProperty", units.dimension(unit).value)
    return {
        **ref("Flow", name, of),
        "flowType": kind,
        "category": category,
        "flowProperties": [{"isRefFlowProperty": True, "conversionFactor": 1.0, "flowProperty": prop}],
    }


def _process(dataset: Dataset) -> dict[str, Any]:
    product = exchange(1, ref("Flow", dataset.name, dataset.uuid), 1.0, dataset.unit, is_input=False)
    exchanges = [{**product, "isQuantitativeReference": True}]
    for number, emission in enumerate(dataset.emissions, start=2):
        flow = ref("Flow", gas_name(emission.gas, emission.origin))
        exchanges.append(exchange(number, flow, float(emission.kg_per_unit), "kg", is_input=False))
    return {
        "@type": "Process",
        "@id": dataset.uuid,
        "name": dataset.name,
        "description": dataset.description,
        "processType": "LCI_RESULT",
        "processDocumentation": {
            "validFrom": f"{dataset.year}-01-01",
            "validUntil": f"{dataset.year}-12-31",
            **({"technologyDescription": dataset.technology} if dataset.technology else {}),
        },
        **({"location": ref("Location", dataset.geography)} if dataset.geography else {}),
        "lastInternalId": len(exchanges),
        "exchanges": exchanges,
    }


def exchange(
    number: int, flow: dict[str, Any], amount: float, unit: str, *, is_input: bool
) -> dict[str, Any]:
    """A line, so much of a flow in or out."""
    return {
        "internalId": number,
        "flow": flow,
        "amount": amount,
        "unit": ref("Unit", unit),
        "flowProperty": ref("FlowProperty", units.dimension(unit).value),
        "isInput": is_input,
        "isQuantitativeReference": False,
    }


def gas_name(gas: str, origin: str) -> str:
    """What the flow of a gas of this origin is called."""
    return gas if origin == "unspecified" else f"{gas}, {origin}"


def ref(kind: str, name: str, of: str = "", **more: str) -> dict[str, Any]:
    """A reference to something of ours; its identifier is made from its name, or from what it is ``of``."""
    return {"@type": kind, "@id": str(uuid5(SPACE, f"{kind}/{of or name}")), "name": name, **more}
