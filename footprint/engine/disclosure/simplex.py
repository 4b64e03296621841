"""The smallest and the largest value of one rank that released statistics leave open: many tiny programmes.

A cell asks for thousands of them, of some ten rows each; a general solver spends milliseconds on setting up
what is solved here in microseconds. Tests hold every kind of answer against scipy's HiGHS.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from footprint.engine.compilation import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

TINY = 1e-9
PIVOTS = 400
GREEDY_PIVOTS = 200


@compiled
def _pivot(tableau: Floats, row: int, column: int) -> None:
    tableau[row] /= tableau[row, column]
    for other in range(tableau.shape[0]):
        factor = tableau[other, column]
        if other != row and factor != 0.0:
            tableau[other] -= factor * tableau[row]


@compiled
def _entering(costs: Floats, columns: int, greedy: bool) -> int:
    """The steepest column, or the first one: the latter cannot go in circles (Bland)."""
    chosen, best = -1, -TINY
    for column in range(columns):
        if costs[column] < best:
            chosen = column
            if not greedy:
                break
            best = costs[column]
    return chosen


@compiled
def _leaving(tableau: Floats, basis: Ints, column: int) -> int:
    chosen, best = -1, np.inf
    for row in range(len(basis)):
        if tableau[row, column] > TINY:
            ratio = tableau[row, -1] / tableau[row, column]
            tied = chosen >= 0 and ratio < best + TINY and basis[row] < basis[chosen]
            if ratio < best - TINY or tied:
                chosen, best = row, min(ratio, best)
    return chosen


@compiled
def _minimise(tableau: Floats, basis: Ints, columns: int) -> bool:
    """Pivot until no column improves the last row; False when that does not come to an end."""
    for turn in range(PIVOTS):
        column = _entering(tableau[-1], columns, turn < GREEDY_PIVOTS)
        if column < 0:
            return True
        row = _leaving(tableau, basis, column)
        if row < 0:
            return False
        _pivot(tableau, row, column)
        basis[row] = column
    return False


@compiled
def _feasible(tableau: Floats, basis: Ints, columns: int) -> bool:
    """A first corner: artificial variables, one a row, are driven to nought."""
    rows = len(basis)
    for row in range(rows):
        if tableau[row, -1] < 0.0:
            tableau[row, :columns] *= -1.0
            tableau[row, -1] *= -1.0
        tableau[row, columns + row] = 1.0
        basis[row] = columns + row
        tableau[-1] -= tableau[row]
    tableau[-1, columns : columns + rows] = 0.0
    if not _minimise(tableau, basis, columns) or tableau[-1, -1] < -1e-7:
        return False
    for row in range(rows):
        if basis[row] >= columns:
            for column in range(columns):
                if abs(tableau[row, column]) > 1e-7:
                    _pivot(tableau, row, column)
                    basis[row] = column
                    break
    return True


@compiled
def _written(tableau: Floats, weights: Floats, low: Floats, high: Floats, knots: Ints, at: Floats) -> bool:
    """Rows of the programme in gaps between neighbouring ranks; False when knots contradict their order.

    ``knots`` are ranks whose values ``at`` are known, ascending, with rank n for the upper end; all
    are measured from the lower end. Columns: n + 1 gaps, then two slacks for every statistic.
    """
    n, statistics = weights.shape[1], weights.shape[0]
    start, reached = 0, 0.0
    for place in range(len(knots)):
        if at[place] < reached:
            return False
        tableau[place, start : knots[place] + 1] = 1.0
        tableau[place, -1] = at[place] - reached
        start, reached = knots[place] + 1, at[place]
    for which in range(statistics):
        upper = len(knots) + which
        behind = 0.0
        for rank in range(n - 1, -1, -1):
            behind += weights[which, rank]
            tableau[upper, rank] = behind
        tableau[upper, n + 1 + which] = 1.0
        tableau[upper, -1] = high[which]
        ranged = upper + statistics
        tableau[ranged, n + 1 + which] = 1.0
        tableau[ranged, n + 1 + statistics + which] = 1.0
        tableau[ranged, -1] = high[which] - low[which]
    return True


@compiled
def open_interval(
    weights: Floats, low: Floats, high: Floats, knots: Ints, at: Floats, target: int
) -> tuple[float, float]:
    """Least and largest value of rank ``target``, measured from the lower end; (inf, -inf): impossible."""
    statistics, n = weights.shape
    rows, columns = len(knots) + 2 * statistics, n + 1 + 2 * statistics
    tableau = np.zeros((rows + 1, columns + rows + 1))
    basis = np.zeros(rows, dtype=np.int64)
    if not _written(tableau, weights, low, high, knots, at) or not _feasible(tableau, basis, columns):
        return np.inf, -np.inf
    found = np.zeros(2)
    for turn in range(2):
        sign = 1.0 - 2.0 * turn
        corner, held = tableau.copy(), basis.copy()
        corner[-1] = 0.0
        corner[-1, : target + 1] = sign
        for row in range(rows):
            if held[row] <= target:
                corner[-1] -= sign * corner[row]
        if not _minimise(corner, held, columns):
            return np.inf, -np.inf
        found[turn] = -sign * corner[-1, -1]
    return found[0], found[1]
