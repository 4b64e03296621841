"""From a solved network to figures: totals, gases, contributions, and a digest of what they rest on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from footprint.calculation import inputs as rows
from footprint.calculation.content import Column
from footprint.calculation.live import Flags, Kept, Links, Live
from footprint.engine import ENGINE_VERSION
from footprint.engine.characterise import characterise
from footprint.engine.equations import Floats, Ints

CO2E = "CO2e"
SETS = ("AR5", "AR6")


@dataclass(frozen=True)
class Figure:
    """One column's result, per declared unit of its product."""

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
    by_gas: tuple[dict[str, Any], ...] = ()
    contributions: tuple[dict[str, Any], ...] = ()


@dataclass
class _Desk:
    """What the figures of one network have in common.

    Shapes   gwp: (gases, 2) of AR5 and AR6; intensity: (slots, gases) as the engine keeps them
    Units    gwp: kg CO2e per kg; intensity: kg per unit
    """

    live: Live
    gwp: Floats
    intensity: Floats
    prints: dict[int, bytes]
    names: list[bytes]

    def print_of(self, slot: int) -> bytes:
        """One hash of a slot's gases per unit and what they weigh, over those it has."""
        found = self.prints.get(slot)
        if found is None:
            row = self.intensity[self.live.solved.place[slot]]
            has = np.flatnonzero(row).tolist()
            parts = (self.names[at] + row[at].tobytes() + self.gwp[at].tobytes() for at in has)
            found = self.prints[slot] = hashlib.sha256(b"".join(parts)).digest()
        return found


def figures_of(live: Live, asked: Flags) -> list[Figure]:
    """A figure or a fault for every column among the slots asked for."""
    desk = _Desk(
        live,
        weights(live),
        live.solved.network.intensities,
        {},
        [f"{gas}|{origin}|".encode() for gas, origin in live.gases],
    )
    faults = live.faults
    slots = np.flatnonzero(asked)
    known = [(slot, kept) for slot in slots.tolist() if (kept := live.kept(slot))]
    sound = np.array([slot for slot, _ in known if slot not in faults], dtype=np.int64)
    figures = dict(zip(sound.tolist(), _sound_figures(desk, sound), strict=True))
    return [figures.get(slot) or _failed(live.column(slot), kept, faults[slot]) for slot, kept in known]


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


def _sound_figures(desk: _Desk, slots: Ints) -> list[Figure]:
    live, gwp = desk.live, desk.gwp
    links, edges = _links_of(live, slots)
    brought = characterise(links.amount[:, None] * live.intensity(links.supplier), gwp)
    intensity = live.intensity(slots)
    totals, own = characterise(intensity, gwp), characterise(live.direct[slots], gwp)
    found = []
    for at, (slot, (start, end)) in enumerate(zip(slots.tolist(), pairwise(edges.tolist()), strict=True)):
        part = slice(start, end)
        mine = links.at(part)
        kept = live.kept(slot)
        assert kept is not None
        parts = _parts(mine.exchange, brought[part])
        parts.append({"exchange": None, "ar5": float(own[at, 0]), "ar6": float(own[at, 1])})
        found.append(_figure(desk, slot, kept, mine, intensity[at], totals[at], tuple(parts)))
    return found


def _links_of(live: Live, slots: Ints) -> tuple[Links, Ints]:
    """The links of these columns, in the order of their lines, and where each column's begin."""
    at = np.full(len(live.keys), -1)
    at[slots] = np.arange(len(slots))
    links = live.links.at(at[live.links.consumer] >= 0)
    order = np.argsort(at[links.consumer], kind="stable")
    links = links.at(order)
    return links, np.searchsorted(at[links.consumer], np.arange(len(slots) + 1))


def _parts(exchanges: Ints, brought: Floats) -> list[dict[str, Any]]:
    """What each line brings; a line with several makers is one part."""
    summed: dict[int, list[float]] = {}
    for exchange, (five, six) in zip(exchanges.tolist(), brought.tolist(), strict=True):
        part = summed.setdefault(exchange, [0.0, 0.0])
        part[0] += five
        part[1] += six
    return [{"exchange": exchange, "ar5": five, "ar6": six} for exchange, (five, six) in summed.items()]


def _figure(
    desk: _Desk,
    slot: int,
    kept: Kept,
    links: Links,
    row: Floats,
    total: Floats,
    parts: tuple[dict[str, Any], ...],
) -> Figure:
    if not np.isfinite(total).all():
        return _failed(desk.live.column(slot), kept, {"code": "not_finite"})
    process, product = desk.live.column(slot)
    gases = zip(desk.live.gases, row.tolist(), strict=True)
    return Figure(
        process=process,
        product=product,
        year=kept.year,
        unit=kept.unit,
        production=kept.production,
        share=kept.share,
        digest=_digest(desk, slot, kept, links),
        ar5=float(total[0]),
        ar6=float(total[1]),
        by_gas=tuple({"gas": gas, "origin": origin, "kg": kg} for (gas, origin), kg in gases if kg),
        contributions=parts,
    )


def _failed(column: Column, kept: Kept, fault: dict[str, Any]) -> Figure:
    told = f"{ENGINE_VERSION} {kept.year} {kept.unit} {kept.production!r} {sorted(fault.items())}"
    digest = hashlib.sha256(told.encode()).hexdigest()
    return Figure(*column, kept.year, kept.unit, kept.production, None, digest, fault=fault)


def _digest(desk: _Desk, slot: int, kept: Kept, links: Links) -> str:
    """Identifies what the figure was made from: engine, production, amounts, suppliers' vectors, result."""
    told = f"{ENGINE_VERSION} {kept.year} {kept.unit} {kept.production!r} {kept.share!r}"
    content = hashlib.sha256(told.encode())
    content.update(links.exchange.tobytes())
    content.update(links.amount.tobytes())
    for supplier in links.supplier.tolist():
        content.update(desk.print_of(supplier))
    content.update(desk.print_of(slot))
    return content.hexdigest()
