"""From a solved network to figures: totals, gases, contributions, and a digest of what they rest on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import Any

import numpy as np

from footprint.calculation import inputs as rows
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


@dataclass(frozen=True)
class Figures:
    """Results of some columns, one after the other, per declared unit of their products.

    ``by_gas`` is JSON. A column is made of what each of its lines brings, in their order, and of what its
    process emits itself; of one with a fault nothing is known.

    Shapes   processes, products, years, production, shares, lines, parts: (columns,); totals: (columns, 2)
             of AR5 and AR6; exchanges: (all lines,); brought: (all parts, 2); lines and parts say how many
             of them each column has
    Units    production: declared units; totals, brought: kg CO2e; shares: NaN where lines have their own
    """

    processes: Ints
    products: Ints
    years: Ints
    units: list[str]
    production: Floats
    shares: Floats
    digests: list[str]
    faults: list[dict[str, Any] | None]
    totals: Floats
    by_gas: list[str]
    lines: Ints
    exchanges: Ints
    brought: Floats

    @property
    def parts(self) -> Ints:
        """One for each line, and one for what the process emits itself; none of a column with a fault."""
        return self.lines + np.array([fault is None for fault in self.faults], dtype=np.int64)

    def at(self, which: Flags) -> Figures:
        """Some of them."""
        if which.all():
            return self
        return Figures(
            processes=self.processes[which],
            products=self.products[which],
            years=self.years[which],
            units=list(compress(self.units, which)),
            production=self.production[which],
            shares=self.shares[which],
            digests=list(compress(self.digests, which)),
            faults=list(compress(self.faults, which)),
            totals=self.totals[which],
            by_gas=list(compress(self.by_gas, which)),
            lines=self.lines[which],
            exchanges=self.exchanges[np.repeat(which, self.lines)],
            brought=self.brought[np.repeat(which, self.parts)],
        )


@dataclass
class _Parts:
    """What some columns are made of, column by column; edges say where the part of each column begins.

    Shapes   links: (links,); exchanges: (lines,); brought: (lines + columns, 2), after the lines of each
             column what it emits itself; edges: (columns + 1,); lines: (columns,)
    """

    links: Links
    edges: Ints
    exchanges: Ints
    brought: Floats
    lines: Ints


def figures_of(live: Live, asked: Flags) -> Iterator[Figures]:
    """Figures of every column among the slots asked for, made as they are taken; those with faults last."""
    faults = dict(live.faults)
    known = [(slot, kept) for slot in np.flatnonzero(asked).tolist() if (kept := live.kept(slot))]
    for lot, slots in _sound_figures(live, [(slot, kept) for slot, kept in known if slot not in faults]):
        finite: Flags = np.isfinite(lot.totals).min(axis=1)
        faults |= {slot: {"code": "not_finite"} for slot in slots[~finite].tolist()}
        yield lot.at(finite)
    failed = [(slot, kept) for slot, kept in known if slot in faults]
    if failed:
        yield _failed(live, failed, faults)


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


def _sound_figures(live: Live, known: list[tuple[int, Kept]]) -> Iterator[tuple[Figures, Ints]]:
    """Some figures after the others, each time with their slots."""
    gwp = weights(live)
    slots = np.array([slot for slot, _ in known], dtype=np.int64)
    links, edges = _links_of(live, slots)
    prints = prints_of(live, gwp, np.append(slots, links.supplier))
    for begin in range(0, len(slots), AT_ONCE):
        chosen = slots[begin : begin + AT_ONCE]
        these = [kept for _, kept in known[begin : begin + AT_ONCE]]
        around = edges[begin : begin + len(these) + 1]
        own = characterise(live.direct[chosen], gwp)
        parts = _parts_of(live, gwp, links.at(slice(around[0], around[-1])), around - around[0], own)
        intensity = live.intensity(chosen)
        lot = _figures(
            live, chosen, these, list(_digests(prints, chosen, these, parts)),
            shares=np.array([kept.share for kept in these], dtype=np.float64),
            faults=[None] * len(these),
            totals=characterise(intensity, gwp),
            by_gas=_by_gas(live, intensity),
            lines=parts.lines, exchanges=parts.exchanges, brought=parts.brought,
        )  # fmt: skip
        yield lot, chosen


def _links_of(live: Live, slots: Ints) -> tuple[Links, Ints]:
    """The links of these columns, in the order of their lines, and where each column's begin."""
    at = np.full(len(live.keys), -1)
    at[slots] = np.arange(len(slots))
    links = live.links.at(at[live.links.consumer] >= 0)
    order = np.argsort(at[links.consumer], kind="stable")
    links = links.at(order)
    return links, np.searchsorted(at[links.consumer], np.arange(len(slots) + 1))


def _parts_of(live: Live, gwp: Floats, links: Links, edges: Ints, own: Floats) -> _Parts:
    """What each line brings; a line with several makers, whose links are side by side, is one part."""
    brought = characterise(links.amount[:, None] * live.intensity(links.supplier), gwp)
    fresh = np.ones(len(links.exchange), dtype=np.bool_)
    fresh[1:] = (np.diff(links.exchange) != 0) | (np.diff(links.consumer) != 0)
    line = np.cumsum(fresh) - 1
    line_edges = np.append(0, np.cumsum(fresh))[edges]
    # sums in the order of the links, as one after the other; of none they would be integers
    summed = np.stack([np.bincount(line, column) for column in brought.T], axis=1, dtype=np.float64)
    with_own: Floats = np.insert(summed, line_edges[1:], own, axis=0)
    return _Parts(links, edges, links.exchange[fresh], with_own, np.diff(line_edges))


def _by_gas(live: Live, intensity: Floats) -> list[str]:
    """Kilograms of each gas that occurs, of each column, as JSON."""
    names = [
        f'{{"gas": {json.dumps(gas)}, "origin": {json.dumps(origin)}, "kg": ' for gas, origin in live.gases
    ]
    return [
        f"[{', '.join([f'{name}{kg!r}}}' for name, kg in zip(names, row, strict=True) if kg])}]"
        for row in intensity.tolist()
    ]


def _figures(live: Live, slots: Ints, known: list[Kept], digests: list[str], **found: Any) -> Figures:
    """With what is known of the columns, whatever came out."""
    return Figures(
        processes=live.keys[slots, 1],
        products=live.keys[slots, 2],
        years=np.array([kept.year for kept in known], dtype=np.int64),
        units=[kept.unit for kept in known],
        production=np.array([kept.production for kept in known]),
        digests=digests,
        **found,
    )


def _failed(live: Live, known: list[tuple[int, Kept]], faults: dict[int, dict[str, Any]]) -> Figures:
    digests = []
    for slot, kept in known:
        fault = sorted(faults[slot].items())
        told = f"{ENGINE_VERSION} {kept.year} {kept.unit} {kept.production!r} {fault}"
        digests.append(hashlib.sha256(told.encode()).hexdigest())
    slots, count = np.array([slot for slot, _ in known], dtype=np.int64), len(known)
    none, nothing = np.zeros(count, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return _figures(
        live, slots, [kept for _, kept in known], digests,
        shares=np.full(count, np.nan),
        faults=[faults[slot] for slot, _ in known],
        totals=np.full((count, 2), np.nan),
        by_gas=["[]"] * count,
        lines=none, exchanges=nothing, brought=np.zeros((0, 2)),
    )  # fmt: skip


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
