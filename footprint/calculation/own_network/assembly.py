"""Rows to the own network: the same arithmetic as ``assemble``, with leaves where others begin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from factors.geographies import place_name
from factors.models import Factor
from factors.origins import CO2E, gwp
from footprint.calculation.content import Column, GasKey
from footprint.calculation.own_network.arrays import (
    GWP_SETS,
    Emissions,
    Links,
    Node,
    NodeKind,
    OwnNetwork,
    Stage,
)
from footprint.calculation.own_network.rows import Emitted, Figure, OwnRows, Version
from footprint.engine.equations import Floats, Ints

Key = tuple[NodeKind, tuple[int, ...]]
STAGE_OF_KIND = {
    Factor.Kind.ELECTRICITY: Stage.ENERGY,
    Factor.Kind.FUEL: Stage.ENERGY,
    Factor.Kind.HEAT: Stage.ENERGY,
    Factor.Kind.FREIGHT: Stage.TRANSPORT,
}
ORDER = list(NodeKind)


class _Entry(NamedTuple):
    """One line's part in a column: of a supplier or of a gas."""

    node: int
    what: Any
    line: int
    taken: Decimal
    made: Decimal
    share: float
    data_type: str


@dataclass
class _Builder:
    rows: OwnRows
    leaves: dict[Key, Node] = field(default_factory=dict)
    totals: dict[Key, tuple[float, float]] = field(default_factory=dict)
    links: list[_Entry] = field(default_factory=list)
    emissions: list[_Entry] = field(default_factory=list)
    unseen: dict[int, list[_Entry]] = field(default_factory=lambda: defaultdict(list))


def assembled(rows: OwnRows, roots: Sequence[Column], run_id: int | None) -> OwnNetwork:
    """The network of these rows; the roots are among its columns."""
    build = _Builder(rows)
    for node, version in enumerate(rows.versions.values()):
        _take_apart(build, node, version)
    for node, version in enumerate(rows.versions.values()):
        if node in build.unseen:
            _add_unseen(build, node, version, build.unseen[node])
    return _arrays(build, roots, run_id)


def _take_apart(build: _Builder, node: int, version: Version) -> None:
    made = Decimal(version.content["made"])
    bought: dict[tuple[int, int], list[tuple[int, _Entry]]] = defaultdict(list)
    for burden in version.content["burdens"]:
        kind, into, what = burden["kind"], build.links, None
        if kind == "gas":
            into, what = build.emissions, (burden["gas"], burden["origin"])
        elif kind == "factor":
            what = _factor(build, burden["version"])
        elif (column := (burden["process"], burden["product"])) in build.rows.versions:
            what = (NodeKind.COLUMN, column)
        taken = Decimal(burden["taken"])
        entry = _Entry(node, what, burden["line"], taken, made, burden["share"], burden["data_type"])
        if what:
            into.append(entry)
        else:
            bought[entry.line, burden["product"]].append((burden["process"], entry))
    for (_, product), parts in bought.items():
        _add_bought(build, node, product, parts)


def _add_bought(build: _Builder, node: int, product: int, parts: Sequence[tuple[int, _Entry]]) -> None:
    """A product of others: one leaf with the mean of its makers, or unseen when one of them is not open."""
    makers = [(process, product) for process, _ in parts]
    figures = [build.rows.open_figures[maker] for maker in makers if maker in build.rows.open_figures]
    taken = sum((part.taken for _, part in parts), Decimal(0)) if len(parts) > 1 else parts[0][1].taken
    entry = parts[0][1]._replace(taken=taken)
    if not taken:
        return
    if len(figures) < len(parts):
        build.unseen[node].append(entry)
        return
    key = (NodeKind.SUPPLIER, (product, figures[0].year))
    if key not in build.leaves:
        weights = [float(part.taken / taken) for _, part in parts]
        build.leaves[key] = _supplier_node(build, product, figures)
        build.totals[key] = _mean(figures, weights)
    build.links.append(entry._replace(what=key))


def _mean(figures: Sequence[Figure], weights: Sequence[float]) -> tuple[float, float]:
    ar5, ar6 = (
        sum(weight * figure.co2e[at] for weight, figure in zip(weights, figures, strict=True))
        for at in range(len(GWP_SETS))
    )
    return ar5, ar6


def _add_unseen(build: _Builder, node: int, version: Version, entries: Sequence[_Entry]) -> None:
    """What is left of the column's figure comes from suppliers whose totals are not open."""
    key = (NodeKind.UNSEEN, version.column)
    entry = entries[0]
    if len(entries) > 1:
        # only their sum is known
        entry = entry._replace(line=0, taken=entry.made, share=1.0, data_type="")
    build.leaves[key] = _node_of_unseen(build, version, entries)
    build.links.append(entry._replace(what=key))


def _factor(build: _Builder, version: int) -> Key:
    key = (NodeKind.FACTOR, (version,))
    if key not in build.leaves:
        build.leaves[key] = _factor_node(build.rows.factors[version])
    return key


def _column_node(rows: OwnRows, version: Version) -> Node:
    process, product = rows.processes.get(version.column[0]), rows.products.get(version.column[1])
    process_code, product_code = version.codes
    return Node(
        kind=NodeKind.COLUMN,
        key=version.column,
        stage=Stage.PROCESS,
        unit=version.content["unit"],
        code=product_code,
        name_zh=product.name_zh if product else product_code,
        name_en=product.name_en if product else product_code,
        maker_zh=process.name_zh if process else process_code,
        maker_en=process.name_en if process else process_code,
        site_zh=process.site_zh if process else "",
        site_en=process.site_en if process else "",
        uuid=str(product.uuid) if product else "",
        year=version.year,
        production=version.figure.production,
        footprints=(version.figure.footprint,) if version.figure.footprint else (),
    )


def _supplier_node(build: _Builder, product: int, figures: Sequence[Figure]) -> Node:
    known = build.rows.products.get(product)
    return Node(
        kind=NodeKind.SUPPLIER,
        key=(product, figures[0].year),
        stage=Stage.PURCHASED,
        unit=figures[0].unit,
        code=known.code if known else "",
        name_zh=known.name_zh if known else "",
        name_en=known.name_en if known else "",
        maker_zh=known.company_zh if known else "",
        maker_en=known.company_en if known else "",
        uuid=str(known.uuid) if known else "",
        year=figures[0].year,
        footprints=tuple(figure.footprint for figure in figures),
    )


def _node_of_unseen(build: _Builder, version: Version, entries: Sequence[_Entry]) -> Node:
    return Node(
        kind=NodeKind.UNSEEN,
        key=version.column,
        stage=Stage.PURCHASED,
        unit=version.content["unit"] if len(entries) > 1 else "",
        code="",
        name_zh="",
        name_en="",
        year=version.year,
    )


def _factor_node(emitted: Emitted) -> Node:
    version, factor = emitted.version, emitted.version.factor
    return Node(
        kind=NodeKind.FACTOR,
        key=(version.pk,),
        stage=STAGE_OF_KIND.get(Factor.Kind(factor.kind), Stage.PURCHASED),
        unit=factor.unit,
        code=factor.code,
        name_zh=factor.name_zh,
        name_en=factor.name_en,
        maker_zh=f"{place_name(version.geography, 'zh')} {version.reference_year}",
        maker_en=f"{place_name(version.geography, 'en')} {version.reference_year}",
        uuid=str(version.uuid),
        year=version.reference_year,
    )


def _arrays(build: _Builder, roots: Sequence[Column], run_id: int | None) -> OwnNetwork:
    rows = build.rows
    leaves = sorted(build.leaves, key=lambda key: (ORDER.index(key[0]), key[1]))
    nodes = [_column_node(rows, version) for version in rows.versions.values()]
    at: dict[Key, int] = {(NodeKind.COLUMN, column): place for place, column in enumerate(rows.versions)}
    at |= {key: len(nodes) + place for place, key in enumerate(leaves)}
    nodes += [build.leaves[key] for key in leaves]
    used = [rows.factors[key[1][0]].gases for key in leaves if key[0] is NodeKind.FACTOR]
    gases = sorted({entry.what for entry in build.emissions} | {gas for vector in used for gas in vector})
    weight = np.array([[weight_of(values, gas) for values in rows.gwp] for gas in gases]).reshape(
        len(gases), 2
    )
    emissions = Emissions(**_parallel(build.emissions), **_emitted(build.emissions, gases))
    found = OwnNetwork(
        nodes=tuple(nodes),
        links=Links(**_parallel(build.links), **_ends(build.links, at)),
        emissions=emissions,
        gases=tuple(gases),
        mass=_mass(build, emissions, at, gases),
        total=_total(build, at),
        weight=weight,
        stored=_stored(rows, len(nodes)),
        roots=tuple(at[NodeKind.COLUMN, column] for column in roots),
        run_id=run_id,
    )
    return _with_rest(found)


def weight_of(values: Mapping[GasKey, Decimal], gas: GasKey) -> float:
    """As the calculation weighs: a total in CO2e counts as published, what has no value counts nothing."""
    return 1.0 if gas[0] == CO2E else float(gwp(values, *gas) or 0)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _parallel(entries: Sequence[_Entry]) -> dict[str, Any]:
    return {
        "line": _ints([entry.line for entry in entries]),
        "taken": tuple(entry.taken for entry in entries),
        "made": tuple(entry.made for entry in entries),
        "share": np.array([entry.share for entry in entries], dtype=np.float64),
        "amount": _amounts(entries),
        "data_type": tuple(entry.data_type for entry in entries),
    }


def _amounts(entries: Sequence[_Entry]) -> Floats:
    """Per declared unit, to the bits of ``Content.per_unit``."""
    return np.array([entry.share * float(entry.taken / entry.made) for entry in entries], dtype=np.float64)


def _ends(entries: Sequence[_Entry], at: Mapping[Key, int]) -> dict[str, Any]:
    return {
        "consumer": _ints([entry.node for entry in entries]),
        "supplier": _ints([at[entry.what] for entry in entries]),
    }


def _emitted(entries: Sequence[_Entry], gases: Sequence[GasKey]) -> dict[str, Any]:
    place = {gas: column for column, gas in enumerate(gases)}
    return {
        "node": _ints([entry.node for entry in entries]),
        "gas": _ints([place[entry.what] for entry in entries]),
    }


def _mass(build: _Builder, emissions: Emissions, at: Mapping[Key, int], gases: Sequence[GasKey]) -> Floats:
    """Own emissions line by line, as the calculation adds them, and the gases of factors."""
    mass = np.zeros((len(at), len(gases)))
    place = {gas: column for column, gas in enumerate(gases)}
    np.add.at(mass, (emissions.node, emissions.gas), emissions.amount)
    for key in build.leaves:
        if key[0] is NodeKind.FACTOR:
            for gas, kg in build.rows.factors[key[1][0]].gases.items():
                mass[at[key], place[gas]] = float(kg)
    return mass


def _total(build: _Builder, at: Mapping[Key, int]) -> Floats:
    total = np.zeros((len(at), len(GWP_SETS)))
    for key, values in build.totals.items():
        total[at[key]] = values
    return total


def _stored(rows: OwnRows, n: int) -> Floats:
    stored = np.full((n, len(GWP_SETS)), np.nan)
    for place, version in enumerate(rows.versions.values()):
        stored[place] = version.figure.co2e
    return stored


def _with_rest(found: OwnNetwork) -> OwnNetwork:
    """Each unseen leaf gets what its column's figure leaves over."""
    direct = found.mass @ found.weight + found.total
    value = np.where(np.isnan(found.stored), direct, found.stored)
    rest, total, links = found.stored - direct, found.total.copy(), found.links
    np.subtract.at(rest, links.consumer, links.amount[:, None] * value[links.supplier])
    for consumer, supplier, amount in zip(links.consumer, links.supplier, links.amount, strict=True):
        if found.nodes[supplier].kind is NodeKind.UNSEEN and amount:
            total[supplier] = rest[consumer] / amount
    return replace(found, total=total)
