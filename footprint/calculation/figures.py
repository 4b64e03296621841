"""From a solved network to figures: totals, gases, contributions, and a digest of what they rest on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from footprint.calculation import inputs as rows
from footprint.calculation.content import Column
from footprint.calculation.live import Flags, Kept, Links, Live
from footprint.calculation.prints import PRINT, Prints, prints_of
from footprint.engine import ENGINE_VERSION
from footprint.engine.characterise import characterise
from footprint.engine.equations import Floats, Ints

CO2E = "CO2e"
SETS = ("AR5", "AR6")
WORD = 8
AT_ONCE = 10_000
"""Columns whose links are weighed together: gases of all links of an alliance would not fit into memory."""


class Figure(NamedTuple):
    """One column's result, per declared unit of its product; ``by_gas`` and ``contributions`` as JSON."""

    process: int
    product: int
    year: int
    unit: str
    production: float
    share: float | None
    digest: str
    fault: dict[str, Any] | None = None
    ar5: float | None = None
    ar6: float | None = None
    by_gas: str = "[]"
    contributions: str = "[]"


@dataclass
class _Parts:
    """What some columns are made of, column by column; ``edges`` say where each column's links begin.

    Shapes   links: (links,); brought: JSON of one part for each of their lines; brought_edges, edges:
             (columns + 1,)
    """

    links: Links
    edges: Ints
    brought: list[str]
    brought_edges: list[int]


def figures_of(live: Live, asked: Flags) -> Iterator[Figure]:
    """A figure or a fault for every column among the slots asked for, made as they are taken."""
    faults = live.faults
    known = [(slot, kept) for slot in np.flatnonzero(asked).tolist() if (kept := live.kept(slot))]
    sound = _sound_figures(live, [(slot, kept) for slot, kept in known if slot not in faults])
    for slot, kept in known:
        yield _failed(live.column(slot), kept, faults[slot]) if slot in faults else next(sound)


def weights(live: Live) -> Floats:
    """GWP100 of each gas in both sets; a CO2e total counts as its publisher made it."""
    tables = rows.characterization(SETS).values()
    return np.array(
        [
            [
                1.0 if gas == CO2E else table.get((gas, origin), table.get((gas, "unspecified"), 0.0))
                for table in tables
            ]
            for gas, origin in live.gases
        ]
    ).reshape(-1, len(SETS))


def _sound_figures(live: Live, known: list[tuple[int, Kept]]) -> Iterator[Figure]:
    gwp = weights(live)
    slots = np.array([slot for slot, _ in known], dtype=np.int64)
    links, edges = _links_of(live, slots)
    prints = prints_of(live, gwp, np.append(slots, links.supplier))
    for begin in range(0, len(slots), AT_ONCE):
        these, chosen = known[begin : begin + AT_ONCE], slots[begin : begin + AT_ONCE]
        around = edges[begin : begin + len(these) + 1]
        parts = _parts_of(live, gwp, links.at(slice(around[0], around[-1])), around - around[0])
        intensity = live.intensity(chosen)
        digests = _digests(prints, chosen, [kept for _, kept in these], parts)
        own = characterise(live.direct[chosen], gwp).tolist()
        totals = characterise(intensity, gwp).tolist()
        gases = _by_gas(live, intensity)
        brought = [parts.brought[start:end] for start, end in pairwise(parts.brought_edges)]
        for told in zip(these, digests, gases, totals, brought, own, strict=True):
            yield _figure(live, *told)


def _links_of(live: Live, slots: Ints) -> tuple[Links, Ints]:
    """The links of these columns, in the order of their lines, and where each column's begin."""
    at = np.full(len(live.keys), -1)
    at[slots] = np.arange(len(slots))
    links = live.links.at(at[live.links.consumer] >= 0)
    order = np.argsort(at[links.consumer], kind="stable")
    links = links.at(order)
    return links, np.searchsorted(at[links.consumer], np.arange(len(slots) + 1))


def _parts_of(live: Live, gwp: Floats, links: Links, edges: Ints) -> _Parts:
    """What each line brings; a line with several makers, whose links are side by side, is one part."""
    brought = characterise(links.amount[:, None] * live.intensity(links.supplier), gwp)
    fresh = np.ones(len(links.exchange), dtype=np.bool_)
    fresh[1:] = (np.diff(links.exchange) != 0) | (np.diff(links.consumer) != 0)
    line = np.cumsum(fresh) - 1
    # sums in the order of the links, as one after the other
    five, six = (np.bincount(line, weights=column).tolist() for column in brought.T)
    told = zip(links.exchange[fresh].tolist(), five, six, strict=True)
    texts = [f'{{"exchange": {line}, "ar5": {ar5!r}, "ar6": {ar6!r}}}' for line, ar5, ar6 in told]
    return _Parts(links, edges, texts, np.append(0, np.cumsum(fresh))[edges].tolist())


def _by_gas(live: Live, intensity: Floats) -> list[str]:
    """Kilograms of each gas that occurs, of each column, as JSON."""
    names = [
        f'{{"gas": {json.dumps(gas)}, "origin": {json.dumps(origin)}, "kg": ' for gas, origin in live.gases
    ]
    return [
        f"[{', '.join([f'{name}{kg!r}}}' for name, kg in zip(names, row, strict=True) if kg])}]"
        for row in intensity.tolist()
    ]


def _figure(
    live: Live,
    known: tuple[int, Kept],
    digest: str,
    by_gas: str,
    total: list[float],
    brought: list[str],
    own: list[float],
) -> Figure:
    slot, kept = known
    if not all(map(isfinite, total)):
        return _failed(live.column(slot), kept, {"code": "not_finite"})
    itself = f'{{"exchange": null, "ar5": {own[0]!r}, "ar6": {own[1]!r}}}'
    return Figure(
        *live.column(slot),
        year=kept.year,
        unit=kept.unit,
        production=kept.production,
        share=kept.share,
        digest=digest,
        ar5=total[0],
        ar6=total[1],
        by_gas=by_gas,
        contributions=f"[{', '.join([*brought, itself])}]",
    )


def _failed(column: Column, kept: Kept, fault: dict[str, Any]) -> Figure:
    told = f"{ENGINE_VERSION} {kept.year} {kept.unit} {kept.production!r} {sorted(fault.items())}"
    digest = hashlib.sha256(told.encode()).hexdigest()
    return Figure(*column, kept.year, kept.unit, kept.production, None, digest, fault=fault)


def _digests(prints: Prints, slots: Ints, known: list[Kept], parts: _Parts) -> Iterator[str]:
    """Identify what each figure was made from: engine, production, amounts, suppliers' vectors, result."""
    links = parts.links
    exchanges, amounts = links.exchange.tobytes(), links.amount.tobytes()
    suppliers, own = prints[links.supplier].tobytes(), prints[slots].tobytes()
    edges = enumerate(pairwise(parts.edges.tolist()))
    for kept, (at, (start, end)) in zip(known, edges, strict=True):
        told = f"{ENGINE_VERSION} {kept.year} {kept.unit} {kept.production!r} {kept.share!r}"
        content = (
            told.encode(),
            exchanges[start * WORD : end * WORD],
            amounts[start * WORD : end * WORD],
            suppliers[start * PRINT : end * PRINT],
            own[at * PRINT : (at + 1) * PRINT],
        )
        yield hashlib.sha256(b"".join(content)).hexdigest()
