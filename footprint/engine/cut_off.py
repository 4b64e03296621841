"""Which flows may be left out, and how much that leaves out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footprint.engine.equations import Floats, as_nodes
from footprint.engine.errors import NonFinite, OutOfBounds, WrongShape

ROUNDING = 1e-12
"""A sum of shares that exceeds the cap by less has reached it and not passed it."""


@dataclass(frozen=True)
class CutOffRule:
    """Largest share of one flow that may be left out, and of all of them together; 0 for none.

    Units    shares of the summed absolute contributions of a product
    """

    per_flow: float
    total: float


NO_CUT_OFF = CutOffRule(0.0, 0.0)


@dataclass(frozen=True, eq=False)
class CutOff:
    """What is kept, and what is not.

    Shapes   kept: (k,); exempted_share: (n,)
    Units    exempted_share: of the summed absolute contributions, 0 to 1
    """

    kept: NDArray[np.bool_]
    exempted_share: Floats


def cut_off(
    product: ArrayLike,
    contribution_kg: ArrayLike,
    n: int,
    rule: CutOffRule,
    may_leave: ArrayLike | None = None,
) -> CutOff:
    """Leave out small flows, the smallest first, until the cap is reached; larger ones are kept.

    Shapes   product, contribution_kg: (k,); may_leave: (k,) flags of flows that are open to it, all
             unless said otherwise; see ``CutOff``
    Units    contribution_kg: kg CO2e per unit of product, estimated where a flow is to be left out
    Errors   WrongShape, OutOfRange, NonFinite; OutOfBounds unless the rule's shares lie within 0 to 1
    Source   ISO 14067:2018 asks for stated criteria; PACT Methodology v3 caps the sum at 3 %
    """
    of, size = as_nodes(product, n), np.abs(np.array(contribution_kg, dtype=np.float64))
    if not (0.0 <= rule.per_flow <= 1.0 and 0.0 <= rule.total <= 1.0):
        raise OutOfBounds("The shares of a cut-off rule lie between 0 and 1.")
    open_ = np.ones(len(of), dtype=np.bool_) if may_leave is None else np.array(may_leave, dtype=np.bool_)
    if not len(of) == len(size) == len(open_):
        raise WrongShape("Every flow needs a product and a contribution.")
    if not np.isfinite(size).all():
        raise NonFinite("contribution of a flow of product", np.unique(of[~np.isfinite(size)]))
    total = np.bincount(of, weights=size, minlength=n)
    share = size / np.where(total > 0.0, total, 1.0)[of]
    small = np.flatnonzero(open_ & (share < rule.per_flow))
    order = small[np.lexsort((share[small], of[small]))]
    running = np.cumsum(share[order])
    first = np.flatnonzero(np.r_[True, np.diff(of[order]) != 0]) if len(order) else order
    before = np.repeat((running - share[order])[first], np.diff(np.r_[first, len(order)]))
    left = order[running - before <= rule.total + ROUNDING]
    kept = np.ones(len(of), dtype=np.bool_)
    kept[left] = False
    exempted: Floats = np.zeros(n)
    np.add.at(exempted, of[left], share[left])
    return CutOff(kept, exempted)
