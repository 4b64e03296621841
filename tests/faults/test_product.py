"""The whole product under faults: what `make run` starts is killed part by part while machines write."""

from __future__ import annotations

import pytest

from tests.faults.product import KINDS, rage, running_product

pytestmark = pytest.mark.faults
FAULTS = sum(KINDS.values())


def test_nothing_is_stale_or_lost_while_every_part_is_killed() -> None:
    """FAULTS=10000 python benchmarks/bench_storm.py does the same for hours."""
    with running_product() as product:
        losses = rage(product, FAULTS, check_every=17)
    print(losses)
    assert losses.clean, losses
    assert dict(losses.faults) == KINDS
    assert losses.acknowledged >= FAULTS
