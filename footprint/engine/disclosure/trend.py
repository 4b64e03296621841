"""The same groups in two years: how far their median moved, told only if neither year gives anybody away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from footprint.engine.disclosure.decision import fault, weights_of
from footprint.engine.disclosure.differencing import gives_away
from footprint.engine.disclosure.gates import Gate, Outcome
from footprint.engine.disclosure.statistics import release_policy, significant

TREND = "trend"
MEDIAN = "median"


@dataclass(frozen=True)
class Trend:
    """The medians of those who gave in both years, rounded; nothing when ``blocked`` names a gate."""

    before: Decimal | None
    now: Decimal | None
    groups: str
    blocked: Gate | None = None

    @property
    def outcome(self) -> Outcome:
        """As it is kept with a release."""
        return Outcome(self.blocked or Gate.SELF_ATTACK, self.blocked is None, TREND)


def followed(before: Mapping[int, float], now: Mapping[int, float]) -> tuple[dict[int, float], ...]:
    """The two cohorts of those who are in both.

    Shapes   contributor -> value, each
    Units    values alike
    Errors   none
    Source   none: an intersection
    """
    both = sorted(before.keys() & now.keys())
    return {each: before[each] for each in both}, {each: now[each] for each in both}


def decide_trend(
    before: Mapping[int, float], now: Mapping[int, float], *, told: Iterable[Mapping[int, float]]
) -> Trend:
    """How the median of a fixed group moved between two released cohorts.

    ``told`` is every cohort something was told of and that a figure could be subtracted from, these two
    included: a trend group is a further cohort, and is held against all of them in both years.

    Shapes   contributor -> value, each
    Units    values alike
    Errors   NonFinite
    Source   the gates of ``decide``; trend groups as in refinery benchmarking, members fixed over the years
    """
    years = followed(before, now)
    policy = release_policy(len(years[0]))
    if not policy.released:
        return Trend(None, None, "", Gate.GROUPS)
    known = [dict(each) for each in told]
    figures = []
    for cohort in years:
        if gives_away(known, cohort):
            return Trend(None, None, "", Gate.DIFFERENCING)
        ordered = np.sort(np.array(list(cohort.values())))
        gate = fault(ordered, (MEDIAN,), policy)
        if gate is not None:
            return Trend(None, None, "", gate)
        median = float(weights_of(MEDIAN, len(ordered)) @ ordered)
        figures.append(significant(median, policy.significant_digits))
        known.append(cohort)
    return Trend(figures[0], figures[1], policy.groups_shown)
