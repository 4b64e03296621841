"""Verbs: engage a verifier, do the work, record the statement."""

from footprint.verification.actions.engagement import accept, engage, move_engagement
from footprint.verification.actions.own_data import run_own_data
from footprint.verification.actions.remark import remark_on
from footprint.verification.actions.state import record_statement
from footprint.verification.actions.work import (
    add_line,
    answer_finding,
    close_finding,
    draw_sample,
    mark_line,
    raise_finding,
    run_test,
)

__all__ = [
    "accept",
    "add_line",
    "answer_finding",
    "close_finding",
    "draw_sample",
    "engage",
    "mark_line",
    "move_engagement",
    "raise_finding",
    "record_statement",
    "remark_on",
    "run_own_data",
    "run_test",
]
