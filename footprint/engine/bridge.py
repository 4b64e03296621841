"""Why a figure differs between two runs: by cause, line by line, whatever the order, closing to zero."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from footprint.engine.activity import activity
from footprint.engine.contributions import CLOSING
from footprint.engine.equations import Equations, Floats, Ints, as_nodes
from footprint.engine.errors import NotClosed, OutOfRange, WrongShape
from footprint.engine.kernels import count_sort, reach
from footprint.engine.part import named, places
from footprint.engine.score import weighed
from footprint.engine.snapshot import UNSAID, Cause, Role, Snapshot, known_weights
from footprint.engine.solve import solve

NOWHERE = -1
"""In a row: there is no such line or supplier."""


class Term(IntEnum):
    """Which number changed."""

    SHARE = 0
    TAKEN = 1
    MADE = 2
    PROVIDER = 3
    """Another supplier in the same line."""
    LINE = 4
    """A line on one side only."""
    DIRECT = 5
    """The burden of a node itself: the vector of a leaf."""
    WEIGHT = 6


@dataclass(frozen=True, eq=False)
class Bridge:
    """The difference between two runs of one product, heaviest rows first.

    ``change`` sums to ``after - before``.

    Shapes   cause, term, consumer, line, supplier, previous, change: (q,); supplier: after the change,
             previous: before it, -1 where there is none; the node of a burden or weight stands as consumer
    Units    before, after, change: kg CO2e per unit of the root
    """

    root: int
    before: float
    after: float
    cause: NDArray[np.int8]
    term: NDArray[np.int8]
    consumer: Ints
    line: Ints
    supplier: Ints
    previous: Ints
    change: Floats

    def totals(self) -> dict[Cause, float]:
        """The sum of every cause, in their order; 0 where nothing changed for it."""
        return {cause: float(self.change[self.cause == cause].sum()) for cause in Cause}


@dataclass(frozen=True, eq=False)
class _Side:
    """One run, solved under the mean weights.

    Shapes   score, made: (r,)
    """

    run: Snapshot
    score: Floats
    made: Floats


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of a bridge in the making, in names of the part."""

    cause: Ints
    term: Ints
    consumer: Ints
    line: Ints
    supplier: Ints
    previous: Ints
    change: Floats


def bridge(before: Snapshot, after: Snapshot, root: int) -> Bridge:
    """Give every change of a line, a burden or a weight its share in the change of one figure.

    Effects that belong to several changes at once are split evenly, so that neither the order of causes
    nor the direction of the comparison matters: with M = (I - Z)^-1 of each side,

        y2 - y1 = 1/2 (M1 (dZ y2 + dd) + M2 (dZ y1 + dd))

    and within a line by the Shapley value of share, taken, 1 / made and the provider's figure.

    Shapes   see ``Snapshot`` and ``Bridge``; root: a node present in both runs
    Units    see ``Snapshot`` and ``Bridge``
    Errors   NotClosed when rows miss the difference by more than 1e-9 of both figures; NotProductive,
             SingularNetwork, NonFinite where a run cannot be solved; NotCharacterised; OutOfRange,
             WrongShape
    Source   E. Dietzenbacher, B. Los, Structural decomposition techniques (1998): the mean of the polar
             forms; L. Shapley (1953)
    """
    weights = known_weights(before, after)
    as_nodes([root], before.n)
    if not (before.present[root] and after.present[root]):
        raise OutOfRange([root], int((before.present & after.present).sum()))
    first, second = before.completed_by(after), after.completed_by(before)
    nodes = _needed(first, second, root)
    place = places(before.n, nodes)
    mean = (weights[0] + weights[1]) / 2.0
    a, b = (_solved(run.limited_to(nodes, place), mean, nodes, int(place[root])) for run in (first, second))
    rows = _joined(_line_rows(a, b), _direct_rows(a, b, mean), _weight_rows(a, b, *weights))
    figures = [
        float(side.made @ weighed(side.run.direct, by)) for side, by in zip((a, b), weights, strict=True)
    ]
    return _closed(root, figures, rows, nodes)


def shapley(old: Floats, new: Floats) -> Floats:
    """What each factor of a product contributes to its change, the mean over all orders.

    Shapes   old, new: (k, f), one product of f factors in each row; result: (k, f), whose rows sum to
             the change of the product
    Units    those of the product
    Errors   none
    Source   L. Shapley, A value for n-person games (1953)
    """
    count = old.shape[1]
    share = np.zeros_like(old)
    for factor in range(count):
        others = [other for other in range(count) if other != factor]
        for size in range(count):
            weight = factorial(size) * factorial(count - 1 - size) / factorial(count)
            for moved in combinations(others, size):
                term = np.full(len(old), weight)
                for other in others:
                    term *= new[:, other] if other in moved else old[:, other]
                share[:, factor] += term
    return share * (new - old)


def _needed(first: Snapshot, second: Snapshot, root: int) -> Ints:
    """Every node that the root can hang on in either run, ascending."""
    consumer = np.append(first.consumer, second.consumer)
    supplier = np.append(first.supplier, second.supplier)
    indptr = np.append(0, np.cumsum(np.bincount(consumer, minlength=first.n)))
    order = count_sort(consumer, first.n)
    return np.flatnonzero(reach(indptr, supplier[order], np.array([root])))


def _solved(run: Snapshot, mean: Floats, nodes: Ints, root: int) -> _Side:
    with named(nodes):
        equations = Equations(
            run.n, run.consumer, run.supplier, run.amount, weighed(run.direct, mean)[:, None]
        )
        score = solve(equations, certify=False).intensity[:, 0]
        made = activity(equations, [root]).of(np.arange(run.n))[:, 0]
    return _Side(run, score, made)


def _line_rows(first: _Side, second: _Side) -> _Rows:
    """Rows of lines on both sides, by what changed in them, and of lines on one side only."""
    a, b = first.run, second.run
    left, right = _matched(a, b)
    gone, come = _others(len(a.line), left), _others(len(b.line), right)
    differs = a.supplier[left] != b.supplier[right]
    for name in ("share", "taken", "made"):
        differs |= getattr(a, name)[left] != getattr(b, name)[right]
    left, right = left[differs], right[differs]
    old, new = ([run.share[at], run.taken[at], 1.0 / run.made[at]] for run, at in ((a, left), (b, right)))
    consumer, previous, supplier = a.consumer[left], a.supplier[left], b.supplier[right]
    old.append(_worth(first, second, consumer, previous))
    new.append(_worth(first, second, consumer, supplier))
    change = shapley(np.stack(old, axis=1), np.stack(new, axis=1))
    terms = np.arange(len(old))
    factors = (a.role[previous] == Role.FACTOR) & (b.role[supplier] == Role.FACTOR)
    cause = np.tile([Cause.ALLOCATION, Cause.ACTIVITY, Cause.ACTIVITY, Cause.SUPPLIER], (len(left), 1))
    cause[factors, Term.PROVIDER] = Cause.FACTOR
    said = np.where(b.cause[right] != UNSAID, b.cause[right], a.cause[left])
    cause = np.where(said[:, None] != UNSAID, said[:, None], cause)
    at = np.repeat(np.arange(len(left)), len(terms))
    both = _Rows(cause.reshape(-1), np.tile(terms, len(left)), consumer[at], a.line[left][at], supplier[at],
                 previous[at], change.reshape(-1))  # fmt: skip
    return _joined(both, _one_sided(first, second, a, gone, -1.0), _one_sided(first, second, b, come, 1.0))


def _one_sided(first: _Side, second: _Side, run: Snapshot, at: Ints, sign: float) -> _Rows:
    consumer, supplier, none = run.consumer[at], run.supplier[at], np.full(len(at), NOWHERE)
    change = sign * run.amount[at] * _worth(first, second, consumer, supplier)
    return _Rows(
        np.where(run.cause[at] != UNSAID, run.cause[at], Cause.STRUCTURE),
        np.full(len(at), Term.LINE),
        consumer,
        run.line[at],
        supplier if sign > 0.0 else none,
        none if sign > 0.0 else supplier,
        change,
    )


def _direct_rows(first: _Side, second: _Side, mean: Floats) -> _Rows:
    """Rows of burdens that changed."""
    moved = weighed(second.run.direct - first.run.direct, mean)
    change = moved * (first.made + second.made) / 2.0
    by_role = np.array([Cause.ACTIVITY, Cause.FACTOR, Cause.SUPPLIER])[second.run.role]
    said = np.where(second.run.direct_cause != UNSAID, second.run.direct_cause, first.run.direct_cause)
    return _node_rows(np.where(said != UNSAID, said, by_role), Term.DIRECT, change)


def _weight_rows(first: _Side, second: _Side, old: Floats, new: Floats) -> _Rows:
    """Rows of burdens that are weighed otherwise."""
    emitted = first.made[:, None] * first.run.direct + second.made[:, None] * second.run.direct
    return _node_rows(np.full(len(emitted), Cause.GWP), Term.WEIGHT, weighed(emitted, new - old) / 2.0)


def _node_rows(cause: Ints, term: Term, change: Floats) -> _Rows:
    none = np.full(len(change), NOWHERE)
    return _Rows(cause, np.full(len(change), term), np.arange(len(change)), none, none, none, change)


def _worth(first: _Side, second: _Side, consumer: Ints, supplier: Ints) -> Floats:
    """By how much the figure moves per unit that a consumer takes of a supplier, the mean of both runs."""
    crossed = first.made[consumer] * second.score[supplier] + second.made[consumer] * first.score[supplier]
    return crossed / 2.0


def _matched(first: Snapshot, second: Snapshot) -> tuple[Ints, Ints]:
    """Where the lines that both runs have stand in each: (k,), (k,)."""
    key = _keys(np.append(first.consumer, second.consumer), np.append(first.line, second.line))
    parts = key[: len(first.line)], key[len(first.line) :]
    for part, run in zip(parts, (first, second), strict=True):
        order = np.argsort(part, kind="stable")
        twice = np.flatnonzero(np.diff(part[order]) == 0)
        if len(twice):
            raise WrongShape(f"A consumer has the line {run.line[order[twice[0]]]} twice in one run.")
    _, left, right = np.intersect1d(*parts, assume_unique=True, return_indices=True)
    return left, right


def _keys(consumer: Ints, line: Ints) -> Ints:
    """One number for each line, the same for the same consumer and line: (k,), (k,) -> (k,)."""
    span = int(line.max(initial=0)) + 1
    if span > 2**62 // (int(consumer.max(initial=0)) + 1):
        known, line = np.unique(line, return_inverse=True)
        span = len(known)
    return consumer * span + line.reshape(-1)


def _others(count: int, taken: Ints) -> Ints:
    """The places that are not among these, ascending."""
    left = np.ones(count, dtype=np.bool_)
    left[taken] = False
    return np.flatnonzero(left)


def _joined(*parts: _Rows) -> _Rows:
    names = ("cause", "term", "consumer", "line", "supplier", "previous", "change")
    return _Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _closed(root: int, figures: list[float], rows: _Rows, nodes: Ints) -> Bridge:
    """The rows that say something, heaviest first, if they add up."""
    kept = np.flatnonzero(rows.change != 0.0)
    order = np.lexsort((rows.term[kept], rows.line[kept], rows.consumer[kept], -np.abs(rows.change[kept])))
    kept, names = kept[order], np.append(nodes, NOWHERE)
    before, after = figures
    found = Bridge(
        int(root), before, after, rows.cause[kept].astype(np.int8), rows.term[kept].astype(np.int8),
        names[rows.consumer[kept]], rows.line[kept], names[rows.supplier[kept]], names[rows.previous[kept]],
        rows.change[kept],
    )  # fmt: skip
    gap, size = abs(float(found.change.sum()) - (after - before)), abs(before) + abs(after)
    if gap > CLOSING * size:
        raise NotClosed(root, gap / size if size > 0.0 else float("inf"))
    return found
