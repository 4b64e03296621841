"""Bundles for tests: a random network written as a platform would write it, and ways to spoil one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from footprint.engine import ENGINE_VERSION
from footprint.engine.bundle import FORMAT, MANIFEST, Bundle, canonical, pack, platform_facts, unpack
from footprint.engine.bundle_rows import GWP_SETS, recipe
from footprint.engine.equations import Equations
from footprint.engine.replay import figures, result_rows
from footprint.engine.stored_zip import pack_zip, unpack_zip
from tests.footprint.engine.reference import random_network

GASES = (("CH4", "fossil"), ("CO2", "fossil"), ("CO2e", "AR5"))
GWP = {
    ("CH4", "fossil"): ("30.0", "29.8"),
    ("CO2", "fossil"): ("1.0", "1.0"),
    ("CO2e", "AR5"): ("1.0", "1.0"),
}
Members = dict[str, Any]


def members_of(network: Equations, seed: int = 0) -> tuple[dict[str, Any], Members]:
    """A manifest's facts and the members: the last products take nothing and become factors and suppliers."""
    draw = np.random.default_rng(seed)
    takes = np.diff(network.indptr) > 0
    columns, factors, suppliers = [], [], []
    for place in range(network.n):
        label = {"place": place, "names": {"en": f"thing {place}", "zh": f"物 {place}"}}
        if takes[place] or place == 0:
            columns.append({**label, **_column(network, place, draw)})
        elif place % 3:
            gases = zip(GASES, network.direct[place], strict=True)
            kg = [{"gas": gas, "origin": origin, "kg": repr(float(mass))} for (gas, origin), mass in gases]
            factors.append({**label, "gases": kg})
        else:
            totals = {
                name: repr(float(mass)) for name, mass in zip(GWP_SETS, network.direct[place], strict=False)
            }
            suppliers.append({**label, "totals": totals})
    values = [
        {"gas": gas, "origin": origin, **dict(zip(GWP_SETS, gwp, strict=True))}
        for (gas, origin), gwp in GWP.items()
    ]
    members = {
        "columns.jsonl": columns,
        "factors.jsonl": factors,
        "suppliers.jsonl": suppliers,
        "results.jsonl": [],
        "characterization.json": {"horizon": 100, "values": values},
        "rules.json": {"boundary": "cradle to gate"},
    }
    makers = [columns[0]["place"], *([columns[-1]["place"]] if len(columns) > 1 else [])]
    facts = {
        "title": "乙烯 Ethylene 2025",
        "engine": ENGINE_VERSION,
        "platform": platform_facts(),
        "figure": {"columns": makers, "unit": "kg", "co2e": dict.fromkeys(GWP_SETS, "0.0")},
    }
    return solved(facts, members)


def _column(network: Equations, place: int, draw: np.random.Generator) -> dict[str, Any]:
    made = round(float(draw.uniform(1, 5000)), 3)
    share = float(draw.choice([1.0, 0.5, 1 / 3]))
    links = network.links_of(place)
    burdens: list[dict[str, Any]] = [
        {"kind": "gas", "gas": gas, "origin": origin, "amount": float(mass)}
        for (gas, origin), mass in zip(GASES[:2], network.direct[place], strict=False)
    ]
    burdens += [
        {"kind": "link", "place": int(supplier), "amount": float(amount)}
        for supplier, amount in zip(network.supplier[links], network.amount[links], strict=True)
    ]
    for burden in burdens:
        burden.update(taken=repr(burden.pop("amount") * made / share).replace("e", "E"), share=repr(share))
    if place % 2:
        totals = {name: repr(float(draw.uniform(0, 3))) for name in GWP_SETS}
        burdens.append({"kind": "total", "place": place, "totals": totals})
    return {"made": repr(made), "burdens": burdens, "shown": dict.fromkeys(GWP_SETS, "0.0")}


def solved(facts: dict[str, Any], members: Members) -> tuple[dict[str, Any], Members]:
    """With the results these members come to, as the platform's own figures too."""
    known = recipe(unpack(pack(facts, members)))
    found = figures(known, facts["figure"]["columns"])
    by_set = lambda values: dict(zip(GWP_SETS, map(repr, values.tolist()), strict=True))  # noqa: E731
    at = {place: row for row, place in enumerate(known.column)}
    columns = [{**row, "shown": by_set(found.co2e[at[row["place"]]])} for row in members["columns.jsonl"]]
    facts = {**facts, "figure": {**facts["figure"], "co2e": by_set(found.product)}}
    return facts, {**members, "columns.jsonl": columns, "results.jsonl": result_rows(known, found)}


def random_bundle(seed: int = 1, n: int = 40) -> bytes:
    """A sound bundle of some size, with loops."""
    return pack(*members_of(random_network(seed, n, 2.0, backward=0.3), seed))


def small() -> tuple[dict[str, Any], Members]:
    """Three columns in a loop of two, a factor and a supplier."""
    links = [(0, 1, 0.5), (1, 0, 0.1), (2, 1, 1.5), (2, 4, 2.0), (1, 3, 0.25)]
    direct = np.arange(15.0).reshape(5, 3) + 1
    facts, members = members_of(Equations(5, *map(list, zip(*links, strict=True)), direct))
    assert [len(members[f"{name}.jsonl"]) for name in ("columns", "factors", "suppliers")] == [3, 1, 1]
    return facts, members


def changed(change: Callable[[dict[str, Any], Members], None]) -> bytes:
    """The small bundle with something else in it, all hashes fitting."""
    facts, members = json.loads(json.dumps(small()))
    change(facts, members)
    return pack(facts, members)


def rewritten(raw: bytes, name: str, content: bytes, *, forged: bool) -> bytes:
    """A member's bytes replaced; forged: with hashes to match, as somebody would who knows the format."""
    members = {**unpack_zip(raw, 7), name: content}
    if forged and name != MANIFEST:
        manifest = json.loads(members[MANIFEST])
        manifest["members"][name] = hashlib.sha256(content).hexdigest()
        del manifest["root"]
        manifest["root"] = hashlib.sha256(canonical(manifest)).hexdigest()
        members[MANIFEST] = canonical(manifest) + b"\n"
    return pack_zip(members)


def opened(raw: bytes) -> Bundle:
    bundle = unpack(raw)
    assert bundle.manifest["format"] == FORMAT
    return bundle
