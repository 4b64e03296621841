"""Gates of a release: weights, differencing, the self-attack held against a general solver, what falls."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from footprint.engine.disclosure.attack import ALONE, TOGETHER, Told, self_attack, told
from footprint.engine.disclosure.decision import Decision, decide
from footprint.engine.disclosure.differencing import MATERIAL, changed, gives_away
from footprint.engine.disclosure.gates import Contributor, Gate
from footprint.engine.disclosure.simplex import open_interval
from footprint.engine.disclosure.statistics import harrell_davis_weights
from footprint.engine.disclosure.weights import is_dominated, largest_share, passes_p_percent
from footprint.engine.equations import Floats
from footprint.engine.errors import NonFinite, OutOfBounds, WrongShape


def rows(n: int, how_many: int) -> Floats:
    """Median, mean, quartiles, as weights of ranks."""
    quantiles = [harrell_davis_weights(n, q) for q in (0.5, 0.25, 0.75)]
    return np.array([quantiles[0], np.full(n, 1 / n), *quantiles[1:]])[:how_many]


def cohort(n: int, seed: int = 0, spread: float = 0.3, **more: float) -> dict[int, Contributor]:
    rng = np.random.default_rng(seed)
    values, volumes = 1.6 * rng.lognormal(0, spread, n), rng.uniform(80, 120, n)
    return {group: Contributor(values[group], volumes[group]) for group in range(n)}


def by_highs(
    weights: Floats, release: Told, ordered: Floats, ranks: list[int], target: int
) -> tuple[float, float]:
    """The same interval from scipy, in values instead of gaps."""
    n, ends = len(ordered), []
    order = np.eye(n - 1, n) - np.eye(n - 1, n, 1)
    over = np.vstack([weights, -weights, order])
    limit = [*(release.figures + release.slack), *(release.slack - release.figures), *np.zeros(n - 1)]
    known = np.eye(n)[ranks]
    for sign in (1, -1):
        found = linprog(
            sign * np.eye(n)[target], A_ub=over, b_ub=limit, A_eq=known, b_eq=ordered[ranks], bounds=(0.1, 20)
        )
        ends.append(sign * found.fun)
    return ends[0], ends[1]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 14), st.integers(1, 4), st.integers(1, 2))
def test_intervals_are_those_of_a_general_solver(seed: int, n: int, figures: int, attackers: int) -> None:
    rng = np.random.default_rng(seed)
    ordered, weights = np.sort(rng.uniform(0.5, 9.0, n)), rows(n, figures)
    release = told(ordered, weights, 2)
    *ranks, target = rng.choice(n, attackers + 1, replace=False).tolist()
    ranks.sort()
    shift = 0.1 * weights.sum(axis=1)
    under, over = open_interval(
        weights,
        release.figures - release.slack - shift,
        release.figures + release.slack - shift,
        np.array([*ranks, n]),
        np.array([*(ordered[ranks] - 0.1), 19.9]),
        target,
    )
    expected = by_highs(weights, release, ordered, ranks, target)
    assert (under + 0.1, over + 0.1) == pytest.approx(expected, abs=1e-6)
    assert under + 0.1 - 1e-7 <= ordered[target] <= over + 0.1 + 1e-7


def test_values_out_of_order_leave_no_solution() -> None:
    weights = rows(5, 1)
    knots, at = np.array([1, 3, 5]), np.array([4.0, 2.0, 9.0])
    assert open_interval(weights, np.array([0.0]), np.array([9.0]), knots, at, 2) == (np.inf, -np.inf)


def test_quartiles_of_five_give_members_away_and_a_rounded_median_does_not() -> None:
    """The study this policy rests on: two unrounded quartiles and a median solve for the middle member."""
    ordered = np.array([1.1, 1.3, 1.6, 2.0, 2.6])
    quartiles = rows(5, 4)[[0, 2, 3]]
    exact = Told(quartiles, quartiles @ ordered, np.full(3, 1e-9))
    assert self_attack(ordered, exact, 0.4, 6.4).alone < ALONE
    assert self_attack(ordered, told(ordered, rows(5, 1), 2), 0.4, 6.4).holds


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 12))
def test_more_figures_never_leave_more_open(seed: int, n: int) -> None:
    ordered = np.sort(np.random.default_rng(seed).uniform(1.0, 3.0, n))
    few, many = (self_attack(ordered, told(ordered, rows(n, k), 2), 0.3, 9.0) for k in (1, 4))
    assert not many.holds or few.alone >= ALONE * 0.999
    assert few.together <= few.alone or few.together >= TOGETHER


def test_an_attack_needs_numbers_that_fit() -> None:
    with pytest.raises(WrongShape):
        told(np.ones(5), np.ones((1, 4)), 2)
    with pytest.raises(NonFinite):
        self_attack(np.array([1.0, np.inf]), told(np.ones(2), np.full((1, 2), 0.5), 2), 0.0, 9.0)


@pytest.mark.parametrize(
    ("volumes", "p_percent", "dominated", "capped"),
    [
        ((40, 35, 3, 1, 1), False, True, True),
        ((30, 25, 20, 15, 10), True, False, True),
        ((90, 4, 3, 2, 1), False, True, True),
        ((22, 21, 20, 19, 18), True, False, False),
    ],
)
def test_weights_worked_by_hand(
    volumes: tuple[int, ...], p_percent: bool, dominated: bool, capped: bool
) -> None:
    assert passes_p_percent(volumes) is p_percent
    assert is_dominated(volumes) is dominated
    assert (largest_share(volumes) > 0.25) is capped


def test_volumes_that_make_no_sense_are_refused() -> None:
    with pytest.raises(OutOfBounds):
        largest_share([1, -1])
    with pytest.raises(NonFinite):
        passes_p_percent([1, np.nan])
    assert largest_share([]) == 1.0
    assert is_dominated([])


def test_changes_are_counted_by_contributor() -> None:
    before = {1: 1.0, 2: 2.0, 3: 3.0, 4: 4.0}
    assert changed(before, before) == 0
    assert changed(before, {1: 1.0, 2: 2.5, 3: 3.0, 5: 4.0}) == 3
    assert gives_away([before], {**before, 9: 1.0})
    assert not gives_away([before], before)
    assert not gives_away([before], {**before, 7: 1.0, 8: 1.0, 9: 1.0})
    assert not gives_away([before], {9: 1.0})


@settings(max_examples=200, deadline=None)
@given(st.integers(5, 14), st.integers(0, 5), st.integers(0, 5), st.integers(0, 4), st.integers(0, 10**6))
def test_only_who_moved_by_more_than_a_little_hides_another(
    n: int, barely: int, truly: int, joined: int, seed: int
) -> None:
    """Trifles are not counted among the three that it takes, nor may fewer than three of them be told."""
    rng = np.random.default_rng(seed)
    before = dict(enumerate(rng.uniform(0.5, 9.0, n).tolist()))
    now = dict(before)
    barely, truly = min(barely, n), min(truly, n - min(barely, n))
    for group in range(barely + truly):
        share = rng.uniform(1e-6, 0.95) * MATERIAL if group < barely else rng.uniform(1.1, 30.0) * MATERIAL
        now[group] *= 1.0 + share
    now |= {100 + number: float(rng.uniform(0.5, 9.0)) for number in range(joined)}
    for one, other in ((before, now), (now, before)):
        assert changed(one, other) == barely + truly + joined
        few = (0 < count < 3 for count in (barely + truly + joined, truly + joined))
        assert gives_away([one], other) is any(few)


def test_two_that_are_accepted_anew_a_trifle_higher_cover_no_newcomer() -> None:
    """Eight with a mean of 9.4, then nine with 9.5: the ninth would be known to 10.3 give or take 0.85."""
    before = {group: 8.0 + 0.4 * group for group in range(8)}
    now = {group: value * (1.0001 if group < 2 else 1.0) for group, value in before.items()} | {8: 10.3}
    there = {group: Contributor(value, 100.0) for group, value in now.items()}
    assert changed(before, now) == 3
    assert decide(there, last=before).blocked is Gate.DIFFERENCING
    assert decide(there, others=[before]).blocked is Gate.DIFFERENCING


def names(decision: Decision) -> set[str]:
    return set(decision.figures)


QUARTILES = {"median", "mean", "weighted_mean", "lower_quartile", "upper_quartile"}


@pytest.mark.parametrize(
    ("n", "shown"),
    [(5, {"median"}), (7, {"median"}), (9, {"median", "mean", "weighted_mean"}), (12, QUARTILES)],
)
def test_figures_by_size(n: int, shown: set[str]) -> None:
    found = [decide(cohort(n, seed)) for seed in range(12)]
    assert shown in [names(each) for each in found]
    assert all(names(each) <= shown for each in found)


def test_too_few_are_told_nothing_not_even_how_many() -> None:
    decision = decide(cohort(4))
    assert (decision.figures, decision.groups, decision.blocked) == ({}, "", Gate.GROUPS)


def test_a_large_contributor_takes_the_weighted_mean_away() -> None:
    large = cohort(9, 3)
    open_to_all = decide(large)
    large[0] = Contributor(large[0].value, 9_000.0)
    decision = decide(large)
    assert "weighted_mean" in open_to_all.figures
    assert names(decision) == names(open_to_all) - {"weighted_mean"}
    assert {each.gate for each in decision.outcomes if not each.passed} >= {Gate.SHARE, Gate.P_PERCENT}


def test_two_of_five_with_the_same_value_know_too_much() -> None:
    """Both know that the median is theirs, so the others can hardly be elsewhere."""
    decision = decide({group: Contributor(5.0, 1.0) for group in range(5)})
    assert (decision.figures, decision.blocked) == ({}, Gate.SELF_ATTACK)


def test_a_release_needs_three_changes_since_every_earlier_one() -> None:
    now = cohort(8, 1)
    values = {group: each.value for group, each in now.items()}
    assert decide(now, last=values).blocked is Gate.NEWS
    for moved, gate in ((1, Gate.DIFFERENCING), (2, Gate.DIFFERENCING), (3, None)):
        earlier = {group: value * (2 if group < moved else 1) for group, value in values.items()}
        assert decide(now, last=earlier).blocked is gate
        assert decide(now, others=[earlier]).blocked is gate
    assert decide(now, others=[values]).is_open


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 14), st.floats(0.02, 0.8))
def test_what_is_told_is_deterministic_and_withstands_its_own_attack(
    seed: int, n: int, spread: float
) -> None:
    there = cohort(n, seed, spread)
    decision = decide(there)
    backwards = dict(reversed(there.items()))
    assert decide(backwards) == decision
    if decision.is_open:
        known = [name for name in decision.figures if name != "weighted_mean"]
        assert n - 1 - len(decision.figures) >= 3
        ordered = np.sort([each.value for each in there.values()])
        release = told(ordered, rows(n, len(known)), 2)
        middle = float(decision.figures["median"])
        assert self_attack(ordered, release, min(middle / 4, ordered[0]), max(middle * 4, ordered[-1])).holds


def test_only_finite_contributions_are_decided_on() -> None:
    with pytest.raises(NonFinite):
        decide({**cohort(6), 99: Contributor(float("nan"), 1.0)})
