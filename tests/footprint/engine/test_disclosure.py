from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.engine.disclosure.statistics import (
    Standing,
    harrell_davis,
    harrell_davis_weights,
    release_policy,
    significant,
    standing,
)
from footprint.engine.errors import NoBasis, NonFinite, OutOfBounds


@pytest.mark.parametrize(("n", "q", "largest"), [(5, 0.5, 0.37), (10, 0.25, 0.29), (12, 0.25, 0.28)])
def test_the_largest_weight_of_a_rank(n: int, q: float, largest: float) -> None:
    """Figures of the attack study on small cohorts."""
    assert harrell_davis_weights(n, q).max() == pytest.approx(largest, abs=0.005)


def test_a_median_worked_by_hand() -> None:
    """Weights of three ranks from the Beta(2, 2) distribution, 3x^2 - 2x^3: 7/27, 13/27, 7/27."""
    assert harrell_davis_weights(3, 0.5) == pytest.approx([7 / 27, 13 / 27, 7 / 27])
    assert harrell_davis([4.0, 1.0, 2.0], 0.5) == pytest.approx((7 * 1 + 13 * 2 + 7 * 4) / 27)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0.01, 0.99))
def test_a_smooth_quantile_stays_inside_and_ignores_order(values: list[float], q: float) -> None:
    found = harrell_davis(values, q)
    slack = 1e-9 * max(map(abs, values), default=0.0)
    assert min(values) - slack <= found <= max(values) + slack
    assert found == harrell_davis(values[::-1], q)


def test_a_smooth_quantile_is_no_members_value() -> None:
    values = [1.1, 1.4, 1.6, 1.9, 2.7]
    for q in (0.25, 0.5, 0.75):
        assert min(abs(harrell_davis(values, q) - value) for value in values) > 1e-3


def test_quantiles_that_make_no_sense_are_refused() -> None:
    with pytest.raises(NoBasis):
        harrell_davis([], 0.5)
    with pytest.raises(NonFinite):
        harrell_davis([1.0, np.nan], 0.5)
    with pytest.raises(OutOfBounds):
        harrell_davis([1.0], 1.0)


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (1.6180, 2, "1.6"),
        (0.0012345, 2, "0.0012"),
        (1250.0, 2, "1200"),
        (1350.0, 2, "1400"),
        (9.96, 2, "10"),
        (-0.555, 2, "-0.56"),
        (0.0, 2, "0"),
        (2.0, 3, "2.00"),
    ],
)
def test_significant_digits(value: float, digits: int, shown: str) -> None:
    assert significant(value, digits) == Decimal(shown)


def test_rounding_what_cannot_be_rounded_is_refused() -> None:
    with pytest.raises(NonFinite):
        significant(np.inf, 2)
    with pytest.raises(OutOfBounds):
        significant(1.0, 0)


@pytest.mark.parametrize("groups", [0, 1, 4])
def test_fewer_than_five_groups_show_nothing_not_even_how_many(groups: int) -> None:
    policy = release_policy(groups)
    assert not policy.released
    assert policy.groups_shown == ""


@pytest.mark.parametrize(
    ("groups", "mean", "quartiles", "shown"),
    [
        (5, False, False, "5-7"),
        (7, False, False, "5-7"),
        (8, True, False, "8-11"),
        (11, True, False, "8-11"),
        (12, True, True, "12+"),
        (40, True, True, "12+"),
    ],
)
def test_what_a_cohort_may_show(groups: int, mean: bool, quartiles: bool, shown: str) -> None:
    policy = release_policy(groups)
    assert policy.median
    assert (policy.mean, policy.weighted_mean_if_gates_pass) == (mean, mean)
    assert policy.quartiles == quartiles
    assert policy.groups_shown == shown
    assert policy.significant_digits == 2


def test_a_negative_number_of_groups_is_refused() -> None:
    with pytest.raises(OutOfBounds):
        release_policy(-1)


@pytest.mark.parametrize(
    ("own", "told"),
    [(2.19, Standing.NEAR), (1.81, Standing.NEAR), (1.7, Standing.BELOW), (2.3, Standing.ABOVE)],
)
def test_a_member_learns_where_it_stands_against_the_median(own: float, told: Standing) -> None:
    assert standing(own, 2.0) is told


@pytest.mark.parametrize(
    ("own", "told"),
    [(1.5, Standing.LOWEST), (1.9, Standing.LOWER), (2.1, Standing.UPPER), (2.6, Standing.HIGHEST)],
)
def test_quartiles_tell_the_quarter(own: float, told: Standing) -> None:
    assert standing(own, 2.0, 1.5, 2.5) is told


def test_only_a_finite_figure_has_a_standing() -> None:
    with pytest.raises(NonFinite):
        standing(float("nan"), 2.0)
