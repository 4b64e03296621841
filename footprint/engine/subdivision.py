"""Burdens that belong to named co-products are given to them before the rest is shared."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.allocation import SUM_TOLERANCE
from footprint.engine.equations import Floats
from footprint.engine.errors import NegativeBasis, NoBasis, SharesDoNotSum, WrongShape


def subdivide(assigned: ArrayLike, rest: ArrayLike) -> Floats:
    """Causal shares of every exchange: what is assigned, plus the remainder split by the rest's shares.

    An exchange of a sub-process that makes one product has a one there; a metered part has its part;
    a row of zeros (or NaN) is common to all.

    Shapes   assigned: (exchanges, n) parts, each row summing to at most 1; rest: (n,) shares of what is
             common, as ``allocate`` gives them; result: (exchanges, n), each row summing to 1
    Units    dimensionless
    Errors   WrongShape; NegativeBasis; SharesDoNotSum when a row exceeds 1, or the rest is not 1;
             NoBasis when a share of the rest is not finite
    Source   ISO 14044:2006 4.3.4.2, step 1: divide the unit process, before anything is allocated
    """
    part, shares = np.nan_to_num(np.array(assigned, dtype=np.float64)), np.array(rest, dtype=np.float64)
    if part.ndim != 2 or shares.ndim != 1 or part.shape[1] != len(shares):
        raise WrongShape(f"There must be one part for each of the {shares.size} co-products.")
    if not np.isfinite(shares).all():
        raise NoBasis("what is common", np.flatnonzero(~np.isfinite(shares)))
    negative = (part < 0.0).any(axis=0) | (shares < 0.0)
    if negative.any():
        raise NegativeBasis("part", np.flatnonzero(negative))
    given = part.sum(axis=1)
    if abs(float(shares.sum()) - 1.0) > SUM_TOLERANCE:
        raise SharesDoNotSum(float(shares.sum()))
    if (given > 1.0 + SUM_TOLERANCE).any():
        raise SharesDoNotSum(float(given.max()), np.flatnonzero(given > 1.0 + SUM_TOLERANCE))
    causal: Floats = part + np.maximum(1.0 - given, 0.0)[:, None] * shares
    causal /= causal.sum(axis=1, keepdims=True)
    return causal
