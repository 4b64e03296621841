"""Parts of a median, trends of a fixed group: what they add up to, leave open, and what stops them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from footprint.engine.disclosure.attack import ALONE
from footprint.engine.disclosure.decision import decide
from footprint.engine.disclosure.differencing import MATERIAL
from footprint.engine.disclosure.gates import Contributor, Gate
from footprint.engine.disclosure.parts import ENERGY_MJ, PARTS, Part, _rounded_together, decide_parts
from footprint.engine.disclosure.statistics import harrell_davis_weights, significant
from footprint.engine.disclosure.trend import decide_trend, followed
from footprint.engine.equations import Floats
from footprint.engine.errors import NonFinite, OutOfBounds

MIX = (0.5, 0.3, 0.15, 0.02, 0.03)
Taken = dict[int, dict[str, float]]


def apart(n: int, seed: int) -> Taken:
    rng = np.random.default_rng(seed)
    found: Taken = {}
    for group in range(n):
        split = np.array(MIX) * rng.lognormal(0, 0.35, len(MIX))
        found[group] = {part.value: float(1.6 * kg) for part, kg in zip(Part, split, strict=True)} | {
            ENERGY_MJ: float(14.0 * split[1] * rng.lognormal(0, 0.2))
        }
    return found


def cohort(taken: Mapping[int, Mapping[str, float]]) -> dict[int, Contributor]:
    return {group: Contributor(sum(each[part] for part in Part), 100.0) for group, each in taken.items()}


def median(taken: Taken) -> Decimal:
    ordered = np.sort([each.value for each in cohort(taken).values()])
    return significant(float(harrell_davis_weights(len(ordered), 0.5) @ ordered), 2)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 9))
def test_parts_sum_to_the_median_or_none_is_told(seed: int, n: int) -> None:
    taken = apart(n, seed)
    found = decide_parts(cohort(taken), taken, median(taken))
    told = {part: found.figures[part] for part in Part if part in found.figures}
    assert len(told) in (0, len(Part))
    if told:
        assert sum(told.values()) == median(taken)
        assert found.blocked is None
    else:
        assert found.figures == {}
    assert found == decide_parts(cohort(taken), taken, median(taken))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-2, 5), min_size=5, max_size=5), st.floats(0, 1))
def test_any_median_that_rounds_to_the_one_told_could_have_these_parts(
    values: list[float], where: float
) -> None:
    """So that the parts together say nothing of the median that its own rounding does not."""
    if abs(sum(values)) < 0.1:
        return
    total = significant(sum(values), 2)
    figures = _rounded_together(dict(zip(Part, values, strict=True)), total)
    assert sum(figures.values()) == total
    step = 10.0 ** int(total.as_tuple().exponent)
    moved = (where - 0.5) * 0.999 * step
    others = {part: float(figures[part]) + moved / len(Part) for part in Part}
    assert _rounded_together(others, total) == figures
    assert all(abs(float(figures[part]) - value) <= 0.9 * step + 1e-9
               for part, value in zip(Part, values, strict=True))  # fmt: skip


def test_parts_narrow_no_figure_that_the_median_left_open() -> None:
    """The interval of a rival's figure with the parts told is the one without them, by a general solver."""
    taken = apart(7, 3)
    values = np.array([each.value for each in cohort(taken).values()])
    order = np.argsort(values)
    weights = harrell_davis_weights(7, 0.5)
    parts = np.array([[taken[int(group)][part] for part in Part] for group in order])
    for target in (2, 3, 6):
        alone = _interval(weights, parts, target, attacker=1, with_parts=False)
        assert _interval(weights, parts, target, attacker=1, with_parts=True) == pytest.approx(
            alone, abs=1e-6
        )


def _interval(
    weights: Floats, parts: Floats, target: int, attacker: int, *, with_parts: bool
) -> tuple[float, float]:
    """Least and most of one rival's figure, exact sums told: unknowns are all parts of all ranks."""
    n, k = parts.shape
    rows, right = [], []
    for part in range(k):
        row = np.zeros((n, k))
        row[:, part] = weights
        rows.append(row.ravel())
        right.append(float(weights @ parts[:, part]))
    if not with_parts:
        rows, right = [np.sum(rows, axis=0)], [sum(right)]
    for part in range(k):
        row = np.zeros((n, k))
        row[attacker, part] = 1.0
        rows.append(row.ravel())
        right.append(float(parts[attacker, part]))
    upper, most = [], []
    for rank in range(n):
        row = np.zeros((n, k))
        row[rank] = 1.0
        upper += [row.ravel(), -row.ravel()]
        most += [6.4, -0.4]
        if rank:
            row[rank], row[rank - 1] = -1.0, 1.0
            upper.append(row.ravel())
            most.append(0.0)
    aim = np.zeros((n, k))
    aim[target] = 1.0
    ends = [
        sign * linprog(sign * aim.ravel(), A_ub=upper, b_ub=most, A_eq=rows, b_eq=right, bounds=(0, None)).fun
        for sign in (1, -1)
    ]
    return ends[0], ends[1]


def test_a_part_that_all_have_alike_is_told_of_nobody() -> None:
    """Those who find theirs in the figure know the others': figures differ, and their feed does not."""
    taken = apart(5, 1)
    for group, each in taken.items():
        each[Part.FEED] = 5.0
        each[Part.ENERGY] = 0.3 * 2**group
    assert decide(cohort(taken)).is_open
    found = decide_parts(cohort(taken), taken, median(taken))
    assert (found.figures, found.blocked) == ({}, Gate.SELF_ATTACK)


@pytest.mark.parametrize("n", [6, 12])
def test_nought_everywhere_is_told_as_nought(n: int) -> None:
    """Plants of one product have no allocation: that is no secret, of however many."""
    taken = apart(n, 2)
    for each in taken.values():
        each[Part.ALLOCATION] = 0.0
    found = decide_parts(cohort(taken), taken, median(taken))
    assert found.figures[Part.ALLOCATION] == 0


def test_two_who_changed_one_part_are_not_told_by_a_third_that_changed_another() -> None:
    """Enough changed for the median, too few for one of its parts: none of the parts is told."""
    before = apart(6, 2)
    now = {group: dict(each) for group, each in before.items()}
    for group, part in ((0, Part.FEED), (1, Part.FEED), (2, Part.FEED), (3, Part.ENERGY)):
        now[group][part] *= 1.3
    values = {group: each.value for group, each in cohort(before).items()}
    assert decide(cohort(now), last=values).is_open
    found = decide_parts(cohort(now), now, median(now), earlier=[before])
    assert (found.figures, found.blocked) == ({}, Gate.DIFFERENCING)
    assert found.outcomes[-1].on == PARTS
    assert decide_parts(cohort(now), now, median(now)).figures


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(6, 9), st.integers(0, 3), st.floats(1e-6, 0.95))
def test_noise_in_a_part_is_no_change_and_a_trifle_hides_nobody(
    seed: int, n: int, truly: int, trifle: float
) -> None:
    """Allocation is what is left when the others are taken away: where there is none, it is never quite 0."""
    before = apart(n, seed)
    for each in before.values():
        each[Part.ALLOCATION] = 0.0
    now = {group: dict(each) for group, each in before.items()}
    noise = np.random.default_rng(seed).uniform(-1e-15, 1e-15, n)
    for group, each in now.items():
        each[Part.ALLOCATION] = float(noise[group])
    assert decide_parts(cohort(now), now, median(now), earlier=[before]).blocked is not Gate.DIFFERENCING
    for group in range(truly):
        now[group][Part.FEED] *= 1.5
    for group in range(truly, truly + 2):
        now[group][Part.FEED] += trifle * MATERIAL * sum(before[group][part] for part in Part)
    blocked = decide_parts(cohort(now), now, median(now), earlier=[before]).blocked
    assert (blocked is Gate.DIFFERENCING) is (truly < 3)


def test_one_who_alone_changed_what_is_allocated_is_not_covered_by_noise() -> None:
    before = apart(8, 2)
    for each in before.values():
        each[Part.ALLOCATION] = 0.0
    now = {group: dict(each) for group, each in before.items()}
    for group, each in now.items():
        each[Part.ALLOCATION] = 0.4 if group == 3 else 1e-17 * (1 + group)
    found = decide_parts(cohort(now), now, median(now), earlier=[before])
    assert (found.figures, found.blocked) == ({}, Gate.DIFFERENCING)


def test_energy_may_be_missing_alone() -> None:
    taken = apart(6, 2)
    del taken[3][ENERGY_MJ]
    found = decide_parts(cohort(taken), taken, median(taken))
    assert set(found.figures) == set(Part)
    assert [(each.gate, each.on) for each in found.outcomes if not each.passed] == [
        (Gate.COMPLETE, ENERGY_MJ)
    ]


def test_figures_that_were_not_taken_apart_stop_the_parts() -> None:
    taken = apart(6, 2)
    short = {**taken, 4: {**taken[4], Part.FEED.value: taken[4][Part.FEED] * 0.9}}
    assert decide_parts(cohort(taken), short, median(taken)).blocked is Gate.COMPLETE
    missing = {group: each for group, each in taken.items() if group}
    assert decide_parts(cohort(taken), missing, median(taken)).blocked is Gate.COMPLETE
    with pytest.raises(NonFinite):
        decide_parts(cohort(taken), {**taken, 1: {**taken[1], Part.REST.value: float("nan")}}, median(taken))
    with pytest.raises(OutOfBounds):
        _rounded_together(dict.fromkeys(Part, 1.0), Decimal("1.0"))


YEARS = dict(enumerate((1.1, 1.3, 1.52, 1.7, 1.9, 2.2, 2.4, 2.6)))


def test_a_trend_follows_those_who_are_in_both_years() -> None:
    later = {group: value * (0.9 + 0.01 * group) for group, value in YEARS.items()}
    both = followed(YEARS, {**later, 9: 1.0})
    assert both == (YEARS, later)
    found = decide_trend(YEARS, later, told=[YEARS, later])
    assert found.blocked is None
    assert found.groups == "8-11"
    assert found.before == decide({g: Contributor(v, 1.0) for g, v in YEARS.items()}).figures["median"]
    assert found.now is not None and found.before is not None and found.now < found.before


@pytest.mark.parametrize(
    ("left", "joined", "gate"),
    [
        (4, 0, Gate.GROUPS),
        (1, 0, Gate.DIFFERENCING),
        (2, 0, Gate.DIFFERENCING),
        (3, 0, None),
        (0, 2, Gate.DIFFERENCING),
        (0, 3, None),
    ],
)
def test_a_trend_group_is_a_cohort_like_any_other(left: int, joined: int, gate: Gate | None) -> None:
    """Who left, or joined, is what a trend and a release differ by: fewer than three would be known."""
    later = {group: value * 0.9 for group, value in YEARS.items() if group >= left}
    later |= {100 + number: 1.4 + 0.2 * number for number in range(joined)}
    found = decide_trend(YEARS, later, told=[YEARS, later])
    assert found.blocked is gate
    assert (found.before is None) is (gate is not None)
    assert found.outcome.passed is (gate is None)


def test_a_trend_of_which_two_moved_is_not_told() -> None:
    later = {group: value * (0.8 if group < 2 else 1.0) for group, value in YEARS.items()}
    assert decide_trend(YEARS, later, told=[YEARS]).blocked is Gate.DIFFERENCING


def test_what_stays_open_of_a_part_is_related_to_the_last_digit_told() -> None:
    assert ALONE == 0.15
    taken = apart(6, 2)
    for each in taken.values():
        each[Part.REST] = 1e-6
    assert decide_parts(cohort(taken), taken, median(taken)).figures[Part.REST] == 0
