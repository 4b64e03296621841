"""What may stand on one axis."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factors.comparability import Caution, Obstacle, Side, judge

GRID = Side("kWh", "co2", "direct", None, 2023, "CN", "electricity", True)
TOTAL = replace(GRID, scope="co2e", boundary="life_cycle", gwp_set="AR5")
SIDES = st.builds(
    Side,
    unit=st.sampled_from(["kWh", "MJ", "kg", "t", "t*km"]),
    scope=st.sampled_from(["co2", "co2e"]),
    boundary=st.sampled_from(["direct", "life_cycle"]),
    gwp_set=st.sampled_from([None, "", "AR4", "AR5", "AR6"]),
    year=st.integers(1990, 2030),
    place=st.sampled_from(["CN", "GB"]),
    kind=st.sampled_from(["fuel", "material"]),
    is_checked=st.booleans(),
)


@pytest.mark.parametrize(
    ("other", "obstacle"),
    [
        (replace(GRID, scope="co2e"), Obstacle.SCOPE),
        (replace(GRID, boundary="life_cycle"), Obstacle.BOUNDARY),
        (replace(GRID, unit="kg"), Obstacle.UNIT),
    ],
)
def test_one_difference_is_enough(other: Side, obstacle: Obstacle) -> None:
    assert judge([GRID, other]).obstacles == (obstacle,)


def test_units_of_one_dimension_are_converted() -> None:
    assert judge([GRID, replace(GRID, unit="MJ")]).is_comparable


def test_totals_of_two_sets_stay_apart_and_resolved_gases_follow_a_total() -> None:
    assert judge([TOTAL, replace(TOTAL, gwp_set="AR6")]).obstacles == (Obstacle.GWP_SETS,)
    follows = judge([TOTAL, replace(TOTAL, gwp_set=None)])
    assert follows.is_comparable and follows.gwp_set == "AR5"
    assert Obstacle.GWP_NOT_STATED in judge([TOTAL, replace(TOTAL, gwp_set="")]).obstacles
    unstated = judge([replace(TOTAL, gwp_set="")] * 2)
    assert unstated.is_comparable and unstated.gwp_set == ""


def test_cautions() -> None:
    far = replace(GRID, year=2020, place="GB", kind="fuel", is_checked=False)
    assert judge([GRID, far]).cautions == tuple(Caution)


@given(st.lists(SIDES, min_size=1, max_size=5))
def test_order_does_not_matter_and_a_side_is_comparable_with_itself(sides: list[Side]) -> None:
    assert set(judge(sides).obstacles) == set(judge(sides[::-1]).obstacles)
    assert judge([sides[0], sides[0]]).is_comparable
    assert set(judge(sides[:1]).obstacles) <= set(judge(sides).obstacles)
