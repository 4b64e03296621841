"""How an inventory is submitted to the alliance and reviewed. Pure data.

Source: the alliance's state machine of inventory submissions: an internal check by another person of the
company, an automatic gate, numbered rounds of review, and an end with a reason.
"""

from __future__ import annotations

from accounts.review import Move, Procedure
from accounts.roles import Permission

OWNER, APPROVER, REVIEWER = (
    Permission.HAND_IN_SUBMISSION,
    Permission.CHECK_SUBMISSION,
    Permission.REVIEW_SUBMISSION,
)

OPEN = ("draft", "internal_review", "submitted", "under_review", "returned")
"""At most one submission of an inventory is in one of these."""
OTHERS_ROUND = ("edit", "hand_in")

SUBMISSION = Procedure(
    "submission of an inventory",
    (*OPEN, "accepted", "rejected", "withdrawn", "superseded"),
    (
        Move("hand_in", ("draft", "returned"), "internal_review", OWNER, is_internal=True),
        Move("take_back", ("internal_review",), "draft", OWNER, is_internal=True),
        Move(
            "send_back", ("internal_review",), "draft", APPROVER,
            needs_reason=True, is_internal=True,
        ),
        Move("submit", ("internal_review",), "submitted", APPROVER, other_than=OTHERS_ROUND),
        Move("take", ("submitted",), "under_review", REVIEWER, at_alliance=True),
        Move(
            "return", ("under_review",), "returned", REVIEWER,
            at_alliance=True, needs_reason=True,
        ),
        Move(
            "accept", ("under_review",), "accepted", REVIEWER,
            at_alliance=True, other_than=("hand_in", "submit"),
        ),
        Move(
            "reject", ("under_review",), "rejected", REVIEWER,
            at_alliance=True, needs_reason=True,
        ),
        Move("withdraw", (*OPEN, "accepted"), "withdrawn", OWNER, needs_reason=True),
        Move("supersede", ("accepted",), "superseded", None),
    ),
)  # fmt: skip
