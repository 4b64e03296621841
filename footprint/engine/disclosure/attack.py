"""A release attacked before it is made: what a participant, or two who collude, can work out of the others.

The attacker knows the released figures, how they are rounded, how they are weighted, a plausible range, and
their own value; not its rank. What the page tells them of their position follows from their value and the
released figures, so it tells nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from footprint.engine.disclosure.simplex import open_interval
from footprint.engine.disclosure.statistics import significant
from footprint.engine.equations import Floats
from footprint.engine.errors import NonFinite, WrongShape

ALONE, TOGETHER = 0.15, 0.10
"""What has to stay open of every other rank, of its value: to one attacker, to two."""
FURTHEST = 4
"""Ranks away from the true ones at which two attackers try to place their values; one tries every rank."""
NEAREST = sorted(
    product(range(-FURTHEST, FURTHEST + 1), repeat=2), key=lambda pair: (abs(pair[0]) + abs(pair[1]), pair)
)
WHOLE = 20
"""Cohorts up to this size are attacked by everybody; of larger ones by the ranks nearest to what is told."""
EXPOSED = 10


@dataclass(frozen=True)
class Told:
    """Released statistics that are weighted sums of the ordered values.

    Shapes   weights: (s, n); figures: (s,), rounded; slack: (s,), half of the last digit told
    Units    figures and slack in the unit of the values, weights dimensionless
    """

    weights: Floats
    figures: Floats
    slack: Floats


@dataclass(frozen=True)
class Narrowest:
    """The least that an attack leaves open, as a part of the value it is about."""

    alone: float
    together: float

    @property
    def holds(self) -> bool:
        """Whether enough stays open to everybody."""
        return self.alone >= ALONE and self.together >= TOGETHER


def told(ordered: Floats, weights: Floats, digits: int) -> Told:
    """The statistics as they would be told.

    Shapes   ordered: (n,) ascending; weights: (s, n)
    Units    as given
    Errors   WrongShape; NonFinite
    Source   rounding as in ``significant``
    """
    if weights.ndim != 2 or weights.shape[1] != len(ordered):
        raise WrongShape("Every statistic needs a weight for every rank.")
    rounded = [significant(float(each), digits) for each in weights @ ordered]
    steps = [10.0 ** int(each.as_tuple().exponent) if each else 0.0 for each in rounded]
    return Told(weights, np.array([float(each) for each in rounded]), np.array(steps) / 2.0)


def self_attack(
    ordered: Floats,
    release: Told,
    low: float,
    high: float,
    *,
    least: float = 0.0,
    furthest: int = FURTHEST,
) -> Narrowest:
    """The narrowest interval any participant, and any two, can solve any other rank for.

    An interval is widened by what other ranks the attackers' own values may have, until it is wide enough or
    no such rank is left; a programme that cannot be solved leaves nothing open. ``least``: the smallest size
    of a value to which what stays open is related. ``furthest``: ranks away from their own at which two are
    tried; where many values are alike, all are needed, or the two seem to enclose whoever lies between.

    Shapes   ordered: (n,) ascending, low < ordered < high
    Units    values, bounds and ``least`` alike; the result is dimensionless
    Errors   NonFinite
    Source   linear programming for feasibility intervals as in the Handbook on Statistical Disclosure Control
             (Hundepool et al.); thresholds by the alliance's release policy
    """
    if not (np.isfinite(ordered).all() and np.isfinite([low, high]).all()):
        raise NonFinite("value to attack")
    programme = _Programme(ordered, release, low, high, least, furthest)
    ranks = _attacking(ordered, release)
    alone = min((programme.open((a,), ALONE) for a in ranks), default=0.0)
    if alone < ALONE:
        return Narrowest(alone, 0.0)
    together = min((programme.open(pair, TOGETHER) for pair in combinations(ranks, 2)), default=alone)
    return Narrowest(alone, min(together, alone))


def _attacking(ordered: Floats, release: Told) -> list[int]:
    n = len(ordered)
    if n <= WHOLE:
        return list(range(n))
    distance = np.abs(ordered[:, None] - release.figures[None, :]).min(axis=1)
    nearest = np.argsort(distance, kind="stable")[: EXPOSED - 4]
    return sorted({0, 1, n - 2, n - 1, *(int(rank) for rank in nearest)})


class _Programme:
    """The same rows for every attacker and every target."""

    def __init__(
        self, ordered: Floats, release: Told, low: float, high: float, least: float, furthest: int
    ) -> None:
        sums = release.weights.sum(axis=1)
        self.values, self.sizes = ordered, np.maximum(np.abs(ordered), least)
        self.weights = np.ascontiguousarray(release.weights)
        self.low = release.figures - release.slack - low * sums
        self.high = release.figures + release.slack - low * sums
        self.shifted = ordered - low
        self.end, self.furthest = high - low, furthest
        self.targets = _attacking(ordered, release)

    def open(self, attackers: Sequence[int], enough: float) -> float:
        """The narrowest interval left to these attackers over the ranks they attack."""
        found = 1.0
        for target in self.targets:
            if target not in attackers:
                found = min(found, self._interval(attackers, target, enough))
                if found < enough:
                    break
        return found

    def _interval(self, attackers: Sequence[int], target: int, enough: float) -> float:
        known = np.array([*(self.shifted[a] for a in attackers), self.end])
        least, most, size = np.inf, -np.inf, self.sizes[target]
        for ranks in _placings(attackers, target, len(self.values), self.furthest):
            knots = np.array([*ranks, len(self.values)])
            under, over = open_interval(self.weights, self.low, self.high, knots, known, target)
            least, most = min(least, under), max(most, over)
            if most - least >= enough * size:
                break
        return max(0.0, float((most - least) / size)) if most >= least and size else 0.0


def _placings(attackers: Sequence[int], target: int, n: int, furthest: int) -> Iterator[tuple[int, ...]]:
    """Ranks the attackers' values may have, the true ones first, then by how far away they are."""
    for ranks in _near(attackers, n, furthest):
        inside = all(0 <= rank < n for rank in ranks) and len(set(ranks)) == len(ranks)
        if inside and list(ranks) == sorted(ranks) and target not in ranks:
            yield ranks


def _near(attackers: Sequence[int], n: int, furthest: int) -> Iterator[tuple[int, ...]]:
    """The nearest few are ordered; the others are rarely needed, and made only then."""
    if len(attackers) == 1:
        yield from ((rank,) for rank in sorted(range(n), key=lambda rank: abs(rank - attackers[0])))
        return
    yield from ((attackers[0] + a, attackers[1] + b) for a, b in NEAREST)
    if furthest > FURTHEST:
        away = range(-furthest, furthest + 1)
        far = ((a, b) for a in away for b in away if max(abs(a), abs(b)) > FURTHEST)
        yield from ((attackers[0] + a, attackers[1] + b) for a, b in far)
