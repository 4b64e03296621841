"""Whether figures may stand on one axis, and what keeps them apart. Pure.

Direct CO2 of a grid and the life-cycle CO2e of its electricity are both "per kWh" and say different things:
what differs in scope, boundary or unit, or was added up with other GWP values, is never drawn together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from factors import units


class Obstacle(StrEnum):
    """What keeps figures from one axis."""

    SCOPE = "scope"
    BOUNDARY = "boundary"
    UNIT = "unit"
    GWP_SETS = "gwp_sets"
    GWP_NOT_STATED = "gwp_not_stated"


class Caution(StrEnum):
    """What a reader has to know, though the figures may be drawn."""

    YEAR = "year"
    PLACE = "place"
    KIND = "kind"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Side:
    """What matters of one version; ``gwp_set`` is that of a published total, None where gases are resolved
    or only CO2 is counted, and empty where a total does not say."""

    unit: str
    scope: str
    boundary: str
    gwp_set: str | None
    year: int
    place: str
    kind: str
    is_checked: bool


@dataclass(frozen=True)
class Verdict:
    """What keeps the sides apart, what to know, and the GWP set all of them can be shown in.

    Empty: all are totals that do not say with which set they were weighed.
    """

    obstacles: tuple[Obstacle, ...]
    cautions: tuple[Caution, ...]
    gwp_set: str

    @property
    def is_comparable(self) -> bool:
        """Whether they may be drawn on one axis."""
        return not self.obstacles


FAR_YEARS = 3


def judge(sides: Sequence[Side], *, preferred: str = "AR6") -> Verdict:
    """Look at all sides together.

    Totals keep the set they were published with; what is resolved by gas follows them.
    """
    totals = {side.gwp_set for side in sides if side.gwp_set is not None}
    return Verdict(
        tuple(_obstacles(sides, totals)),
        tuple(_cautions(sides)),
        next(iter(totals)) if len(totals) == 1 else preferred,
    )


def _obstacles(sides: Sequence[Side], totals: set[str]) -> list[Obstacle]:
    found = []
    if len({side.scope for side in sides}) > 1:
        found.append(Obstacle.SCOPE)
    if len({side.boundary for side in sides}) > 1:
        found.append(Obstacle.BOUNDARY)
    if any(not units.same_dimension(side.unit, sides[0].unit) for side in sides[1:]):
        found.append(Obstacle.UNIT)
    if len(totals) > 1:
        found.append(Obstacle.GWP_SETS)
    if "" in totals and (len(totals) > 1 or any(side.gwp_set is None for side in sides)):
        found.append(Obstacle.GWP_NOT_STATED)
    return found


def _cautions(sides: Sequence[Side]) -> list[Caution]:
    years = [side.year for side in sides]
    found = []
    if years and max(years) - min(years) >= FAR_YEARS:
        found.append(Caution.YEAR)
    if len({side.place for side in sides}) > 1:
        found.append(Caution.PLACE)
    if len({side.kind for side in sides}) > 1:
        found.append(Caution.KIND)
    if not all(side.is_checked for side in sides):
        found.append(Caution.UNCHECKED)
    return found
