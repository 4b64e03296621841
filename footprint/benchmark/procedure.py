"""How a benchmark comes to be: its definition, and each of its releases. Pure data.

Source: the alliance's rules on exchanging figures among competitors: the steward proposes and prepares, the
compliance reviewer, another person, approves and signs.
"""

from __future__ import annotations

from accounts.review import Move, Procedure
from accounts.roles import Permission

PREPARE, APPROVE = Permission.PREPARE_BENCHMARK, Permission.APPROVE_BENCHMARK

DEFINITION = Procedure(
    "definition of a benchmark",
    ("proposed", "approved", "rejected", "retired"),
    (
        Move("approve", ("proposed",), "approved", APPROVE, at_alliance=True, other_than=("propose",)),
        Move(
            "reject", ("proposed",), "rejected", APPROVE, at_alliance=True,
            other_than=("propose",), needs_reason=True,
        ),
        Move("retire", ("approved",), "retired", PREPARE, at_alliance=True, needs_reason=True),
    ),
)  # fmt: skip

RELEASE = Procedure(
    "release of a benchmark",
    ("asked", "blocked", "cleared", "signed", "released", "discarded"),
    (
        Move("block", ("asked",), "blocked", None),
        Move("clear", ("asked",), "cleared", None),
        Move("sign", ("cleared",), "signed", PREPARE, at_alliance=True),
        Move(
            "release", ("signed",), "released", APPROVE, at_alliance=True,
            other_than=("propose", "prepare", "sign"),
        ),
        Move(
            "send_back", ("signed",), "cleared", APPROVE, at_alliance=True,
            other_than=("propose", "prepare", "sign"), needs_reason=True,
        ),
        Move("discard", ("blocked", "cleared"), "discarded", PREPARE, at_alliance=True),
    ),
)  # fmt: skip
