"""What every resource of this storey does after a write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.rest.resources import Resource
from footprint.calculation.ledger import wake
from footprint.calculation.queries import refuse_unsolvable


class Calculated(Resource):
    """A write that moves figures: refused when it makes a loop unsolvable, else the workers are woken."""

    def touched(self, row: Any) -> Iterable[int]:
        """The unit processes a write of this row concerns."""
        return ()

    def written(self, row: Any) -> None:
        """After every write, still inside its transaction."""
        refuse_unsolvable(self.actor, self.touched(row))
        wake()
