"""Nouns: what may be compared, who takes part, and what is released."""

from footprint.benchmark.models.definition import (
    Contribution,
    Definition,
    Estimate,
    Participation,
    Region,
)
from footprint.benchmark.models.overview import AllianceOverview
from footprint.benchmark.models.release import CohortMember, Position, Release

__all__ = [
    "AllianceOverview",
    "CohortMember",
    "Contribution",
    "Definition",
    "Estimate",
    "Participation",
    "Position",
    "Region",
    "Release",
]
