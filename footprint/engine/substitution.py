"""Compiled loops that settle one component after the other, suppliers first.

With ``z_ij`` the amount of product i per unit of product j and ``e_j`` its direct burden,

    y_j = (e_j + sum over i != j of z_ij y_i) / (1 - z_jj)

A single product needs nothing else. A component of up to ``DENSE_LIMIT`` products is first proven
productive, in arithmetic that does not depend on the units of the products, and solved by dense LU.
A larger one is handed back, to be relaxed, and so is what cannot be settled.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from footprint.engine.compilation import compiled
from footprint.engine.kernels import Flags, Floats, Ints

DENSE_LIMIT = 48
"""Largest component that is solved by dense LU."""
VANISHING = 1e-12
"""A pivot this small beside the terms it is made of is zero: it has lost twelve digits."""

SETTLED, UNPRODUCTIVE, OVERFLOWN, STUBBORN, LARGE = 0, 1, 2, 3, 4
"""What became of a component. Large: it has to be relaxed; stubborn: it needs sparse LU."""


class Wiring(NamedTuple):
    """Links by consumer, their reverse, and components in solving order, as ``Equations`` and ``Plan``."""

    indptr: Ints
    supplier: Ints
    amount: Floats
    consumer_indptr: Ints
    consumer: Ints
    members: Ints
    start: Ints
    component: Ints
    place: Ints


class Ledger(NamedTuple):
    """What is known so far. ``refused_by``: (n,) the refused component a product hangs on, or -1.

    ``todo``: (components,) still to be computed; ``moved``: (components,) rows that changed;
    ``revised``: (components,) loops computed in this walk; ``before``: (largest component, m)
    scratch for the rows as they were.
    """

    direct: Floats
    intensity: Floats
    refused_by: Ints
    todo: Flags
    moved: Flags
    revised: Flags
    before: Floats


@compiled
def _gather(
    j: int, indptr: Ints, supplier: Ints, amount: Floats, direct: Floats, y: Floats, row: Floats
) -> float:
    """Put ``e_j`` plus what the suppliers bring into ``row``; return the self-link ``z_jj``."""
    own = 0.0
    for c in range(len(row)):
        row[c] = direct[j, c]
    for k in range(indptr[j], indptr[j + 1]):
        i = supplier[k]
        if i == j:
            own = amount[k]
            continue
        z = amount[k]
        for c in range(len(row)):
            row[c] += z * y[i, c]
    return own


@compiled
def _single(
    j: int, indptr: Ints, supplier: Ints, amount: Floats, direct: Floats, y: Floats, row: Floats
) -> tuple[int, bool]:
    """Settle a component of one product: verdict, and whether its row moved."""
    own = _gather(j, indptr, supplier, amount, direct, y, row)
    pivot = 1.0 - own
    if pivot <= VANISHING * (1.0 + abs(own)):
        return UNPRODUCTIVE, False
    moved, finite = False, True
    for c in range(len(row)):
        value = (row[c] if pivot == 1.0 else row[c] / pivot) + 0.0
        finite = finite and np.isfinite(value)
        moved = moved or value != y[j, c]
        y[j, c] = value
    return SETTLED if finite else OVERFLOWN, moved


@compiled
def _block(first: int, last: int, wiring: Wiring, direct: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The equations of one component: (size, size) matrix and (size, m) right-hand sides."""
    size = last - first
    matrix, right = np.zeros((size, size)), np.empty((size, direct.shape[1]))
    for a in range(size):
        j = wiring.members[first + a]
        matrix[a, a] = 1.0
        for c in range(direct.shape[1]):
            right[a, c] = direct[j, c]
        for k in range(wiring.indptr[j], wiring.indptr[j + 1]):
            i = wiring.supplier[k]
            b = wiring.place[i] - first
            if 0 <= b < size:
                matrix[a, b] -= wiring.amount[k]
            else:
                for c in range(direct.shape[1]):
                    right[a, c] += wiring.amount[k] * y[i, c]
    return matrix, right


@compiled
def _has_credit(first: int, last: int, wiring: Wiring) -> bool:
    """Whether a link inside the component is negative."""
    for p in range(first, last):
        j = wiring.members[p]
        for k in range(wiring.indptr[j], wiring.indptr[j + 1]):
            inside = first <= wiring.place[wiring.supplier[k]] < last
            if inside and wiring.amount[k] < 0.0:
                return True
    return False


@compiled
def dominated(matrix: Floats) -> bool:
    """Whether the comparison matrix (diagonal kept, the rest made negative) has positive pivots only.

    That proves the matrix nonsingular and, where it has no credits, the component productive.
    ``sizes`` follows the terms every pivot is made of: a pivot that is rounding noise is no pivot.

    Source   A. Berman, R. Plemmons, Nonnegative Matrices in the Mathematical Sciences, ch. 6
    """
    size = len(matrix)
    low, sizes = np.empty((size, size)), np.empty((size, size))
    for a in range(size):
        for b in range(size):
            low[a, b], sizes[a, b] = -abs(matrix[a, b]), abs(matrix[a, b])
        low[a, a] = matrix[a, a]
        sizes[a, a] = 1.0 + abs(1.0 - matrix[a, a])
    for p in range(size):
        if low[p, p] <= VANISHING * sizes[p, p]:
            return False
        for a in range(p + 1, size):
            factor = low[a, p] / low[p, p]
            if factor != 0.0:
                for b in range(p + 1, size):
                    low[a, b] -= factor * low[p, b]
                    sizes[a, b] += abs(factor * low[p, b])
    return True


@compiled
def _subtract(rows: Floats, a: int, p: int, factor: float, begin: int) -> None:
    """Take ``factor`` times row p from row a, from column ``begin`` on."""
    for c in range(begin, rows.shape[1]):
        rows[a, c] -= factor * rows[p, c]


@compiled
def _eliminate(matrix: Floats, right: Floats) -> None:
    """Solve in place by LU without exchanging rows, for a matrix that is dominated.

    Exchanges would choose by the units of the products and cost six digits where those differ widely.
    """
    size = len(matrix)
    for p in range(size):
        for a in range(p + 1, size):
            factor = matrix[a, p] / matrix[p, p]
            if factor != 0.0:
                _subtract(matrix, a, p, factor, p + 1)
                _subtract(right, a, p, factor, 0)
    for p in range(size - 1, -1, -1):
        for b in range(p + 1, size):
            _subtract(right, p, b, matrix[p, b], 0)
        for c in range(right.shape[1]):
            right[p, c] /= matrix[p, p]


@compiled
def _failed_supplier(c: int, wiring: Wiring, refused_by: Ints) -> int:
    """The lowest refused component that a supplier from outside hangs on, or -1."""
    cause = -1
    for p in range(wiring.start[c], wiring.start[c + 1]):
        j = wiring.members[p]
        for k in range(wiring.indptr[j], wiring.indptr[j + 1]):
            i = wiring.supplier[k]
            if refused_by[i] >= 0 and wiring.component[i] != c and (cause < 0 or refused_by[i] < cause):
                cause = refused_by[i]
    return cause


@compiled
def _loop(c: int, wiring: Wiring, ledger: Ledger) -> int:
    """Settle a component whose suppliers are all solved."""
    first, last = wiring.start[c], wiring.start[c + 1]
    if last - first > DENSE_LIMIT:
        return LARGE
    matrix, right = _block(first, last, wiring, ledger.direct, ledger.intensity)
    if not dominated(matrix):
        return STUBBORN if _has_credit(first, last, wiring) else UNPRODUCTIVE
    _eliminate(matrix, right)
    finite = True
    for a in range(last - first):
        for k in range(right.shape[1]):
            value = right[a, k] + 0.0
            finite = finite and np.isfinite(value)
            ledger.intensity[wiring.members[first + a], k] = value
    return SETTLED if finite else OVERFLOWN


@compiled
def _mark(first: int, last: int, wiring: Wiring, todo: Flags) -> None:
    """Whoever takes from these products has to be computed again."""
    for p in range(first, last):
        j = wiring.members[p]
        for k in range(wiring.consumer_indptr[j], wiring.consumer_indptr[j + 1]):
            todo[wiring.component[wiring.consumer[k]]] = True


@compiled
def _differs(y: Floats, j: int, before: Floats, a: int) -> bool:
    """Whether a row has another value than before; NaN is always another."""
    differs = False
    for c in range(y.shape[1]):
        differs |= y[j, c] != before[a, c]
    return differs


@compiled
def publish(c: int, cause: int, marking: bool, wiring: Wiring, ledger: Ledger) -> None:
    """Close component ``c``, refused because of ``cause`` if that is not -1; mark consumers if it moved."""
    first, last = wiring.start[c], wiring.start[c + 1]
    moved = False
    for p in range(first, last):
        j = wiring.members[p]
        moved = moved or ledger.refused_by[j] != cause
        ledger.refused_by[j] = cause
        if cause >= 0:
            for k in range(ledger.intensity.shape[1]):
                ledger.intensity[j, k] = np.nan
        else:
            moved = moved or _differs(ledger.intensity, j, ledger.before, p - first)
    if moved and marking:
        _mark(first, last, wiring, ledger.todo)
    ledger.moved[c], ledger.revised[c], ledger.todo[c] = moved, True, False


@compiled
def _visit(c: int, refusing: bool, marking: bool, wiring: Wiring, ledger: Ledger) -> int:
    """Compute and publish one component, unless it needs a decision."""
    first, last = wiring.start[c], wiring.start[c + 1]
    for p in range(first, last):
        for k in range(ledger.intensity.shape[1]):
            ledger.before[p - first, k] = ledger.intensity[wiring.members[p], k]
    cause = _failed_supplier(c, wiring, ledger.refused_by) if refusing else -1
    if cause < 0:
        verdict = _loop(c, wiring, ledger)
        if verdict != SETTLED:
            return verdict
    publish(c, cause, marking, wiring, ledger)
    return SETTLED


@compiled
def substitute(begin: int, refusing: bool, marking: bool, wiring: Wiring, ledger: Ledger) -> tuple[int, int]:
    """Compute the components to do from ``begin`` on: the first that needs a decision, and why.

    A component that settles is published and the walk goes on, as it does downstream of a refused
    one. Otherwise its number and verdict come back, and (number of components, SETTLED) at the end.
    ``refusing``: whether any product is refused; as long as none is, single products take a short way.
    ``marking``: whether consumers of what moved have to be marked; not when all is to be computed.
    """
    indptr, supplier, amount, start = wiring.indptr, wiring.supplier, wiring.amount, wiring.start
    direct, y, todo = ledger.direct, ledger.intensity, ledger.todo
    row = np.empty(direct.shape[1])
    for c in range(begin, len(start) - 1):
        if not todo[c]:
            continue
        first = start[c]
        if refusing or start[c + 1] - first > 1:
            verdict = _visit(c, refusing, marking, wiring, ledger)
        else:
            verdict, moved = _single(wiring.members[first], indptr, supplier, amount, direct, y, row)
            if moved and marking:
                _mark(first, first + 1, wiring, todo)
            ledger.moved[c] = moved
            todo[c] = False
        if verdict != SETTLED:
            return c, verdict
    return len(start) - 1, SETTLED
