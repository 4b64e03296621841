"""Whether footprints may share an axis, and what they are under a common method profile. Pure.

Strict: what differs, or is not said, keeps them apart, each reason by itself. A profile orders GWP set,
boundary and allocation, so figures under one profile differ in unit and period alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from factors import units
from footprint.sharing.stated import CRADLE_TO_GATE, Stated


@dataclass(frozen=True)
class Side:
    """One footprint of a comparison.

    ``by_profile``: kg CO2e per declared amount under each version of a profile.
    """

    key: str
    label: str
    href: str
    stated: Stated
    by_profile: Mapping[str, Decimal] = field(default_factory=dict)

    def figure(self, profile: str) -> Decimal | None:
        """kg CO2e per one of its unit, as stated or under a profile."""
        kg = self.by_profile.get(profile) if profile else self.stated.kg_co2e
        amount = self.stated.amount
        return None if kg is None or not amount or amount <= 0 else kg / amount


@dataclass(frozen=True)
class Difference:
    """One reason why the figures cannot stand side by side."""

    code: str
    told: str = ""


def differences(sides: Sequence[Side], profile: str = "") -> list[Difference]:
    """Every reason, none where they are comparable; ``profile``: compared under it."""
    found = [*_of_every_kind(sides, profile)]
    if profile:
        without = [side.label for side in sides if profile not in side.by_profile]
        return [*found, *([Difference("not_by_profile", ", ".join(without))] if without else [])]
    return [*found, *_as_stated(sides)]


def common_profiles(sides: Sequence[Side]) -> list[str]:
    """The profiles by which all of them were calculated."""
    known = [set(side.by_profile) for side in sides]
    return sorted(set.intersection(*known)) if known else []


def per_unit(side: Side, unit: str, profile: str) -> Decimal | None:
    """The figure per a common unit; None where there is none."""
    figure = side.figure(profile)
    return None if figure is None else figure / units.convert(Decimal(1), side.stated.unit, unit)


def _of_every_kind(sides: Sequence[Side], profile: str) -> list[Difference]:
    found = []
    if any(side.figure(profile) is None for side in sides if not profile or profile in side.by_profile):
        found.append(Difference("no_figure"))
    known = [side.stated.unit for side in sides]
    if not all(known) or len({units.dimension(unit) for unit in known}) > 1:
        found.append(Difference("unit", _told(known)))
    boundaries = [side.stated.boundary for side in sides]
    if len({CRADLE_TO_GATE if each.startswith(CRADLE_TO_GATE) else each for each in boundaries}) > 1:
        found.append(Difference("boundary", _told(boundaries)))
    if not _overlap([side.stated for side in sides]):
        periods = [f"{side.stated.period_start} – {side.stated.period_end}" for side in sides]
        found.append(Difference("period", _told(periods)))
    return found


def _as_stated(sides: Sequence[Side]) -> list[Difference]:
    found = []
    for code, said in (
        ("gwp", [", ".join(side.stated.gwp) for side in sides]),
        ("method", [", ".join(side.stated.standards) for side in sides]),
        ("allocation", [side.stated.allocation for side in sides]),
    ):
        if not all(said) or len(set(said)) > 1:
            found.append(Difference(code, _told(said)))
    return found


def _overlap(every: Sequence[Stated]) -> bool:
    """Whether there is a day in all of their periods."""
    starts = [each.period_start for each in every]
    ends = [each.period_end for each in every]
    if None in starts or None in ends:
        return False
    return max(day for day in starts if day) <= min(day for day in ends if day)


def _told(said: Sequence[str]) -> str:
    return " / ".join(each or "—" for each in said)
