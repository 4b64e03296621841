"""How a reduction practice that a member wrote down comes to be shared with all members. Pure data.

Source: decided here; four eyes as everywhere: the member writes, the alliance's office reads the evidence.
"""

from __future__ import annotations

from accounts.review import Move, Procedure
from accounts.roles import Permission

OWNER, OFFICE = Permission.PROPOSE_PRACTICE, Permission.REVIEW_PRACTICE

PRACTICE = Procedure(
    "reduction practice",
    ("draft", "in_review", "published", "withdrawn"),
    (
        Move("hand_in", ("draft",), "in_review", OWNER),
        Move("take_back", ("in_review",), "draft", OWNER),
        Move("send_back", ("in_review",), "draft", OFFICE, at_alliance=True, needs_reason=True),
        Move("publish", ("in_review",), "published", OFFICE, at_alliance=True, other_than=("write",)),
        Move("discard", ("draft",), "withdrawn", OWNER),
        Move("withdraw", ("published",), "withdrawn", OFFICE, at_alliance=True, needs_reason=True),
    ),
)
NEXT = {"draft": "hand_in", "in_review": "publish"}
"""The move that leads on from each state."""
