"""Scores to spreads: worked examples of the pedigree matrix."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.errors import OutOfBounds, WrongShape
from footprint.engine.pedigree import BASIC, FACTORS, Activity, Version, gsd2

SCORES = st.lists(st.integers(1, 5), min_size=6, max_size=6)


def test_the_worked_example() -> None:
    """Factors 1.05, 1.02, 1.03, 1.01, 1.2, 1.02 with a basic uncertainty of 1.05."""
    found = gsd2([[2, 2, 2, 2, 3, 2]], BASIC[Activity.CO2_COMBUSTION])
    assert found[0] == pytest.approx(1.2207, abs=5e-5)


def test_best_scores_leave_the_basic_uncertainty() -> None:
    for version in Version:
        assert gsd2(np.ones((2, 5), dtype=int), [1.05, 2.0], version) == pytest.approx([1.05, 2.0])
        assert (FACTORS[version][:, 0] == 1.0).all()
        assert FACTORS[version].shape == (6, 5)


def test_the_second_version_weighs_technology_and_reliability_more() -> None:
    worst = np.full((1, 6), 5)
    assert gsd2(worst, 1.0, Version.ECOINVENT_2)[0] == pytest.approx(
        np.exp(np.sqrt(sum(np.log(u) ** 2 for u in (1.69, 1.08, 1.29, 1.11, 2.8)))), rel=1e-12
    )


@settings(deadline=None)
@given(SCORES, st.integers(0, 5), st.sampled_from(Version))
def test_a_worse_score_never_narrows(scores: list[int], indicator: int, version: Version) -> None:
    worse = list(scores)
    worse[indicator] = min(5, worse[indicator] + 1)
    assert gsd2([worse], 1.2, version)[0] >= gsd2([scores], 1.2, version)[0] >= 1.2


@pytest.mark.parametrize(
    ("scores", "basic", "error"),
    [
        ([[0, 1, 1, 1, 1]], 1.0, OutOfBounds),
        ([[6, 1, 1, 1, 1]], 1.0, OutOfBounds),
        ([[1.5, 1, 1, 1, 1]], 1.0, OutOfBounds),
        ([[1, 1, 1, 1, 1]], 0.9, OutOfBounds),
        ([[1, 1, 1, 1]], 1.0, WrongShape),
        ([[1, 1, 1, 1, 1]], [1.0, 1.0], WrongShape),
    ],
)
def test_impossible_scores_are_refused(scores: object, basic: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        gsd2(scores, basic)  # type: ignore[arg-type]
