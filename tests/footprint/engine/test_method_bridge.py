"""The bridge between two methods: it closes, from either side, and blames nothing that changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from footprint.engine.equations import Floats
from footprint.engine.errors import WrongShape
from footprint.engine.method_bridge import DECIDED, attributed
from footprint.engine.snapshot import Cause

TABLES = arrays(np.float64, (2, 2, 2, 4), elements=st.floats(-1e6, 1e6))


def test_a_method_decides_what_counts_how_it_is_shared_and_weighed() -> None:
    assert DECIDED == (Cause.METHOD, Cause.ALLOCATION, Cause.GWP)


def test_effects_of_two_decisions_are_split_evenly() -> None:
    """Amount 2 to 3 and share 0.5 to 0.8, in either order: the means are 0.65 and 0.75, by hand."""
    amount, share = np.array([2.0, 3.0]), np.array([0.5, 0.8])
    figures = (amount[:, None] * share)[..., None]
    assert attributed(figures)[:, 0] == pytest.approx([0.65, 0.75])


@given(TABLES)
def test_the_parts_sum_to_the_difference_from_either_side(table: Floats) -> None:
    parts = attributed(table)
    assert np.allclose(parts.sum(axis=0), table[1, 1, 1] - table[0, 0, 0], atol=1e-8)
    assert np.allclose(attributed(table[::-1, ::-1, ::-1]), -parts, atol=1e-8)


@given(TABLES, st.integers(0, 2))
def test_a_decision_that_changes_nothing_gets_nothing(table: Floats, axis: int) -> None:
    same = np.repeat(np.take(table, [0], axis=axis), 2, axis=axis)
    assert (attributed(same)[axis] == 0.0).all()


def test_what_is_unknown_in_one_mixture_stays_unknown() -> None:
    table = np.zeros((2, 2, 2, 2))
    table[0, 1, 0, 0] = np.nan
    assert np.isnan(attributed(table)[:, 0]).any()
    assert (attributed(table)[:, 1] == 0.0).all()


@pytest.mark.parametrize("shape", [(2,), (3, 4), (2, 1, 4)])
def test_every_axis_has_two_places(shape: tuple[int, ...]) -> None:
    with pytest.raises(WrongShape):
        attributed(np.zeros(shape))
