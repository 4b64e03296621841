"""Verbs: what members do with scenarios. Every one is gated, checked, atomic."""

from footprint.analysis.actions.scenario import change_scenario, delete_scenario, save_scenario

__all__ = ["change_scenario", "delete_scenario", "save_scenario"]
