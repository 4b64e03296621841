"""The network of all current columns, solved, as a worker keeps it in memory.

Columns and factor versions have slots, numbers that stay theirs from one edit to the next. The engine counts
them otherwise: in the order of what they are, since it adds in the order of its numbers. So a figure has the
same bits however the network came to be. A network is a value: an edit makes another one, and whoever rolls
back still holds the one before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from sys import intern
from typing import Any, NamedTuple

import numpy as np

from footprint.calculation.content import Column, GasKey, State, Supplier
from footprint.engine import Network
from footprint.engine.equations import Floats, Ints
from footprint.engine.errors import NonFinite

Flags = np.ndarray[Any, np.dtype[np.bool_]]
COLUMN, FACTOR = 0, 1
KINDS = {"column": COLUMN, "factor": FACTOR}


@dataclass(frozen=True, slots=True)
class Kept:
    """What figures need to know of a column beside its links; ``made`` is in ``unit``."""

    year: int
    unit: str
    made: Decimal
    share: float | None
    fault: dict[str, Any] | None
    digest: str

    @classmethod
    def of(cls, state: State) -> Kept:
        """Without the burdens: those become links."""
        if state.content is None:
            return cls(state.year, "", Decimal(0), None, state.fault, state.digest)
        content = state.content
        return cls(state.year, intern(content.unit), content.made, content.share, None, state.digest)

    @property
    def production(self) -> float:
        """The process's output in the period."""
        return float(self.made)


class Links(NamedTuple):
    """What columns take, by slot; the links of one column are in the order of its lines.

    Shapes   four parallel arrays
    Units    amount: supplier's unit per declared unit of the consumer
    """

    consumer: Ints
    exchange: Ints
    supplier: Ints
    amount: Floats

    def at(self, which: Flags | Ints | slice) -> Links:
        """Some of them."""
        return Links(self.consumer[which], self.exchange[which], self.supplier[which], self.amount[which])

    def joined(self, more: Links) -> Links:
        """These, then the others."""
        return Links(
            np.concatenate([self.consumer, more.consumer]),
            np.concatenate([self.exchange, more.exchange]),
            np.concatenate([self.supplier, more.supplier]),
            np.concatenate([self.amount, more.amount]),
        )

    @classmethod
    def of(cls, rows: list[tuple[int, int, int, float]]) -> Links:
        """From (consumer, exchange, supplier, amount)."""
        ids = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
        amount = np.array([row[3] for row in rows], dtype=np.float64)
        return cls(ids[:, 0].copy(), ids[:, 1].copy(), ids[:, 2].copy(), amount)


class Solved(NamedTuple):
    """What the engine made of it; nobody changes it. ``place``: (slots,) where the engine keeps each slot."""

    place: Ints
    network: Network


@dataclass(frozen=True, eq=False)
class Live:
    """Columns, their links and burdens by slot, and the solution.

    Shapes   keys: (slots, 3) kind and ids; direct: (slots, gases), of a factor version its emissions;
             sound: (slots,) whether a figure can come out
    Units    direct: kg per declared unit, per unit of the factor
    """

    columns: Mapping[int, Mapping[int, Kept]]
    slots: Mapping[Supplier, int]
    keys: Ints
    gases: tuple[GasKey, ...]
    links: Links
    direct: Floats
    sound: Flags
    solved: Solved

    def states(self, processes: Iterable[int]) -> dict[Column, Kept]:
        """The columns of these processes."""
        return {
            (process, product): kept
            for process in processes
            for product, kept in self.columns.get(process, {}).items()
        }

    def column(self, slot: int) -> Column:
        """The column in a slot."""
        _, process, product = self.keys[slot].tolist()
        return process, product

    def kept(self, slot: int) -> Kept | None:
        """The column in a slot, unless it was removed or is a factor."""
        kind, process, product = self.keys[slot].tolist()
        return self.columns.get(process, {}).get(product) if kind == COLUMN else None

    def unknown_factors(self, states: Iterable[State | None]) -> set[int]:
        """Factor versions that columns take and that have no slot yet."""
        return {
            burden.supplier[1]
            for state in states
            if state and state.content
            for burden in state.content.burdens
            if burden.supplier[0] == "factor" and burden.supplier not in self.slots
        }

    def intensity(self, slots: Ints | None = None) -> Floats:
        """kg of each gas per unit of these slots, or of all."""
        place = self.solved.place
        return self.solved.network.rows(place if slots is None else place[slots])

    @cached_property
    def _refused(self) -> Flags:
        """(slots,) in a refused loop or hanging on one."""
        return np.asarray(self.solved.network.refused_by[self.solved.place] >= 0)

    @cached_property
    def failed(self) -> Flags:
        """(slots,) without a figure: faulty, in a refused loop, or taking from one that has none."""
        failed = ~self.sound | self._refused
        reached = failed
        while reached.any():
            reached = np.zeros_like(failed)
            reached[self.links.consumer[failed[self.links.supplier]]] = True
            reached &= ~failed
            failed = failed | reached
        return failed

    @cached_property
    def faults(self) -> dict[int, dict[str, Any]]:
        """Why each column without a figure has none, by slot."""
        loops = self.refused_loops
        suppliers = self._failed_suppliers()
        found: dict[int, dict[str, Any]] = {}
        for slot in np.flatnonzero(self.failed).tolist():
            kept = self.kept(slot)
            if kept is None:
                continue
            process, _ = self.column(slot)
            if kept.fault:
                found[slot] = kept.fault
            elif self._refused[slot] and process in loops:
                found[slot] = loops[process]
            else:
                found[slot] = {"code": "supplier_failed", "exchange": suppliers[slot]}
        return found

    @cached_property
    def refused_loops(self) -> dict[int, dict[str, Any]]:
        """Why the processes of loops that cannot be solved have no figures, by process."""
        at = np.argsort(self.solved.place)
        refused = []
        for refusal in self.solved.network.refusals:
            members = sorted({self.column(int(at[node]))[0] for node in refusal.nodes})
            code = "not_finite" if isinstance(refusal, NonFinite) else "loop"
            refused.append((members, {"code": code, "processes": members}))
        refused.sort(key=lambda loop: loop[0])
        return {process: fault for members, fault in reversed(refused) for process in members}

    def _failed_suppliers(self) -> dict[int, int]:
        """The line through which each column lost its figure: one from outside its own loop, if any."""
        lost = self.links.at(self.failed[self.links.supplier])
        component = self.solved.network.plan.component[self.solved.place]
        inside = component[lost.consumer] == component[lost.supplier]
        found: dict[int, int] = {}
        for part in (lost.at(~inside), lost.at(inside)):
            for consumer, exchange in zip(part.consumer.tolist(), part.exchange.tolist(), strict=True):
                found.setdefault(consumer, exchange)
        return found


def _nothing() -> Live:
    none, no_burden = np.empty(0, np.int64), np.empty((0, 0))
    return Live(
        columns={}, slots={}, keys=np.empty((0, 3), np.int64), gases=(),
        links=Links(none, none, none, np.empty(0)), direct=no_burden, sound=np.empty(0, np.bool_),
        solved=Solved(none, Network.from_arrays(none, none, np.empty(0), no_burden)),
    )  # fmt: skip


NOTHING = _nothing()
"""The network of an alliance that makes nothing."""
