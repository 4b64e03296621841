"""Verbs: what members do with scenarios and practices. Every one is gated, checked, atomic."""

from footprint.analysis.actions.practice import change_practice, move_practice, write_practice
from footprint.analysis.actions.scenario import change_scenario, delete_scenario, save_scenario

__all__ = [
    "change_practice",
    "change_scenario",
    "delete_scenario",
    "move_practice",
    "save_scenario",
    "write_practice",
]
