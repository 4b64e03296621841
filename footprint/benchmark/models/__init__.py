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
from footprint.benchmark.models.target import ReductionTarget

__all__ = [
    "AllianceOverview",
    "CohortMember",
    "Contribution",
    "Definition",
    "Estimate",
    "Participation",
    "Position",
    "ReductionTarget",
    "Region",
    "Release",
]
