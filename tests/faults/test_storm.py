"""Nothing stale and nothing acknowledged lost, whatever dies; and the storm sees the bugs it must see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.mutants import MUTANTS
from tests.faults.storm import alliance, rage, storm


@pytest.fixture(scope="module")
def beginning(pytestconfig: pytest.Config) -> Iterator[Path]:
    """Made once, copied by every storm."""
    with alliance(pytestconfig.cache.mkdir("migrated")) as files:
        yield files


def test_three_hundred_faults_leave_nothing_stale_and_nothing_lost(beginning: Path) -> None:
    with storm(beginning, seed=7) as running:
        tally = rage(running, faults=300, check_every=20)
    print(tally)
    assert sum(tally.faults.values()) >= 300
    assert tally.checks == 15
    assert tally.acknowledged > 300
    assert (tally.stale, tally.lost, tally.pending) == (0, 0, 0)


@pytest.mark.timeout(2400)  # one whose moment is rare may take most of the faults
@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_storm_sees_a_broken_promise(beginning: Path, mutant: str) -> None:
    with storm(beginning, mutant, seed=11) as running:
        tally = rage(running, faults=4000, check_every=5, until_seen=True)
    print(mutant, tally)
    assert tally.stale or tally.pending
