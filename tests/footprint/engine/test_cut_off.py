"""Cut-off rules: the largest flow, all of them together, and what nobody estimated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.engine.cut_off import NO_CUT_OFF, CutOffRule, Verdict, judge, largest_flow
from footprint.engine.errors import NonFinite, OutOfBounds, WrongShape

NAN = float("nan")
ONE_AND_THREE = CutOffRule(0.01, 0.03)


def test_the_largest_flow_counts_by_itself() -> None:
    found = largest_flow([0, 0, 1], [2.0, 3.0, 1.0], [100.0, 50.0, 10.0, NAN])
    assert found[:3].tolist() == [0.03, 0.02, 0.0]
    assert np.isnan(found[3])


@pytest.mark.parametrize(
    ("rule", "share", "largest", "verdict"),
    [
        (ONE_AND_THREE, 0.03, 0.01, Verdict.KEPT),
        (ONE_AND_THREE, 0.031, 0.01, Verdict.TOTAL),
        (ONE_AND_THREE, 0.031, 0.011, Verdict.FLOW),
        (ONE_AND_THREE, NAN, 0.011, Verdict.FLOW),
        (ONE_AND_THREE, NAN, 0.0, Verdict.UNKNOWN),
        (CutOffRule(), 0.9, 0.9, Verdict.KEPT),
        (CutOffRule(), NAN, 0.0, Verdict.UNKNOWN),
        (CutOffRule(total=0.03), 0.02, 0.02, Verdict.KEPT),
        (NO_CUT_OFF, 0.0, 0.0, Verdict.KEPT),
        (NO_CUT_OFF, 1e-6, 0.0, Verdict.TOTAL),
    ],
)
def test_what_a_rule_lets_pass(rule: CutOffRule, share: float, largest: float, verdict: Verdict) -> None:
    """A limit that is reached is not passed; what nobody estimated is not kept."""
    assert judge(rule, share, largest) is verdict


limits = st.none() | st.floats(0, 1)


@given(limits, limits, st.floats(0, 1), st.floats(0, 1), st.floats(1, 10))
def test_leaving_out_more_never_makes_it_better(
    per_flow: float | None, total: float | None, share: float, largest: float, more: float
) -> None:
    rule = CutOffRule(per_flow, total)
    if judge(rule, share, largest) is not Verdict.KEPT:
        assert judge(rule, share * more, largest * more) is not Verdict.KEPT


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1e6)), max_size=20), st.randoms())
def test_the_order_of_flows_changes_nothing(flows: list[tuple[int, float]], draw: object) -> None:
    mixed = list(flows)
    draw.shuffle(mixed)  # type: ignore[attr-defined]
    found = [
        largest_flow([of for of, _ in each], [kg for _, kg in each], np.full(4, 1e6)).tolist()
        for each in (flows, mixed)
    ]
    assert found[0] == found[1]
    assert all(0.0 <= share <= 1.0 for share in found[0])


@pytest.mark.parametrize(
    ("product", "exempted", "error"),
    [([0], [1.0, 2.0], WrongShape), ([0], [NAN], NonFinite), ([0], [-1.0], OutOfBounds)],
)
def test_impossible_flows_are_refused(
    product: list[int], exempted: list[float], error: type[Exception]
) -> None:
    with pytest.raises(error):
        largest_flow(product, exempted, [1.0])


def test_impossible_limits_are_refused() -> None:
    with pytest.raises(OutOfBounds):
        judge(CutOffRule(1.5, 0.0), 0.0, 0.0)
