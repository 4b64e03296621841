"""An own network as the members of a calculation bundle; the place of a row is its node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import translation

from accounts.actor import Actor
from factors.models import Source
from footprint.calculation.models import Footprint
from footprint.calculation.own_network import GWP_SETS, Node, NodeKind, OwnNetwork
from footprint.calculation.own_network.rows import Emitted, factors
from footprint.engine.bundle import canonical, sha256
from footprint.engine.equations import Floats
from footprint.inventory.models import Exchange, UnitProcess

Row = dict[str, Any]

ARITHMETIC = (
    "A burden is share * float64(taken / made) of its supplier or gas per declared unit; the quotient has 28 "
    "decimal digits.",
    "A column's burden is the sum of its gases and of what its suppliers bring; loops are solved together.",
    "kg CO2e is the sum of kg * characterization factor over all gases, and of totals carried as they are.",
    "A product's figure is the mean of the columns that make it, weighted by what they made.",
)


OF_HEAT_AND_POWER = (UnitProcess.Allocation.EFFICIENCY, UnitProcess.Allocation.EXERGY)


@dataclass(frozen=True)
class Members:
    """The members but for the results, and what was left out of them."""

    rows: dict[str, Any]
    withheld: Sequence[Source]
    footprints: Mapping[int, Footprint]
    """By place."""


def members(actor: Actor, own: OwnNetwork) -> Members:
    """Everything the bundle states but its results; a fixed number of queries."""
    footprints = _footprints(actor, own)
    used = factors({node.key[0] for node in own.nodes if node.kind is NodeKind.FACTOR})
    withheld = {
        version.source for version in (e.version for e in used.values()) if _is_withheld(version.source)
    }
    leaves = list(enumerate(own.nodes))[own.columns :]
    by_place = {place: used[node.key[0]] for place, node in leaves if node.kind is NodeKind.FACTOR}
    silent = {place for place, emitted in by_place.items() if _is_withheld(emitted.version.source)}
    rows = {
        "columns.jsonl": _columns(actor, own, footprints, silent),
        "factors.jsonl": [_factor(place, emitted) for place, emitted in by_place.items()],
        "suppliers.jsonl": [
            _supplier(place, node, own.direct[place])
            for place, node in leaves
            if node.kind is not NodeKind.FACTOR
        ],
        "characterization.json": _characterization(own),
        "rules.json": _rules(actor, own),
        "results.jsonl": [],
    }
    return Members(rows, sorted(withheld, key=lambda source: source.code), footprints)


def by_set(values: Floats) -> dict[str, str]:
    """kg CO2e under each GWP set, bit for bit."""
    return {name: repr(value) for name, value in zip(GWP_SETS, values.tolist(), strict=True)}


def named(thing: Any) -> dict[str, str]:
    """How a row names something."""
    return {"uuid": str(thing.uuid), "code": thing.code, "name_zh": thing.name_zh, "name_en": thing.name_en}


def _is_withheld(source: Source) -> bool:
    return not source.may_be_passed_on


def _footprints(actor: Actor, own: OwnNetwork) -> dict[int, Footprint]:
    found = Footprint.objects.visible_to(actor).filter(process_id__in={process for process, _ in own.index})
    rows = found.select_related("run__factor_release", "breakdown", "product", "inventory__site", "process")
    return {
        own.index[row.process_id, row.product_id]: row
        for row in rows
        if (row.process_id, row.product_id) in own.index
    }


def _columns(
    actor: Actor, own: OwnNetwork, footprints: Mapping[int, Footprint], silent: set[int]
) -> list[Row]:
    burdens, made = _burdens(actor, own, silent)
    worth = _heat_and_power(actor, [footprint.process for footprint in footprints.values()])
    return [
        {
            "place": place,
            "product": named(footprint.product),
            "process": named(footprint.process),
            "site": named(footprint.inventory.site),
            "year": footprint.year,
            "unit": footprint.unit,
            "made": made.get(place) or repr(footprint.production).replace("e", "E"),
            "method": footprint.process.allocation_method,
            **worth.get(footprint.process_id, {}),
            "burdens": burdens[place],
            "shown": by_set(own.stored[place]),
            "footprint": str(footprint.uuid),
            "input_digest": footprint.input_digest,
            "run": str(footprint.run.uuid),
            "engine": footprint.run.engine_version,
            "factor_release": release.name if (release := footprint.run.factor_release) else "",
            "computed_at": footprint.computed_at.isoformat(),
        }
        for place, footprint in sorted(footprints.items())
    ]


def _heat_and_power(actor: Actor, processes: Sequence[UnitProcess]) -> dict[int, Row]:
    """What heat and power of a process were measured by, where they share its burden so."""
    by = {process.pk: process for process in processes if process.allocation_method in OF_HEAT_AND_POWER}
    outputs: dict[int, list[Row]] = defaultdict(list)
    rows = Exchange.objects.visible_to(actor).filter(process_id__in=by).exclude(carrier="")
    for line in rows.order_by("process_id", "position", "pk"):
        known = {
            "line": str(line.uuid),
            "carrier": line.carrier,
            "amount": str(line.amount),
            "unit": line.unit,
            "reference_efficiency": _decimal(line.reference_efficiency),
            "heat_celsius": _decimal(line.heat_celsius),
        }
        outputs[line.process_id].append({name: value for name, value in known.items() if value})
    return {
        pk: {"ambient_celsius": _decimal(by[pk].ambient_celsius), "heat_and_power": found}
        for pk, found in outputs.items()
    }


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _burdens(actor: Actor, own: OwnNetwork, silent: set[int]) -> tuple[dict[int, list[Row]], dict[int, str]]:
    """By place, in the order in which lines were entered; and what was made."""
    lines = {*own.links.line.tolist(), *own.emissions.line.tolist()}
    uuids = dict(Exchange.objects.visible_to(actor).filter(pk__in=lines).values_list("id", "uuid"))
    found: dict[int, list[Row]] = defaultdict(list)
    made: dict[int, str] = {}
    emissions, links = own.emissions, own.links
    for at, (node, gas) in enumerate(zip(emissions.node.tolist(), emissions.gas.tolist(), strict=True)):
        code, origin = own.gases[gas]
        found[node].append({"kind": "gas", "gas": code, "origin": origin, **_line(emissions, at, uuids)})
        made[node] = str(emissions.made[at])
    for at, (node, place) in enumerate(zip(links.consumer.tolist(), links.supplier.tolist(), strict=True)):
        entry = {"kind": "link", "place": place, **_line(links, at, uuids)}
        if place in silent:
            # beside the amount taken, the total would tell the factor
            entry |= {"kind": "total", "totals": by_set(links.amount[at] * own.direct[place])}
            del entry["taken"], entry["share"]
        found[node].append(entry)
        made[node] = str(links.made[at])
    return found, made


def _line(entries: Any, at: int, uuids: Mapping[int, Any]) -> Row:
    line = int(entries.line[at])
    return {
        "line": str(uuids[line]) if line in uuids else None,
        "taken": str(entries.taken[at]),
        "share": repr(float(entries.share[at])),
        "data_type": entries.data_type[at],
    }


def _factor(place: int, emitted: Emitted) -> Row:
    """With its gases, unless the source does not let them be passed on."""
    version, source = emitted.version, emitted.version.source
    row = {
        "place": place,
        "factor": named(version.factor),
        "version": version.number,
        "uuid": str(version.uuid),
        "unit": version.factor.unit,
        "geography": version.geography,
        "reference_year": version.reference_year,
        "boundary": version.boundary,
        "scope": version.scope,
        "gwp_set": version.gwp_set,
        "source": {
            "code": source.code,
            "title_zh": source.title_zh,
            "title_en": source.title_en,
            "publisher": source.publisher,
            "year": source.year,
            "locator": version.source_locator,
            "licence": source.licence,
            "licence_url": source.licence_url,
            "redistribution": source.redistribution,
            "url": source.url,
        },
    }
    if _is_withheld(source):
        return {**row, "withheld": True}
    gases = [
        {"gas": gas, "origin": origin, "kg": str(kg)} for (gas, origin), kg in sorted(emitted.gases.items())
    ]
    return {**row, "gases": gases}


def _supplier(place: int, node: Node, total: Floats) -> Row:
    """What a supplier opened; the digest names its content whatever bundle it stands in."""
    row = {
        "kind": node.kind.value,
        "product": {"uuid": node.uuid, "code": node.code, "name_zh": node.name_zh, "name_en": node.name_en},
        "company": {"name_zh": node.maker_zh, "name_en": node.maker_en},
        "year": node.year,
        "unit": node.unit,
        "footprints": sorted(node.footprints),
        "totals": by_set(total),
    }
    return {"place": place, "digest": sha256(canonical(row)), **row}


def _characterization(own: OwnNetwork) -> Row:
    values = [
        {"gas": gas, "origin": origin, **by_set(own.weight[at])} for at, (gas, origin) in enumerate(own.gases)
    ]
    return {"horizon": 100, "unit": "kg CO2e per kg", "values": values}


def _rules(actor: Actor, own: OwnNetwork) -> Row:
    used = UnitProcess.objects.visible_to(actor).filter(pk__in={process for process, _ in own.index})
    methods = set(used.values_list("allocation_method", flat=True))
    with translation.override("en"):
        allocation = {method: str(UnitProcess.Allocation(method).label) for method in sorted(methods)}
    return {
        "boundary": "cradle to gate",
        "method": "GWP over 100 years",
        "sets": list(GWP_SETS),
        "allocation": allocation,
        "cut_off": "A product input without a provider counts nothing and is not listed.",
        "arithmetic": list(ARITHMETIC),
    }
