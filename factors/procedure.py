"""How a proposed factor becomes a published version. Pure data.

Source: the alliance's state machine of factor proposals: screening by a curator, an independent technical
review by two, one of them from another company group, public comments where wanted, and publication by
somebody who did not propose it. A correction that the alliance's office makes of a factor that is there may
be confirmed at once, by another curator.
"""

from __future__ import annotations

from dataclasses import replace

from accounts.review import Move, Procedure
from accounts.roles import Permission

PROPOSER, CURATOR = Permission.PROPOSE_FACTOR, Permission.PUBLISH_FACTOR
OPEN = ("screening", "technical_review", "public_comment", "approved")
LEAST_REVIEWS = 2

PROPOSAL = Procedure(
    "proposal of a factor",
    (*OPEN, "returned", "published", "rejected", "retracted"),
    (
        Move(
            "pass_on", ("screening",), "technical_review", CURATOR,
            at_alliance=True, other_than=("propose",),
        ),
        Move(
            "open_comments", ("technical_review",), "public_comment", CURATOR,
            at_alliance=True, other_than=("propose",),
        ),
        Move(
            "approve", ("technical_review", "public_comment"), "approved", CURATOR,
            at_alliance=True, other_than=("propose",),
        ),
        Move("publish", ("approved",), "published", CURATOR, at_alliance=True, other_than=("propose",)),
        Move("confirm", ("screening",), "published", CURATOR, at_alliance=True, other_than=("propose",)),
        Move("send_back", OPEN, "returned", CURATOR, at_alliance=True, needs_reason=True),
        Move(
            "reject", OPEN, "rejected", CURATOR,
            at_alliance=True, other_than=("propose",), needs_reason=True,
        ),
        Move("hand_in_again", ("returned",), "screening", PROPOSER),
        Move("retract", (*OPEN, "returned"), "retracted", PROPOSER),
    ),
)  # fmt: skip
CONFIRM = "confirm"
WITHOUT_SHORTCUT = replace(PROPOSAL, moves=tuple(each for each in PROPOSAL.moves if each.name != CONFIRM))


def procedure_of(*, is_correction: bool) -> Procedure:
    """What is open to a proposal: only a correction by the office has the short way."""
    return PROPOSAL if is_correction else WITHOUT_SHORTCUT
