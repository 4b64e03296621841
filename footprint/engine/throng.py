"""Compiled loops that substitute many samples of one network side by side.

Rows are (columns, lanes), one lane for each sample. First every sample of a loop is proven productive
by itself; then loops of any size are swept, sixteen lanes at a time. Lanes never mix, but all are
swept until the last of them rests, therefore a sample keeps the company it was drawn in.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from footprint.engine.compilation import compiled
from footprint.engine.equations import Floats, Ints
from footprint.engine.kernels import Flags
from footprint.engine.lanes import add, divide, load, magnitude, move, store

GROWTHS = 200
"""Rounds after which it stays open whether a loop is productive."""
SWEEPS = 300
"""Sweeps after which a loop stays open."""
STRICT = 20
"""Sweeps after which an entry may also rest by the size of its terms."""
STILL = 8 * 2.0**-52
"""An entry that moves by less than this, relatively, has stopped moving."""
VANISHING = 1e-12
"""A pivot this small beside the terms it is made of is zero."""

SIDE = 16
"""Samples side by side; the sweep spells out its four times four."""

FINE, NOWHERE, OPEN = 0, 1, 2
"""Of a sample: as it should be; without figure in some loop; to be solved by itself."""


Positions = NDArray[np.uint32]


class Throng(NamedTuple):
    """Links by consumer with (links, 16) amounts, and products in solving order, as ``Plan``."""

    indptr: Ints
    supplier: Ints
    amount: Floats
    members: Ints
    start: Ints
    place: Ints


class Block(NamedTuple):
    """The equations of one loop, numbered by place: links inside, their amounts, one minus each self-link.

    Shapes   begin: (size + 1,); of: (links,); by: (links, 16); pivot: (size, 16)
    """

    begin: Positions
    of: Positions
    by: Floats
    pivot: Floats


@compiled
def _add(rows: Floats, r: int, amount: Floats, k: int, y: Floats, i: int) -> None:
    """Add to row ``r`` what link ``k`` brings from product ``i``, sample by sample."""
    for c in range(y.shape[1]):
        for s in range(y.shape[2]):
            rows[r, c, s] += amount[k, s] * y[i, c, s]


@compiled
def _divide(rows: Floats, r: int, own: Floats) -> None:
    """Divide by one minus the self-link."""
    for c in range(rows.shape[1]):
        for s in range(rows.shape[2]):
            rows[r, c, s] /= 1.0 - own[s]


@compiled
def _isolate(first: int, last: int, throng: Throng, y: Floats) -> Block:
    """The equations of a loop; what comes from outside is added to the burdens that stand in ``y``."""
    most = 0
    for p in range(first, last):
        most += throng.indptr[throng.members[p] + 1] - throng.indptr[throng.members[p]]
    begin, of = np.zeros(last - first + 1, np.uint32), np.empty(most, np.uint32)
    by, pivot, links = np.empty((most, SIDE)), np.ones((last - first, SIDE)), 0
    for p in range(first, last):
        j = throng.members[p]
        for k in range(throng.indptr[j], throng.indptr[j + 1]):
            q = throng.place[throng.supplier[k]]
            if q == p:
                pivot[p - first] -= throng.amount[k]
            elif first <= q < last:
                of[links] = q - first
                by[links] = throng.amount[k]
                links += 1
            else:
                _add(y, j, throng.amount, k, y, throng.supplier[k])
        begin[p - first + 1] = links
    return Block(begin, of[:links], by[:links], pivot)


@compiled
def _examine(block: Block) -> tuple[Flags, Flags]:
    """Of every sample: whether each product of a loop yields by itself; whether a link inside is a credit."""
    sound, credit = np.ones(SIDE, dtype=np.bool_), np.zeros(SIDE, dtype=np.bool_)
    for a in range(len(block.pivot)):
        for s in range(SIDE):
            pivot = block.pivot[a, s]
            credit[s] |= pivot > 1.0
            sound[s] &= pivot > VANISHING * (1.0 + abs(1.0 - pivot))
    for k in range(len(block.by)):
        for s in range(SIDE):
            credit[s] |= block.by[k, s] < 0.0
    return sound, credit


@compiled
def _grow(block: Block, step: Floats, total: Floats, least: Floats, most: Floats) -> None:
    """Apply the Gauss-Seidel iteration of the comparison equations: (size, 16) ``step``, in place.

    ``least`` and ``most``, (16,), become the smallest and the largest growth of an entry; ``total``,
    (1, 16), is scratch.
    """
    begin, of, by, pivot = block.begin, block.of, block.by, block.pivot
    largest = np.zeros(SIDE)
    least[:], most[:] = np.inf, 0.0
    for a in range(len(pivot)):
        total[:] = 0.0
        q, r, s, t = load(total, 0, 0), load(total, 0, 4), load(total, 0, 8), load(total, 0, 12)
        for k in range(begin[a], begin[a + 1]):
            i = of[k]
            q, r = (
                add(q, magnitude(load(by, k, 0)), load(step, i, 0)),
                add(r, magnitude(load(by, k, 4)), load(step, i, 4)),
            )
            s, t = (
                add(s, magnitude(load(by, k, 8)), load(step, i, 8)),
                add(t, magnitude(load(by, k, 12)), load(step, i, 12)),
            )
        store(total, 0, 0, q)
        store(total, 0, 4, r)
        store(total, 0, 8, s)
        store(total, 0, 12, t)
        for lane in range(SIDE):
            grown = total[0, lane] / pivot[a, lane]
            ratio = grown / step[a, lane]
            known = 0.0 < ratio < np.inf
            least[lane] = min(least[lane], ratio) if known else 0.0
            most[lane] = max(most[lane], ratio) if known else np.inf
            step[a, lane] = grown
            largest[lane] = max(largest[lane], grown)
    step /= largest


@compiled
def _weigh(block: Block) -> Ints:
    """Of every sample, whether the loop is proven productive (FINE), proven not to be, or OPEN.

    Source   Collatz-Wielandt bounds; P. Stein, R. Rosenberg (1948)
    """
    step, total, found = np.ones(block.pivot.shape), np.empty((1, SIDE)), np.full(SIDE, OPEN)
    least, most = np.empty(SIDE), np.empty(SIDE)
    sound, credit = _examine(block)
    waiting = sound.copy()
    for _ in range(GROWTHS):
        if not waiting.any():
            break
        _grow(block, step, total, least, most)
        for s in range(SIDE):
            if waiting[s] and most[s] < 1.0 - VANISHING:
                found[s], waiting[s] = FINE, False
            elif waiting[s] and least[s] >= 1.0 - VANISHING:
                found[s], waiting[s] = OPEN if credit[s] else NOWHERE, False
    return found


@compiled
def _rests(a: int, block: Block, right: Floats, y: Floats) -> bool:
    """Whether no lane of row a would move by more than the rounding of its terms."""
    begin, of, by, pivot = block.begin, block.of, block.by, block.pivot
    for s in range(y.shape[1]):
        total = right[a, s]
        size = abs(total)
        for k in range(begin[a], begin[a + 1]):
            part = by[k, s] * y[of[k], s]
            total += part
            size += abs(part)
        if abs(total / pivot[a, s] - y[a, s]) > STILL * size:
            return False
    return True


@compiled
def _sweep(block: Block, right: Floats, y: Floats, lenient: bool) -> bool:
    """One Gauss-Seidel sweep over sixteen lanes; whether every entry stayed where it was, or is NaN."""
    begin, of, by, pivot = block.begin, block.of, block.by, block.pivot
    resting = True
    for a in range(len(pivot)):
        q, r, s, t = load(right, a, 0), load(right, a, 4), load(right, a, 8), load(right, a, 12)
        for k in range(begin[a], begin[a + 1]):
            i = of[k]
            q, r = add(q, load(by, k, 0), load(y, i, 0)), add(r, load(by, k, 4), load(y, i, 4))
            s, t = add(s, load(by, k, 8), load(y, i, 8)), add(t, load(by, k, 12), load(y, i, 12))
        q, r = divide(q, load(pivot, a, 0)), divide(r, load(pivot, a, 4))
        s, t = divide(s, load(pivot, a, 8)), divide(t, load(pivot, a, 12))
        moving = move(q, load(y, a, 0), STILL) or move(r, load(y, a, 4), STILL)
        moving = moving or move(s, load(y, a, 8), STILL) or move(t, load(y, a, 12), STILL)
        if resting and moving:
            resting = lenient and _rests(a, block, right, y)
        store(y, a, 0, q)
        store(y, a, 4, r)
        store(y, a, 8, s)
        store(y, a, 12, t)
    return resting


@compiled
def _settle(block: Block, right: Floats, y: Floats) -> bool:
    """Sweep sixteen lanes from zero until every entry rests; the result is ``y``."""
    y[:] = 0.0
    sweep, resting = 0, False
    while not resting and sweep < SWEEPS:
        resting = _sweep(block, right, y, sweep >= STRICT)
        sweep += 1
    return resting


@compiled
def _erase(members: Ints, found: Ints, y: Floats, verdict: Ints) -> None:
    """Take the figures of a loop from the samples that are not FINE, and say so."""
    for s in range(len(found)):
        if found[s] != FINE:
            verdict[s] = max(verdict[s], found[s])
            for j in members:
                y[j, :, s] = np.nan


@compiled
def _loop(first: int, last: int, throng: Throng, y: Floats, verdict: Ints) -> None:
    """Settle one loop for all samples; a sample that has no figure there, or stays open, becomes NaN."""
    members, block = throng.members[first:last], _isolate(first, last, throng, y)
    found = _weigh(block)
    _erase(members, found, y, verdict)
    right, rows = np.empty((len(members), SIDE)), np.empty((len(members), SIDE))
    for c in range(y.shape[1]):
        for a in range(len(members)):
            right[a] = y[members[a], c]
        if not _settle(block, right, rows):
            verdict[:] = OPEN
        for a in range(len(members)):
            y[members[a], c] = rows[a]


@compiled
def _single(j: int, throng: Throng, y: Floats, verdict: Ints) -> None:
    """Settle one product for all samples."""
    own, lanes = -1, len(verdict)
    for k in range(throng.indptr[j], throng.indptr[j + 1]):
        if throng.supplier[k] == j:
            own = k
        else:
            _add(y, j, throng.amount, k, y, throng.supplier[k])
    if own < 0:
        return
    _divide(y, j, throng.amount[own])
    for s in range(lanes):
        z = throng.amount[own, s]
        if 1.0 - z <= VANISHING * (1.0 + abs(z)):
            verdict[s] = max(verdict[s], NOWHERE)
            y[j, :, s] = np.nan


@compiled
def substitute_throng(throng: Throng, y: Floats) -> Ints:
    """Turn burdens into intensities, suppliers first; ``y``: (n, columns, lanes), in place.

    Returns the verdict of every sample. What has no figure is NaN, and so is what hangs on it.
    """
    verdict = np.full(throng.amount.shape[1], FINE)
    for c in range(len(throng.start) - 1):
        first, last = throng.start[c], throng.start[c + 1]
        if last - first > 1:
            _loop(first, last, throng, y, verdict)
        else:
            _single(throng.members[first], throng, y, verdict)
    return verdict
