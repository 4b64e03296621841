"""Statistics of small cohorts of competitors, and what may be shown of them.

The contributor is a company group: subsidiaries are merged before anything here is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc

from footprint.engine.equations import Floats
from footprint.engine.errors import NoBasis, NonFinite, OutOfBounds

MINIMUM_GROUPS = 5
MINIMUM_FOR_MEAN = 8
MINIMUM_FOR_QUARTILES = 12
BANDS = ("5-7", "8-11", "12+")
"""Numbers of groups as they may be printed: an exact one would tell when somebody joined."""
NEAR = 0.10
"""Within this of the median a member is near it."""


class Standing(StrEnum):
    """A member against what was released: the median alone, or quarters where quartiles were."""

    BELOW = "below"
    NEAR = "near"
    ABOVE = "above"
    LOWEST = "lowest"
    LOWER = "lower"
    UPPER = "upper"
    HIGHEST = "highest"


@dataclass(frozen=True)
class ReleasePolicy:
    """What may be shown of a cohort. Never: minimum, maximum, spread, scatter, names, volumes."""

    median: bool
    mean: bool
    weighted_mean_if_gates_pass: bool
    quartiles: bool
    groups_shown: str
    """The band the number of groups falls in; empty when not even that may be said."""
    significant_digits: int

    @property
    def released(self) -> bool:
        """Whether anything may be shown."""
        return self.median


def release_policy(groups: int) -> ReleasePolicy:
    """What may be shown at this number of contributing groups.

    It is the most that may be shown: the gates on weights, on what members can work out, and on
    earlier releases come on top.

    Shapes   one number of company groups
    Units    none
    Errors   OutOfBounds for a negative number
    Source   own attack study on cohorts of 5 to 12: quartiles of fewer than 12 members can be solved
             for single values; EU Horizontal Guidelines 2023, chapter 6, on aggregation
    """
    if groups < 0:
        raise OutOfBounds("A number of groups cannot be negative.")
    mean, quartiles = groups >= MINIMUM_FOR_MEAN, groups >= MINIMUM_FOR_QUARTILES
    if groups < MINIMUM_GROUPS:
        return ReleasePolicy(False, False, False, False, "", 0)
    shown = BANDS[quartiles + mean]
    return ReleasePolicy(True, mean, mean, quartiles, shown, 2)


def harrell_davis(values: ArrayLike, q: float) -> float:
    """Smooth quantile: a mean of all values, weighted by how likely each rank is the quantile.

    Unlike an ordinary quantile it is never exactly one member's value, unless all are equal.

    Shapes   values: (n,) in any order; result: one number, in the unit of the values
    Units    as given
    Errors   NoBasis without values; NonFinite; OutOfBounds unless 0 < q < 1
    Source   F. Harrell, C. Davis, A new distribution-free quantile estimator, Biometrika 69 (1982)
    """
    ordered = np.sort(np.array(values, dtype=np.float64).reshape(-1))
    if not np.isfinite(ordered).all():
        raise NonFinite("value to summarise")
    weights = harrell_davis_weights(len(ordered), q)
    return float(np.sum(weights * ordered))


def harrell_davis_weights(n: int, q: float) -> Floats:
    """Weight of each rank in the smooth quantile.

    Shapes   (n,), summing to 1
    Units    dimensionless
    Errors   NoBasis when n is 0; OutOfBounds unless 0 < q < 1
    Source   Harrell and Davis (1982): increments of the Beta((n+1)q, (n+1)(1-q)) distribution
    """
    if n < 1:
        raise NoBasis("a quantile")
    if not 0.0 < q < 1.0:
        raise OutOfBounds("A quantile lies between 0 and 1.")
    reached = betainc((n + 1) * q, (n + 1) * (1.0 - q), np.arange(n + 1) / n)
    return np.asarray(np.diff(reached))


def significant(value: float, digits: int) -> Decimal:
    """Round to a number of significant digits, ties to even; the same input gives the same output.

    Shapes   one number
    Units    as given
    Errors   NonFinite; OutOfBounds when digits is below 1
    Source   ISO 80000-1, rounding, rule A
    """
    if not np.isfinite(value):
        raise NonFinite("value to round")
    if digits < 1:
        raise OutOfBounds("At least one significant digit is needed.")
    exact = Decimal(repr(float(value)))
    if not exact:
        return Decimal(0)
    step = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    return exact.quantize(step, rounding=ROUND_HALF_EVEN)


def standing(own: float, median: float, lower: float | None = None, upper: float | None = None) -> Standing:
    """Where a member stands against the released figures: nothing it could not work out from them itself.

    Shapes   numbers; quartiles where they were released
    Units    the same for all
    Errors   NonFinite
    Source   the release policy: within ten per cent of the median, or the quarter
    """
    known = [each for each in (own, median, lower, upper) if each is not None]
    if not np.isfinite(known).all():
        raise NonFinite("figure to place")
    if lower is not None and upper is not None:
        if own <= median:
            return Standing.LOWEST if own <= lower else Standing.LOWER
        return Standing.HIGHEST if own > upper else Standing.UPPER
    if abs(own - median) <= NEAR * abs(median):
        return Standing.NEAR
    return Standing.BELOW if own < median else Standing.ABOVE
