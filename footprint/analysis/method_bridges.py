"""Why every product's figure under one profile is not the one under another, by what the profiles decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from footprint.analysis.by_profile import Views
from footprint.analysis.profiles import Reading
from footprint.engine.equations import Floats
from footprint.engine.method_bridge import DECIDED, attributed


@dataclass(frozen=True, eq=False)
class MethodBridge:
    """From the first reading to the second.

    Shapes   before, after: (n,); causes: (decisions, n), which sum to after - before; NaN where there is none
    Units    kg CO2e per unit
    """

    first: Reading
    before: Floats
    after: Floats
    causes: Floats
    refused: frozenset[int] = frozenset()
    """Products to which the first reading cannot be applied."""

    def of(self, node: int) -> dict[str, Any] | None:
        """One product's bridge as JSON keeps it; None where a figure is missing on the way."""
        if node in self.refused or not np.isfinite(self.causes[:, node]).all():
            return None
        version = self.first.version
        return {
            "profile": version.profile.code,
            "number": version.number,
            "kg_co2e": float(self.before[node]),
            "causes": {
                cause.name.lower(): float(part)
                for cause, part in zip(DECIDED, self.causes[:, node], strict=True)
            },
        }


def between(views: Views, first: Reading, second: Reading) -> MethodBridge:
    """What counts, shares and weights are taken over from the second reading one by one."""
    sides = first, second
    weights = _weights(first, second)
    figures = np.array([
        [[_counted_kg(views, scope, shares) @ weight for weight in weights] for shares in sides]
        for scope in sides
    ])  # fmt: skip
    refused = frozenset(each.node for each in views.figures(first) if each.failure)
    return MethodBridge(first, figures[0, 0, 0], figures[1, 1, 1], attributed(figures), refused)


def _counted_kg(views: Views, scope: Reading, shares: Reading) -> Floats:
    """(n, 2m) kg of what the one counts, by the shares of the other."""
    return np.where(_counted(scope), views.seen(scope, shares), 0.0)


def _counted(reading: Reading) -> Any:
    """(2m,) which columns are in the total the profile calls the footprint."""
    uncounted = reading.profile.uncounted
    return np.array([position not in uncounted for position in reading.position], dtype=np.bool_)


def _weights(first: Reading, second: Reading) -> tuple[Floats, Floats]:
    """A gas that one side cannot weigh weighs there what it weighs on the other: no cause is invented."""
    a, b = first.weight, second.weight
    a, b = np.where(np.isnan(a), b, a), np.where(np.isnan(b), a, b)
    return np.nan_to_num(a), np.nan_to_num(b)
