"""Which uncertain inputs move one figure most: low and high ends, ranked, the first few exactly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.activity import activity
from footprint.engine.equations import Floats, Ints
from footprint.engine.errors import OutOfBounds, OutOfRange, WrongShape
from footprint.engine.score import Scored
from footprint.engine.sensitivity import Sensitivity

TOP = 20


class Input(IntEnum):
    """What is uncertain."""

    LINK = 0
    """The amount of one link."""
    DIRECT = 1
    """What one product emits itself; where it is a leaf, its whole intensity."""
    PROCESS = 2
    """All inputs and emissions of one product together, as when its yield is uncertain."""


@dataclass(frozen=True, eq=False)
class Ranges:
    """Uncertain inputs, each with the factors its value may be multiplied by.

    Shapes   kind: (q,) ``Input``; index: (q,) a position among the links, or a product; low, high: (q,)
    Units    low, high: multiples of the value, 1 where it stays
    Errors   WrongShape; OutOfBounds when a factor is missing or low exceeds high
    """

    kind: Ints
    index: Ints
    low: Floats
    high: Floats

    def __post_init__(self) -> None:
        fitting = {np.shape(part) for part in (self.kind, self.index, self.low, self.high)}
        if len(fitting) != 1 or len(fitting.pop()) != 1:
            raise WrongShape("Every uncertain input needs a kind, an index, a low and a high factor.")
        if not (np.isfinite(self.low) & np.isfinite(self.high) & (self.low <= self.high)).all():
            raise OutOfBounds("The low factor of an uncertain input must not exceed the high one.")

    @classmethod
    def of(cls, kind: ArrayLike, index: ArrayLike, low: ArrayLike, high: ArrayLike) -> Ranges:
        """From any sequences."""
        return cls(np.asarray(kind, dtype=np.int64), np.asarray(index, dtype=np.int64),
                   np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64))  # fmt: skip

    @classmethod
    def from_gsd2(cls, kind: ArrayLike, index: ArrayLike, gsd2: ArrayLike) -> Ranges:
        """From squared geometric standard deviations: 95 of 100 values lie within value / and * GSD2."""
        spread = np.asarray(gsd2, dtype=np.float64)
        if not (spread >= 1.0).all():
            raise OutOfBounds("A squared geometric standard deviation must be at least 1.")
        return cls.of(kind, index, 1.0 / spread, spread)


@dataclass(frozen=True, eq=False)
class Tornado:
    """Uncertain inputs, the widest swing of the figure first.

    Shapes   order: (q,) positions in the ranges; low, high, exact_low, exact_high: (q,)
    Units    kg CO2e per unit of the root, by which the figure moves at the low and the high end; exact
             is NaN beyond the first few, and where a loop would use up what it makes
    """

    score: float
    order: Ints
    low: Floats
    high: Floats
    exact_low: Floats
    exact_high: Floats


def tornado(scored: Scored, found: Sensitivity, ranges: Ranges, *, top: int = TOP) -> Tornado:
    """Rank uncertain inputs by what they do to one figure, one at a time.

    Shapes   see ``Ranges`` and ``Tornado``; top: how many are also computed exactly
    Units    see ``Tornado``
    Errors   OutOfRange, OutOfBounds; as ``activity``
    Source   first order by derivatives; exact by J. Sherman, W. Morrison (1950): a changed row is a
             change of rank one
    """
    if top < 0:
        raise OutOfBounds("The number of exact inputs must not be negative.")
    slope = _slopes(scored, found, ranges)
    low, high = slope * (ranges.low - 1.0), slope * (ranges.high - 1.0)
    order = np.argsort(-np.maximum(np.maximum(np.abs(low), np.abs(high)), np.abs(high - low)), kind="stable")
    first = order[:top]
    returned = _returns(scored, found, ranges, first)
    exact = np.full((2, len(order)), np.nan)
    for side, (change, factor) in enumerate(((low, ranges.low), (high, ranges.high))):
        remaining = 1.0 - (factor[first] - 1.0) * returned
        exact[side, : len(first)] = change[first] / np.where(remaining > 0.0, remaining, np.nan)
    return Tornado(found.score, order, low[order], high[order], exact[0], exact[1])


def _slopes(scored: Scored, found: Sensitivity, ranges: Ranges) -> Floats:
    """By how much the figure moves, to first order, when an input doubles: (q,)."""
    equations, index = scored.equations, ranges.index
    links = ranges.kind == Input.LINK
    limit = np.where(links, len(equations.amount), equations.n)
    outside = (index < 0) | (index >= limit)
    if outside.any():
        raise OutOfRange(np.unique(index[outside]), equations.n)
    slope = np.empty(len(index))
    slope[links] = found.slope_of(index[links]) * equations.amount[index[links]]
    for kind, burden in ((Input.DIRECT, scored.direct), (Input.PROCESS, scored.score)):
        own = ranges.kind == kind
        made = found.made_of(index[own])
        slope[own] = np.where(made == 0.0, 0.0, made * burden[index[own]])
    return slope


def _returns(scored: Scored, found: Sensitivity, ranges: Ranges, first: Ints) -> Floats:
    """How much of what an input adds comes back to it through loops: (top,).

    For the link j <- i that is z_ji times what is made of j for one unit of i; for all inputs of
    j together, what is made of j beyond the unit asked for.
    """
    equations, kind, index = scored.equations, ranges.kind[first], ranges.index[first]
    returned = np.zeros(len(first))
    links, processes = np.flatnonzero(kind == Input.LINK), np.flatnonzero(kind == Input.PROCESS)
    links = links[found.slope_of(index[links]) != 0.0]
    processes = processes[found.made_of(index[processes]) != 0.0]
    roots, place = np.unique(
        np.append(equations.supplier[index[links]], index[processes]), return_inverse=True
    )
    if not len(roots):
        return returned
    needed = activity(equations, roots)
    back = needed.of(np.append(equations.consumer[index[links]], index[processes]))
    values = back[np.arange(len(place)), place]
    returned[links] = equations.amount[index[links]] * values[: len(links)]
    returned[processes] = values[len(links) :] - 1.0
    return returned
