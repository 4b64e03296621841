"""The gates of disclosure control, and those whose figures go through them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

WIDEST = 4.0
"""Everybody is taken to know that a value lies within this many times the median."""


class Gate(StrEnum):
    """What a release has to pass."""

    AGE = "age"
    """The year is closed, and its youngest data are some months old."""
    GROUPS = "groups"
    DIFFERENCING = "differencing"
    FREEDOM = "freedom"
    SELF_ATTACK = "self_attack"
    NEWS = "news"
    SHARE = "share"
    P_PERCENT = "p_percent"
    DOMINANCE = "dominance"
    COMPLETE = "complete"
    """Every figure of the cohort is taken apart."""


@dataclass(frozen=True)
class Contributor:
    """One company group in a cohort: its figure and the volume behind it."""

    value: float
    volume: float


@dataclass(frozen=True)
class Outcome:
    """One gate, and whether what is told passed it; ``on`` is the figure that was left out when not."""

    gate: Gate
    passed: bool
    on: str = ""
