"""Nouns: marks, runs, footprints, and their history."""

from footprint.calculation.models.column import ColumnVersion, FigureVersion
from footprint.calculation.models.footprint import CalculationRun, Footprint, FootprintBreakdown
from footprint.calculation.models.ledger import RecomputeFailure, RecomputeMark

__all__ = [
    "CalculationRun",
    "ColumnVersion",
    "FigureVersion",
    "Footprint",
    "FootprintBreakdown",
    "RecomputeFailure",
    "RecomputeMark",
]
