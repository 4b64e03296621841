"""Gauss-Seidel sweeps for loops too large for dense LU, on arrays of the loop's own.

The products of the loop are numbered by their place in solving order, and columns are swept twelve at a
time: that keeps what a sweep touches close together, and its sums in three registers of four. Positions
are unsigned, which spares a test of every index.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from footprint.engine.compilation import compiled
from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.lanes import add, divide, load, rest, store
from footprint.engine.plan import Plan
from footprint.engine.substitution import OVERFLOWN, SETTLED, STUBBORN, UNPRODUCTIVE, VANISHING

SWEEP_LIMIT = 1000
"""Sweeps after which a loop counts as stubborn."""
STRICT_SWEEPS = 20
"""Sweeps after which an entry may also rest by the size of its terms (credits can cancel)."""
STILL = 8 * 2.0**-52
"""An entry that moves by less than this, relatively, has stopped moving."""
TILE = 12
"""Columns of one sweep; the kernels spell out its three times four."""

Positions = NDArray[np.uint32]


class Block(NamedTuple):
    """``pivot y = right + sum over links of amount y``, the equations of one loop.

    Shapes   indptr: (size + 1,); supplier, amount: (links inside,), self-links excluded;
             pivot: (size,) 1 minus the self-link; right: (tiles, size, TILE), unused columns zero
    """

    indptr: Positions
    supplier: Positions
    amount: Floats
    pivot: Floats
    right: Floats


def relax(equations: Equations, plan: Plan, component: int, intensity: Floats) -> int:
    """Settle a component by sweeps from zero, writing its rows into ``intensity``; or say why not.

    Every twelve columns are swept until they rest.

    Shapes   intensity: (n, m), complete outside the component
    Units    kg of each column per unit of product
    Errors   none; the verdict is SETTLED, UNPRODUCTIVE, OVERFLOWN or STUBBORN
    Source   R. Varga, Matrix Iterative Analysis (1962), ch. 3
    """
    members = plan.members_of(component)
    block = _isolate(members, plan.place, *equations.suppliers, equations.amount, equations.direct, intensity)
    verdict = _productive(block)
    tiles = np.zeros_like(block.right)
    for tile in range(len(tiles)):
        if verdict == SETTLED:
            verdict = _settle(block, block.right[tile], tiles[tile])
    if verdict == SETTLED:
        rows = tiles.transpose(1, 0, 2).reshape(len(members), -1)
        intensity[members] = rows[:, : intensity.shape[1]]
    return verdict


@compiled
def _isolate(
    members: Ints, place: Ints, indptr: Ints, supplier: Ints, amount: Floats, direct: Floats, y: Floats
) -> Block:
    """Gather the equations of a component; what it takes from outside goes to the right-hand side."""
    size, first, columns = len(members), place[members[0]], direct.shape[1]
    most = 0
    for j in members:
        most += indptr[j + 1] - indptr[j]
    begin, of, by = np.zeros(size + 1, np.uint32), np.empty(most, np.uint32), np.empty(most)
    pivot = np.ones(size)
    right = np.zeros((-(-columns // TILE), size, TILE))
    links = 0
    for a in range(size):
        j = members[a]
        row = direct[j].copy()
        for k in range(indptr[j], indptr[j + 1]):
            b, z = place[supplier[k]] - first, amount[k]
            if b == a:
                pivot[a] = 1.0 - z
            elif 0 <= b < size:
                of[links], by[links] = b, z
                links += 1
            else:
                i = supplier[k]
                for c in range(columns):
                    row[c] += z * y[i, c]
        begin[a + 1] = links
        for c in range(columns):
            right[c // TILE, a, c % TILE] = row[c] + 0.0
    return Block(begin, of[:links].copy(), by[:links].copy(), pivot, right)


@compiled
def _growth(block: Block, step: Floats) -> tuple[float, float]:
    """Apply the Gauss-Seidel iteration matrix of the comparison matrix to ``step``, in place.

    Returns the smallest and the largest growth of an entry: they enclose the spectral radius.
    """
    indptr, supplier, amount, pivot = block.indptr, block.supplier, block.amount, block.pivot
    least, most, largest = np.inf, 0.0, 0.0
    for a in range(len(step)):
        total = 0.0
        for k in range(indptr[a], indptr[a + 1]):
            total += abs(amount[k]) * step[supplier[k]]
        if pivot[a] <= VANISHING * (1.0 + abs(1.0 - pivot[a])):
            return np.inf, np.inf
        if step[a] <= 0.0:
            return 0.0, np.inf
        ratio = total / pivot[a] / step[a]
        least, most = min(least, ratio), max(most, ratio)
        step[a] = total / pivot[a]
        largest = max(largest, step[a])
    for a in range(len(step)):
        step[a] /= largest
    return least, most


@compiled
def _productive(block: Block) -> int:
    """Enclose the spectral radius of the loop until it is on one side of 1.

    Source   Collatz-Wielandt bounds; P. Stein, R. Rosenberg (1948) carry them to the network
    """
    step = np.ones(len(block.pivot))
    for _ in range(SWEEP_LIMIT):
        least, most = _growth(block, step)
        if most < 1.0 - VANISHING:
            return SETTLED
        if least >= 1.0 - VANISHING:
            return STUBBORN if _has_credit(block) else UNPRODUCTIVE
    return STUBBORN


@compiled
def _has_credit(block: Block) -> bool:
    """Whether a link inside the loop, or of a product to itself, is negative."""
    credit = False
    for z in block.amount:
        credit |= z < 0.0
    for p in block.pivot:
        credit |= p > 1.0
    return credit


@compiled
def _rests(a: int, block: Block, right: Floats, y: Floats) -> bool:
    """Whether row a would move by no more than the rounding of its terms."""
    for c in range(TILE):
        total = right[a, c]
        size = abs(total)
        for k in range(block.indptr[a], block.indptr[a + 1]):
            part = block.amount[k] * y[block.supplier[k], c]
            total += part
            size += abs(part)
        total /= block.pivot[a]
        if not abs(total - y[a, c]) <= STILL * max(size, abs(total)):
            return False
    return True


@compiled
def _sweep(block: Block, right: Floats, y: Floats, lenient: bool) -> bool:
    """One Gauss-Seidel sweep over twelve columns; whether every entry stayed where it was."""
    indptr, supplier, amount, pivot = block.indptr, block.supplier, block.amount, block.pivot
    resting = True
    for a in range(len(pivot)):
        r, s, t = load(right, a, 0), load(right, a, 4), load(right, a, 8)
        for k in range(indptr[a], indptr[a + 1]):
            i, z = supplier[k], amount[k]
            r, s, t = add(r, z, load(y, i, 0)), add(s, z, load(y, i, 4)), add(t, z, load(y, i, 8))
        if pivot[a] != 1.0:
            r, s, t = divide(r, pivot[a]), divide(s, pivot[a]), divide(t, pivot[a])
        still = rest(r, load(y, a, 0), STILL) and rest(s, load(y, a, 4), STILL)
        if resting and not (still and rest(t, load(y, a, 8), STILL)):
            resting = lenient and _rests(a, block, right, y)
        store(y, a, 0, r)
        store(y, a, 4, s)
        store(y, a, 8, t)
    return resting


@compiled
def _settle(block: Block, right: Floats, y: Floats) -> int:
    """Sweep twelve columns in solving order, from zero, until every entry rests."""
    for sweep in range(SWEEP_LIMIT):
        if _sweep(block, right, y, sweep >= STRICT_SWEEPS):
            return SETTLED
        for c in range(TILE):
            if not np.isfinite(y[-1, c]):
                return OVERFLOWN
    return STUBBORN
