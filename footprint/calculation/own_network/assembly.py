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
from footprint.calculation.content import Burden, Column, GasKey
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

    @property
    def amount(self) -> float:
        return self.share * float(self.taken / self.made)


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
    made = version.content.made
    bought: dict[tuple[int, int], list[Burden]] = defaultdict(list)
    for burden in version.content.burdens:
        kind, first, second = burden.supplier
        if kind == "column" and (first, second) not in build.rows.versions:
            bought[burden.line, second].append(burden)
        elif kind == "column":
            build.links.append(_entry(node, (NodeKind.COLUMN, (first, second)), made, [burden]))
        elif kind == "factor":
            build.links.append(_entry(node, _factor(build, first), made, [burden]))
        else:
            build.emissions.append(_entry(node, (first, second), made, [burden]))
    for (_, product), burdens in bought.items():
        _add_bought(build, node, made, product, burdens)


def _entry(node: int, what: Any, made: Decimal, burdens: Sequence[Burden]) -> _Entry:
    """A line's burden; of a product with several makers, all of them together."""
    first = burdens[0]
    taken = first.taken if len(burdens) == 1 else sum((burden.taken for burden in burdens), Decimal(0))
    return _Entry(node, what, first.line, taken, made, first.share, first.data_type)


def _add_bought(build: _Builder, node: int, made: Decimal, product: int, burdens: Sequence[Burden]) -> None:
    """A product of others: one leaf with the mean of its makers, or unseen when one of them is not open."""
    makers = [(burden.supplier[1], product) for burden in burdens]
    figures = [build.rows.open_figures[maker] for maker in makers if maker in build.rows.open_figures]
    entry = _entry(node, None, made, burdens)
    if not entry.taken:
        return
    if len(figures) < len(burdens):
        build.unseen[node].append(entry)
        return
    key = (NodeKind.SUPPLIER, (product, figures[0].year))
    if key not in build.leaves:
        weights = [float(burden.taken / entry.taken) for burden in burdens]
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
        unit=version.content.unit,
        code=product_code,
        name_zh=product.name_zh if product else product_code,
        name_en=product.name_en if product else product_code,
        maker_zh=process.name_zh if process else process_code,
        maker_en=process.name_en if process else process_code,
        site_zh=process.inventory.site.name_zh if process else "",
        site_en=process.inventory.site.name_en if process else "",
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
        maker_zh=known.company.name_zh if known else "",
        maker_en=known.company.name_en if known else "",
        uuid=str(known.uuid) if known else "",
        year=figures[0].year,
        footprints=tuple(figure.footprint for figure in figures),
    )


def _node_of_unseen(build: _Builder, version: Version, entries: Sequence[_Entry]) -> Node:
    return Node(
        kind=NodeKind.UNSEEN,
        key=version.column,
        stage=Stage.PURCHASED,
        unit=version.content.unit if len(entries) > 1 else "",
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
    found = OwnNetwork(
        nodes=tuple(nodes),
        links=Links(**_parallel(build.links), **_ends(build.links, at)),
        emissions=Emissions(**_parallel(build.emissions), **_emitted(build.emissions, gases)),
        gases=tuple(gases),
        mass=_mass(build, at, gases),
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
        "amount": np.array([entry.amount for entry in entries], dtype=np.float64),
        "data_type": tuple(entry.data_type for entry in entries),
    }


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


def _mass(build: _Builder, at: Mapping[Key, int], gases: Sequence[GasKey]) -> Floats:
    mass = np.zeros((len(at), len(gases)))
    place = {gas: column for column, gas in enumerate(gases)}
    for entry in build.emissions:
        mass[entry.node, place[entry.what]] += entry.amount
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
