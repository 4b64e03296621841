"""Whether what is left out stays within the cut-off rule of a method.

Nothing is dropped here: who enters an inventory leaves flows out and estimates them, a method says how much
of that it lets pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Floats, as_nodes
from footprint.engine.errors import NonFinite, OutOfBounds, WrongShape

ROUNDING = 1e-12
"""A share that exceeds its limit by less has reached it and not passed it."""


@dataclass(frozen=True)
class CutOffRule:
    """Largest share of one flow that may be left out, and of all of them together; None for no limit.

    Units    shares of what the figure would be if nothing were left out, 0 to 1
    """

    per_flow: float | None = None
    total: float | None = None


NO_CUT_OFF = CutOffRule(0.0, 0.0)
"""Nothing may be left out."""


class Verdict(StrEnum):
    """What a rule says of one figure."""

    KEPT = "kept"
    FLOW = "flow"
    """One flow alone is more than may be left out."""
    TOTAL = "total"
    """All stages together leave out more than they may."""
    UNKNOWN = "unknown"
    """Something is left out and nobody estimated it."""


def largest_flow(product: ArrayLike, exempted_kg: ArrayLike, whole_kg: ArrayLike) -> Floats:
    """The largest share of a single flow that each product's own process leaves out.

    Shapes   product, exempted_kg: (k,) flows left out; whole_kg: (n,), NaN where there is no figure;
             result: (n,), 0 where nothing is left out, NaN where there is no figure
    Units    kg CO2e per unit of product: of the flow as estimated, of the figure with everything left out
             added; result 0 to 1
    Errors   WrongShape, OutOfRange, NonFinite; OutOfBounds for a negative estimate
    Source   GB/T 24067-2024 and PACT Methodology v3 state limits as shares of the whole footprint
    """
    whole = np.array(whole_kg, dtype=np.float64)
    of, size = as_nodes(product, len(whole)), np.array(exempted_kg, dtype=np.float64)
    if len(of) != len(size):
        raise WrongShape("Every flow needs a product and an estimate.")
    if not np.isfinite(size).all():
        raise NonFinite("estimate of a flow of product", np.unique(of[~np.isfinite(size)]))
    if (size < 0.0).any():
        raise OutOfBounds("An exempted emission is a number of at least zero.")
    largest: Floats = np.zeros(len(whole))
    np.maximum.at(largest, of, size)
    share = np.where(largest > 0.0, largest / np.where(whole > 0.0, whole, 1.0), 0.0)
    return np.where(np.isfinite(whole), share, np.nan)


def judge(rule: CutOffRule, exempted_share: float, largest_share: float) -> Verdict:
    """What the rule says of one figure; a flow that is too large by itself is named first.

    Shapes   one figure's: all stages together, and the largest flow of its own process
    Units    0 to 1; NaN where something is left out that nobody estimated
    Errors   OutOfBounds unless the rule's limits lie within 0 to 1
    Source   ISO 14067:2018 asks for stated criteria; PACT Methodology v3 caps the sum at 3 %
    """
    if not all(limit is None or 0.0 <= limit <= 1.0 for limit in (rule.per_flow, rule.total)):
        raise OutOfBounds("The limits of a cut-off rule lie between 0 and 1.")
    if _exceeds(largest_share, rule.per_flow):
        return Verdict.FLOW
    if np.isnan(exempted_share) or np.isnan(largest_share):
        return Verdict.UNKNOWN
    return Verdict.TOTAL if _exceeds(exempted_share, rule.total) else Verdict.KEPT


def _exceeds(share: float, limit: float | None) -> bool:
    return limit is not None and share > limit + ROUNDING
