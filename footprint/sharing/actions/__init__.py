"""Verbs: ask for a footprint, answer, judge what was given."""

from footprint.sharing.actions.ask import ask_for_footprint
from footprint.sharing.actions.clock import watch
from footprint.sharing.actions.give import share
from footprint.sharing.actions.judge import accept, dispute, reserve
from footprint.sharing.actions.moving import move_request
from footprint.sharing.actions.remark import remark_on
from footprint.sharing.actions.take import foretell, take_figure

__all__ = [
    "accept",
    "ask_for_footprint",
    "dispute",
    "foretell",
    "move_request",
    "remark_on",
    "reserve",
    "share",
    "take_figure",
    "watch",
]
