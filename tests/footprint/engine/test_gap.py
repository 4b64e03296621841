"""The gap and its causes: they close, and the two of energy are what they are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.engine.disclosure.gap import Cause, gap
from footprint.engine.disclosure.parts import ENERGY_MJ, Part
from footprint.engine.errors import NonFinite, NotClosed

TOLD = {"feed": 0.8, "energy": 0.6, "chemistry": 0.1, "allocation": 0.0, "rest": 0.1, ENERGY_MJ: 10.0}
OWN = {"feed": 0.9, "energy": 0.9, "chemistry": 0.1, "allocation": -0.2, "rest": 0.1, ENERGY_MJ: 12.0}


def test_by_hand() -> None:
    """12 MJ at 0.075 against 10 MJ at 0.06: 2 MJ more at 0.0675, 0.015 more on 11 MJ."""
    found = gap(1.8, OWN, 1.6, TOLD)
    assert found.total == pytest.approx(0.2)
    assert found.causes[Cause.ENERGY_INTENSITY] == pytest.approx(0.135)
    assert found.causes[Cause.ENERGY_CARBON] == pytest.approx(0.165)
    assert found.causes[Cause.FEED] == pytest.approx(0.1)
    assert found.causes[Cause.ALLOCATION] == pytest.approx(-0.2)
    assert found.largest is Cause.ENERGY_CARBON
    assert Cause.ENERGY not in found.causes


@given(
    st.lists(st.floats(-5, 5), min_size=10, max_size=10),
    st.floats(0.1, 50),
    st.floats(0, 50),
    st.floats(-1, 1),
)
def test_causes_sum_to_the_gap(values: list[float], usual: float, used: float, lacking: float) -> None:
    parts = dict(zip((part.value for part in Part), values[:5], strict=True))
    told = dict(zip((part.value for part in Part), values[5:], strict=True))
    own, median = sum(parts.values()) + lacking, sum(told.values())
    found = gap(own, parts | {ENERGY_MJ: used}, median, told | {ENERGY_MJ: usual})
    assert sum(found.causes.values()) == pytest.approx(own - median, abs=1e-6)
    assert found.causes[Cause.REMAINDER] == pytest.approx(lacking, abs=1e-9)


def test_energy_that_nobody_counted_stays_whole() -> None:
    without = {name: kg for name, kg in TOLD.items() if name != ENERGY_MJ}
    found = gap(1.8, OWN, 1.6, without)
    assert found.causes[Cause.ENERGY] == pytest.approx(0.3)
    assert not found.causes.keys() & {Cause.ENERGY_CARBON, Cause.ENERGY_INTENSITY}


def test_what_rounding_leaves_is_no_cause() -> None:
    found = gap(1.8, OWN | {"allocation": 1e-16, "feed": 0.7}, 1.6, TOLD)
    assert found.causes[Cause.ALLOCATION] == 0.0


def test_nothing_is_dearer_than_with_the_others() -> None:
    assert gap(1.6, TOLD, 1.6, TOLD).largest is None


def test_what_does_not_close_is_refused() -> None:
    with pytest.raises(NotClosed):
        gap(1.8, OWN, 1.7, TOLD)
    with pytest.raises(NonFinite):
        gap(float("inf"), OWN, 1.6, TOLD)
