"""Nouns: marks, runs, footprints."""

from footprint.calculation.models.footprint import CalculationRun, Footprint, FootprintBreakdown
from footprint.calculation.models.ledger import RecomputeFailure, RecomputeMark

__all__ = ["CalculationRun", "Footprint", "FootprintBreakdown", "RecomputeFailure", "RecomputeMark"]
