"""Statistics that may be shown of a small cohort, and what may be shown at all."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10

import numpy as np
from scipy.stats import beta

MINIMUM_GROUPS = 5


def harrell_davis(values: Sequence[float], quantile: float) -> float:
    """A quantile as a weighted mean of all order statistics, so that it never is one member's own value.

    Shapes   values: (n,), n >= 1; result: a number
    Units    those of the values
    Errors   ValueError for an empty cohort or a quantile outside (0, 1)
    Source   Harrell and Davis (1982), Biometrika 69(3)
    """
    if not len(values) or not 0 < quantile < 1:
        raise ValueError("A quantile needs values, and lies between 0 and 1.")
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = len(ordered)
    edges = beta.cdf(np.arange(n + 1) / n, quantile * (n + 1), (1 - quantile) * (n + 1))
    return float(np.diff(edges) @ ordered)


def significant(value: float, digits: int) -> float:
    """A value rounded to significant digits, halves to even; the same input gives the same output.

    Units    those of the value
    Errors   ValueError for a value that is not finite
    Source   the alliance's disclosure rules: deterministic rounding, no noise
    """
    if not np.isfinite(value):
        raise ValueError("Only a finite value can be rounded.")
    return round(value, digits - 1 - floor(log10(abs(value)))) if value else 0.0
