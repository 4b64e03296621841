"""The sampling plan: certain lines, risk, chance that anybody repeats."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.verification.sampling import CERTAIN_SHARE, Candidate, Reason, draw, risk

candidate = st.builds(
    Candidate,
    key=st.integers(0, 999).map(str),
    share=st.floats(-2, 2),
    quality=st.none() | st.floats(1, 5),
    change=st.none() | st.floats(0, 10),
    is_first=st.booleans(),
)
plans = st.lists(candidate, max_size=15, unique_by=lambda line: line.key)


@given(plans, st.integers(0, 20), st.integers(0, 2**63 - 1))
def test_a_sample_has_its_size_and_every_heavy_line_once(
    lines: list[Candidate], size: int, seed: int
) -> None:
    drawn = draw(lines, size=size, seed=seed)
    certain = {line.key for line in lines if abs(line.share) >= CERTAIN_SHARE}
    keys = [each.key for each in drawn]
    assert len(set(keys)) == len(keys) == max(len(certain), min(size, len(lines)))
    assert certain <= set(keys) <= {line.key for line in lines}
    assert all(each.reasons and 0 < each.risk <= 1 for each in drawn)
    assert [each.risk for each in drawn] == sorted((each.risk for each in drawn), reverse=True)


@given(plans, st.integers(0, 20), st.integers(0, 2**63 - 1), st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_lines_in_any_order(
    lines: list[Candidate], size: int, seed: int, order: object
) -> None:
    mixed = list(lines)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert draw(lines, size=size, seed=seed) == draw(mixed, size=size, seed=seed)


@given(candidate, st.floats(1, 5), st.floats(0, 2))
def test_risk_grows_with_weight_doubt_and_change(line: Candidate, quality: float, change: float) -> None:
    known = Candidate(line.key, 0.05, quality, change)
    assert risk(known) > 0
    assert risk(Candidate(line.key, 0.06, quality, change)) > risk(known)
    assert risk(Candidate(line.key, 0.05, 5.0, change)) >= risk(known)
    assert risk(Candidate(line.key, 0.05, quality, 2.0)) >= risk(known)
    assert risk(Candidate(line.key, -0.05, quality, change)) == risk(known)


def test_chance_follows_risk() -> None:
    lines = [Candidate(str(number), 0.09 if number < 5 else 0.001, 1, 0) for number in range(50)]
    met = Counter(each.key for seed in range(400) for each in draw(lines, size=6, seed=seed))
    heavy = sum(met[str(number)] for number in range(5)) / 5
    light = sum(met[str(number)] for number in range(5, 50)) / 45
    assert heavy == 400  # longer than a step: met by every start
    assert 3 < light < 18  # one of the 45 each time: 400 / 45 = 8.9


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (Candidate("a", 0.5, 1, 0), Reason.CERTAIN),
        (Candidate("a", 0.05, 1, 0), Reason.WEIGHT),
        (Candidate("a", 0.001, None, 0), Reason.QUALITY),
        (Candidate("a", 0.001, 1, 0.5), Reason.CHANGE),
        (Candidate("a", 0.001, 1, None), Reason.NEW),
        (Candidate("a", 0.001, 1, 0), Reason.CHANCE),
        (Candidate("a", 0.001, 1, None, is_first=True), Reason.CHANCE),
    ],
)
def test_every_line_says_why(line: Candidate, reason: Reason) -> None:
    ((drawn),) = draw([line], size=1, seed=1)
    assert reason in drawn.reasons
