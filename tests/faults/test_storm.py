"""Nothing stale and nothing acknowledged lost, whatever dies; and the storm sees the bugs it must see."""

from __future__ import annotations

import pytest

from tests.faults.mutants import MUTANTS
from tests.faults.storm import rage, storm


def test_three_hundred_faults_leave_nothing_stale_and_nothing_lost() -> None:
    with storm(seed=7) as running:
        tally = rage(running, faults=300, check_every=20)
    print(tally)
    assert sum(tally.faults.values()) >= 300
    assert tally.checks == 15
    assert tally.acknowledged > 300
    assert (tally.stale, tally.lost, tally.pending) == (0, 0, 0)


BY_CHANCE = pytest.mark.xfail(reason="three hundred faults may all miss its short gap", strict=False)
RARE = {"no_lock", "second_transaction"}


@pytest.mark.parametrize(
    "mutant", [pytest.param(name, marks=[BY_CHANCE] if name in RARE else []) for name in MUTANTS]
)
def test_the_storm_sees_a_broken_promise(mutant: str) -> None:
    """Faults fall where chance puts them: three storms, and one of them has to hit the gap."""
    seen = False
    for seed in (11, 12, 13):
        with storm(mutant, seed=seed) as running:
            tally = rage(running, faults=300, check_every=1, until_seen=True)
        print(mutant, seed, tally)
        seen = bool(tally.stale or tally.pending)
        if seen:
            break
    assert seen
