"""Verbs: take part, propose, prepare, sign; settle what the next cohort would be."""

from footprint.benchmark.actions.define import move_definition, propose_definition
from footprint.benchmark.actions.join import join, leave
from footprint.benchmark.actions.prepare import ask_for_release, epoch_of, prepare_waiting
from footprint.benchmark.actions.release import move_release
from footprint.benchmark.actions.target import add_target, change_target, drop_target, set_target

__all__ = [
    "add_target",
    "ask_for_release",
    "change_target",
    "drop_target",
    "epoch_of",
    "join",
    "leave",
    "move_definition",
    "move_release",
    "prepare_waiting",
    "propose_definition",
    "set_target",
]
