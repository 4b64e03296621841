"""Scenarios."""

from footprint.analysis.models.scenario import Scenario

__all__ = ["Scenario"]
