"""How good a solution is: its residual, and a proven bound on its error."""

from __future__ import annotations

import numpy as np

from footprint.engine.compilation import compiled
from footprint.engine.kernels import Floats, Ints

ROUNDING = 2.0**-52
TINY = 1e-30


@compiled
def equation_gaps(
    indptr: Ints, supplier: Ints, amount: Floats, direct: Floats, y: Floats, nodes: Ints
) -> tuple[Floats, Floats]:
    """Of every node ``y_j - e_j - sum z_ij y_i``, and the size of the terms it is made of.

    Shapes   nodes: (k,); results: (k, m)
    """
    gap, size = np.empty((len(nodes), y.shape[1])), np.empty((len(nodes), y.shape[1]))
    for r in range(len(nodes)):
        j = nodes[r]
        for c in range(y.shape[1]):
            gap[r, c] = y[j, c] - direct[j, c]
            size[r, c] = abs(y[j, c]) + abs(direct[j, c])
        for k in range(indptr[j], indptr[j + 1]):
            for c in range(y.shape[1]):
                term = amount[k] * y[supplier[k], c]
                gap[r, c] -= term
                size[r, c] += abs(term)
    return gap, size


@compiled
def worst_gap(indptr: Ints, supplier: Ints, amount: Floats, direct: Floats, y: Floats, nodes: Ints) -> float:
    """The largest gap of ``equation_gaps`` beside the size of its terms, relative.

    Source   W. Oettli, W. Prager (1964): the smallest relative change of the data that explains it
    """
    worst = 0.0
    gap, size = np.empty(y.shape[1]), np.empty(y.shape[1])
    for j in nodes:
        for c in range(len(gap)):
            gap[c] = y[j, c] - direct[j, c]
            size[c] = abs(y[j, c]) + abs(direct[j, c])
        for k in range(indptr[j], indptr[j + 1]):
            i, z = supplier[k], amount[k]
            for c in range(len(gap)):
                term = z * y[i, c]
                gap[c] -= term
                size[c] += abs(term)
        for c in range(len(gap)):
            if abs(gap[c]) > worst * size[c]:
                worst = abs(gap[c]) / size[c]
    return worst


def column_scale(size: Floats) -> Floats:
    """One divisor per column that makes columns comparable: its largest term, 1 if it is empty."""
    scale: Floats = np.max(size, axis=0, initial=0.0)
    return np.where(scale > 0.0, scale, 1.0)


def witness_load(size: Floats) -> Floats:
    """A positive right-hand side ``b`` for the comparison equations, (n, m) -> (n, 1).

    A row weighs what its terms weigh, so that the bound is tight where figures are small.
    """
    load: Floats = (size / column_scale(size)).sum(axis=1)
    floor = TINY * float(np.max(load, initial=1.0))
    return np.maximum(load, floor)[:, None]


def proven_bound(
    gap: Floats, size: Floats, y: Floats, degree: Ints, witness: Floats, image: Floats, image_size: Floats
) -> float | None:
    """The largest possible error of a row, relative to the row; None where nothing is proven.

    With M the comparison matrix of the equations and u = ``witness`` positive, if ``M u`` is
    positive beyond rounding then the equations are nonsingular, and with r = ``M u``

        |y - exact| <= u * max(|residual| / r)

    Rows are measured by the sum of their entries, each divided by the largest of its column. The
    rounding of the residual itself is part of the bound.

    Shapes   gap, size, y: (k, m); degree, witness, image = M u, image_size: (k,)
    Units    relative
    Errors   none
    Source   A. Neumaier, A simple derivation of the Hansen-Bliek-Rohn-Ning-Kearfott enclosure (1999)
    """
    rounding = ROUNDING * (degree + 4)
    sure = image - rounding * image_size
    if not ((witness > 0.0).all() and (sure > 0.0).all()):
        return None
    scale = column_scale(size)
    residual = ((np.abs(gap) + rounding[:, None] * size) / scale).max(axis=1, initial=0.0)
    reach = float(np.max(residual / sure, initial=0.0))
    weight = (np.abs(y) / scale).sum(axis=1)
    weighing = weight > 0.0
    return float(np.max(witness[weighing] * reach / weight[weighing], initial=0.0))
