"""Edits of the living network: columns replaced, and what follows solved again."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import NamedTuple

import numpy as np

from footprint.calculation.content import Burden, Column, GasKey, State, Supplier
from footprint.calculation.inputs import Vector
from footprint.calculation.live import COLUMN, KINDS, Flags, Kept, Links, Live, Solved
from footprint.engine import Network
from footprint.engine.equations import Equations, Floats, Ints

Changes = Mapping[Column, State | None]
"""What columns become; None: they are removed."""


class _Slots(NamedTuple):
    at: Mapping[Supplier, int]
    keys: Ints


class _Parts(NamedTuple):
    """What the changed columns are made of: gases by slot, and links."""

    emitted: list[tuple[int, GasKey, float]]
    links: Links


def edited(live: Live, changes: Changes, factors: Mapping[int, Vector]) -> Live:
    """The network after these changes. ``factors`` are the versions that have no slot yet."""
    slots = _with_slots(live, changes)
    parts = _parts(changes, slots.at)
    new = {slots.at["factor", version, 0]: vector for version, vector in factors.items()}
    gases = tuple(sorted({*live.gases, *(gas for _, gas, _ in parts.emitted), *chain(*factors.values())}))
    changed = np.zeros(len(slots.keys), dtype=np.bool_)
    changed[[slots.at["column", *column] for column in changes]] = True
    links = _kept(live, changed).joined(parts.links)
    direct = _direct(live, gases, changed, parts, new)
    return Live(
        columns=_columns(live, changes), slots=slots.at, keys=slots.keys, gases=gases, links=links,
        direct=direct, sound=_sound(live, changes, slots),
        solved=_solved(live, slots.keys, links, direct, np.flatnonzero(changed), parts.links),
    )  # fmt: skip


def moved(before: Live, after: Live) -> Flags:
    """(slots,) whose gases per unit have other bits than before, or that have lost or found a figure."""
    old = np.full((len(after.keys), len(after.gases)), np.nan)
    at = [after.gases.index(gas) for gas in before.gases]
    old[: len(before.keys)] = 0.0
    old[: len(before.keys), at] = before.intensity()
    new = after.intensity()
    differs: Flags = ((new != old) & ~(np.isnan(new) & np.isnan(old))).any(axis=1)
    failed = np.ones(len(after.keys), dtype=np.bool_)
    failed[: len(before.keys)] = before.failed
    return np.asarray(differs | (failed != after.failed))


def _with_slots(live: Live, changes: Changes) -> _Slots:
    """A slot for every column and supplier that has none yet; slots are never taken away."""
    named: dict[Supplier, None] = dict.fromkeys(("column", *column) for column in changes)
    for state in changes.values():
        named |= {burden.supplier: None for burden in _burdens(state) if burden.supplier[0] != "gas"}
    fresh = [supplier for supplier in named if supplier not in live.slots]
    if not fresh:
        return _Slots(live.slots, live.keys)
    at = {**live.slots, **{supplier: len(live.slots) + more for more, supplier in enumerate(fresh)}}
    rows = [(KINDS[kind], first, second) for kind, first, second in fresh]
    return _Slots(at, np.vstack([live.keys, np.array(rows, dtype=np.int64)]))


def _burdens(state: State | None) -> tuple[Burden, ...]:
    return state.content.burdens if state and state.content else ()


def _parts(changes: Changes, at: Mapping[Supplier, int]) -> _Parts:
    emitted: list[tuple[int, GasKey, float]] = []
    links: list[tuple[int, int, int, float]] = []
    for column, state in changes.items():
        if state is None or state.content is None:
            continue
        node = at["column", *column]
        for burden in state.content.burdens:
            value = state.content.per_unit(burden)
            if burden.supplier[0] == "gas":
                emitted.append((node, burden.supplier[1:], value))
            elif value:
                links.append((node, burden.line, at[burden.supplier], value))
    return _Parts(emitted, Links.of(links))


def _kept(live: Live, changed: Flags) -> Links:
    return live.links.at(~changed[: len(live.keys)][live.links.consumer])


def _columns(live: Live, changes: Changes) -> dict[int, Mapping[int, Kept]]:
    columns = dict(live.columns)
    touched = {process: dict(columns.get(process, {})) for process, _ in changes}
    for (process, product), state in changes.items():
        if state is None:
            touched[process].pop(product, None)
        else:
            touched[process][product] = Kept.of(state)
    for process, products in touched.items():
        if products:
            columns[process] = products
        else:
            columns.pop(process, None)
    return columns


def _sound(live: Live, changes: Changes, slots: _Slots) -> Flags:
    """A factor is sound; a column that nobody has told of yet, or that was removed, is not."""
    sound: Flags = slots.keys[:, 0] != COLUMN
    sound[: len(live.sound)] = live.sound
    for column, state in changes.items():
        sound[slots.at["column", *column]] = state is not None and state.content is not None
    return sound


def _direct(
    live: Live, gases: tuple[GasKey, ...], changed: Flags, parts: _Parts, factors: Mapping[int, Vector]
) -> Floats:
    """Own burdens of all slots; a new gas is a new column of zeros."""
    at = {gas: place for place, gas in enumerate(gases)}
    direct = np.zeros((len(changed), len(gases)))
    direct[: len(live.keys), [at[gas] for gas in live.gases]] = live.direct
    direct[changed] = 0.0
    for node, gas, kg in parts.emitted:
        direct[node, at[gas]] += kg
    for slot, vector in factors.items():
        for gas, kg in vector.items():
            direct[slot, at[gas]] = kg
    return direct


def _solved(live: Live, keys: Ints, links: Links, direct: Floats, changed: Ints, new: Links) -> Solved:
    """By an update of a copy, unless there are more slots or gases; the bits are the same."""
    before = live.solved
    if len(keys) == len(before.place) and direct.shape == live.direct.shape:
        network, at = before.network.copy(), before.place[changed]
        network.update_tolerant(_taken(network, at, new, before.place), (at, direct[changed]))
        return Solved(before.place, network)
    place = _places(keys)
    burden = np.empty_like(direct)
    burden[place] = direct
    network = Network.from_arrays(place[links.supplier], place[links.consumer], links.amount, burden)
    network.solve_tolerant()
    return Solved(place, network)


def _taken(network: Network, changed: Ints, links: Links, place: Ints) -> tuple[Ints, Ints, Floats]:
    """What the changed columns take from now on: nothing of what they took, then the new links summed up."""
    old = network.links_to(changed)
    new = Equations(
        network.n, place[links.consumer], place[links.supplier], links.amount, np.empty((network.n, 0))
    )
    return (
        np.append(old.supplier, new.supplier),
        np.append(old.consumer, new.consumer),
        np.append(np.zeros(len(old.amount)), new.amount),
    )


def _places(keys: Ints) -> Ints:
    """Where the engine keeps each slot: by kind, process and product."""
    place = np.empty(len(keys), dtype=np.int64)
    place[np.lexsort(keys.T[::-1])] = np.arange(len(keys))
    return place
