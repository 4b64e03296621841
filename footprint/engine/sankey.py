"""What flows through a site, per basis: balances at every node, small flows merged, cycles marked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footprint.engine.equations import Equations, Floats, Ints, as_nodes
from footprint.engine.errors import OutOfBounds, WrongShape
from footprint.engine.kernels import strong_components
from footprint.engine.part import spread

MERGING = 0.01
"""Share of what enters a site below which a flow over its boundary joins the others."""

LARGEST = 4000
"""Nodes in cycles beyond which nothing is drawn: a diagram is of a site, not of a network."""


class Kind(IntEnum):
    """What a node of the diagram stands for; only a process has to balance."""

    PROCESS = 0
    OUTSIDE = 1
    """Suppliers and customers."""
    EMISSION = 2
    LOSS = 3
    """Recorded losses and changes of stock."""


class Closing(IntEnum):
    """Whether what enters a node leaves it."""

    CLOSES = 0
    OPEN = 1
    UNKNOWN = 2
    """A flow of the node is not known on this basis."""
    BOUNDARY = 3
    """Nothing to close: the node is not a process."""


@dataclass(frozen=True, eq=False)
class Flows:
    """Nodes of a diagram and what flows between them, on several bases.

    Shapes   kind: (n,) ``Kind``; basis: b names; source, target: (f,) nodes; amount: (f, b)
    Units    amount: that of its basis, as kg, MJ, kg C, kg CO2e, per one period or unit for all; NaN
             where unknown; a negative one runs the other way
    """

    kind: NDArray[np.int8]
    basis: tuple[str, ...]
    source: Ints
    target: Ints
    amount: Floats

    @classmethod
    def of(
        cls, kind: ArrayLike, basis: tuple[str, ...], source: ArrayLike, target: ArrayLike, amount: ArrayLike
    ) -> Flows:
        """From any sequences, checked.

        Raises:
            WrongShape, OutOfRange.
        """
        kinds = np.asarray(kind, dtype=np.int8).reshape(-1)
        begin, end = as_nodes(source, len(kinds)), as_nodes(target, len(kinds))
        values = np.array(amount, dtype=np.float64).reshape(-1, len(basis))
        if not len(begin) == len(end) == len(values):
            raise WrongShape("Every flow needs a source, a target and an amount on each basis.")
        if not np.isin(kinds, list(Kind)).all():
            raise WrongShape("Every node needs one of the kinds there are.")
        if np.isinf(values).any():
            raise WrongShape("An amount that flows must be a number, or NaN where it is unknown.")
        return cls(kinds, basis, begin, end, values)

    def column(self, basis: str) -> int:
        """Where a basis stands.

        Raises:
            OutOfBounds: there is no such basis.
        """
        if basis not in self.basis:
            raise OutOfBounds(f"The flows are known by {', '.join(self.basis)}, not by {basis}.")
        return self.basis.index(basis)


@dataclass(frozen=True, eq=False)
class Balances:
    """What enters and leaves every node.

    Shapes   into, out, imbalance, relative: (n, b); state: (n, b) ``Closing``; unknown: (n, b) how many
             flows of the node are not known
    Units    as the flows, the unknown ones left out; imbalance: into - out; relative: of the larger
             side
    """

    into: Floats
    out: Floats
    imbalance: Floats
    relative: Floats
    unknown: Ints
    state: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Drawing:
    """Flows of one basis as a diagram draws them: positive, and without cycles but for the marked ones.

    Shapes   source, target, amount, back: (d,), heaviest first; flow: (d,) positions in the flows
    Units    amount: that of the basis
    """

    basis: str
    source: Ints
    target: Ints
    amount: Floats
    back: NDArray[np.bool_]
    """Flows that close a cycle, self-flows included: a drawing without cycles splits these."""
    flow: Ints


def balances(flows: Flows, tolerance: ArrayLike) -> Balances:
    """Compare what enters with what leaves, at every node on every basis.

    Shapes   tolerance: (b,) or one; see ``Balances``
    Units    tolerance: relative to the larger side
    Errors   OutOfBounds for a negative tolerance
    Source   ISO 14044:2006, validation of data: mass and energy balances of each unit process
    """
    allowed = np.broadcast_to(np.asarray(tolerance, dtype=np.float64), (len(flows.basis),))
    if not (allowed >= 0.0).all():
        raise OutOfBounds("A tolerance must not be negative.")
    n, known = len(flows.kind), np.nan_to_num(flows.amount)
    forward, backward = np.maximum(known, 0.0), np.maximum(-known, 0.0)
    into = spread(flows.target, forward, n) + spread(flows.source, backward, n)
    out = spread(flows.source, forward, n) + spread(flows.target, backward, n)
    missing = np.isnan(flows.amount).astype(np.float64)
    unknown = (spread(flows.target, missing, n) + spread(flows.source, missing, n)).astype(np.int64)
    larger = np.maximum(into, out)
    relative = np.abs(into - out) / np.where(larger > 0.0, larger, 1.0)
    state = np.where(relative <= allowed, Closing.CLOSES, Closing.OPEN).astype(np.int8)
    state[unknown > 0] = Closing.UNKNOWN
    state[flows.kind != Kind.PROCESS] = Closing.BOUNDARY
    return Balances(into, out, into - out, relative, unknown, state)


def grouped(flows: Flows, group: ArrayLike, kind: ArrayLike) -> Flows:
    """The same flows between groups of nodes, as of co-products to their process.

    Flows between the same two groups are added up; what is unknown in one is unknown in the sum.

    Shapes   group: (n,) numbers from 0 on; kind: (groups,)
    Units    as the flows
    Errors   WrongShape, OutOfRange
    Source   none: a sum
    """
    kinds = np.asarray(kind, dtype=np.int8).reshape(-1)
    member = as_nodes(group, len(kinds))
    if len(member) != len(flows.kind):
        raise WrongShape("Every node needs the number of its group.")
    source, target = member[flows.source], member[flows.target]
    pairs, place = np.unique(source * len(kinds) + target, return_inverse=True)
    return Flows.of(kinds, flows.basis, pairs // max(len(kinds), 1), pairs % max(len(kinds), 1),
                    spread(place.reshape(-1), flows.amount, len(pairs)))  # fmt: skip


def merged(flows: Flows, basis: str, cutoff: float = MERGING) -> Flows:
    """Let small flows over the boundary of a site begin or end at one further node of their kind.

    Every process keeps its balance on every basis. Flows between processes stay as they are, since no
    other place could take them; unknown ones stay too. A further node comes after those there are: at
    most two of each kind, the first for what enters, the second for what leaves.

    Shapes   see ``Flows``; more nodes, fewer flows
    Units    cutoff: relative to what enters from outside the processes on this basis
    Errors   OutOfBounds
    Source   none: a sum
    """
    if not 0.0 <= cutoff <= 1.0:
        raise OutOfBounds("The share below which flows are merged must lie from 0 to 1.")
    value = np.nan_to_num(flows.amount[:, flows.column(basis)])
    unknown = np.isnan(flows.amount).any(axis=1)
    begins, ends = flows.kind[flows.source] != Kind.PROCESS, flows.kind[flows.target] != Kind.PROCESS
    entering = np.abs(value[begins & ~ends]).sum()
    small = (np.abs(value) < cutoff * entering) & ~unknown & (begins ^ ends)
    end = np.where(begins, flows.source, flows.target)
    joint = 2 * flows.kind[end].astype(np.int64) + ends
    made, place = np.unique(joint[small], return_inverse=True)
    other = len(flows.kind) + place.reshape(-1)
    source, target = flows.source.copy(), flows.target.copy()
    source[small] = np.where(begins[small], other, source[small])
    target[small] = np.where(begins[small], target[small], other)
    kinds = np.append(flows.kind, (made // 2).astype(np.int8))
    moved = Flows(kinds, flows.basis, source, target, flows.amount)
    return grouped(moved, np.arange(len(kinds)), kinds)


def drawing(flows: Flows, basis: str) -> Drawing:
    """The known flows of one basis, negative ones turned around, and which of them close cycles.

    Flows are laid down from the heaviest on; one that would close a cycle with those before it is
    marked, so that what is marked is small.

    Shapes   see ``Drawing``
    Units    see ``Drawing``
    Errors   OutOfBounds when there is no such basis, or more than 4,000 nodes stand in cycles
    Source   P. Eades, X. Lin, W. Smyth (1993): feedback arcs, greedily; here by weight
    """
    value = flows.amount[:, flows.column(basis)]
    flow = np.flatnonzero(np.nan_to_num(value) != 0.0)
    flow = flow[np.argsort(-np.abs(value[flow]), kind="stable")]
    turned = value[flow] < 0.0
    source = np.where(turned, flows.target[flow], flows.source[flow])
    target = np.where(turned, flows.source[flow], flows.target[flow])
    back = _closing_cycles(len(flows.kind), source, target)
    return Drawing(basis, source, target, np.abs(value[flow]), back, flow)


def _closing_cycles(n: int, source: Ints, target: Ints) -> NDArray[np.bool_]:
    """Which flows close a cycle with those before them: (d,)."""
    links = Equations(n, source, target, np.ones(len(source)), np.zeros((n, 0)))
    component, _ = strong_components(links.indptr, links.supplier)
    inner = np.flatnonzero(component[source] == component[target])
    back = np.zeros(len(source), dtype=np.bool_)
    nodes, ends = np.unique(np.stack([source[inner], target[inner]]), return_inverse=True)
    ends = ends.reshape(2, -1)
    if len(nodes) > LARGEST:
        raise OutOfBounds(f"{len(nodes)} nodes stand in cycles, too many for a diagram; group them.", nodes)
    reaches = np.eye(len(nodes), dtype=np.bool_)
    for place, begin, end in zip(inner, *ends, strict=True):
        if reaches[end, begin]:
            back[place] = True
        elif not reaches[begin, end]:
            reaches[reaches[:, begin]] |= reaches[end]
    return back
