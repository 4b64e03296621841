"""Every address, method, role, relation and state of the thing: the product answers as the policy file says."""

from __future__ import annotations

import time

from tests.permissions.asking import fault
from tests.permissions.policy import cells
from tests.permissions.world import World


def test_every_cell(world: World) -> None:
    start = time.monotonic()
    asked = cells(world.askers)
    faults = [found for cell in asked if (found := fault(world, cell))]
    took = time.monotonic() - start
    with open("/tmp/faults.txt", "w") as f:
        print(len(asked), took, file=f)
        print("\n".join(faults), file=f)
    assert faults == [], f"{len(faults)} of {len(asked)}"
