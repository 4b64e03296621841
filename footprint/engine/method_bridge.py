"""Why figures differ between two methods: for all products at once, by what the methods decide."""

from __future__ import annotations

from itertools import product
from math import factorial

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Floats
from footprint.engine.errors import WrongShape
from footprint.engine.snapshot import Cause

DECIDED = (Cause.METHOD, Cause.ALLOCATION, Cause.GWP)
"""What a method decides, in the order of the axes of ``attributed``: what counts, shares, weights."""


def attributed(figures: ArrayLike) -> Floats:
    """Give every decision its part in the difference of two methods: the mean over all orders of taking over.

    The figure has to be known for every mixture: some decisions of the one method, the rest of the other.
    A decision that changes nothing in any mixture gets exactly zero.

    Shapes   figures: (2, ..., 2, n), an axis for each decision (0: as the first method has it, 1: as the
             second), n products; result: (decisions, n), whose columns sum to last - first; NaN where a
             mixture has no figure
    Units    figures and result: kg CO2e per unit of product
    Errors   WrongShape when an axis has not two places
    Source   L. Shapley, A value for n-person games (1953): effects of several decisions are split evenly
    """
    table = np.array(figures, dtype=np.float64)
    count = table.ndim - 1
    if count < 1 or table.shape[:-1] != (2,) * count:
        raise WrongShape("There must be two places on each axis of decisions, and one for each product.")
    parts = np.zeros((count, table.shape[-1]))
    for decision in range(count):
        others = [axis for axis in range(count) if axis != decision]
        for taken in product((0, 1), repeat=count - 1):
            size = sum(taken)
            weight = factorial(size) * factorial(count - 1 - size) / factorial(count)
            at: list[int | slice] = [slice(None)] * count
            for axis, place in zip(others, taken, strict=True):
                at[axis] = place
            without, with_it = table[tuple(at)]
            parts[decision] += weight * (with_it - without)
    return parts
