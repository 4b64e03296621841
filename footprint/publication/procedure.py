"""How a calculated figure becomes a published footprint, and how it ends. Pure data.

Source: the alliance's state machine of publications: the owner's self-check, approval by another person, and
publication to those it is meant for.
"""

from __future__ import annotations

from accounts.review import Move, Procedure
from accounts.roles import Permission

OWNER, APPROVER, EITHER = (
    Permission.PREPARE_PUBLICATION,
    Permission.APPROVE_PUBLICATION,
    Permission.WITHDRAW_PUBLICATION,
)
UNPUBLISHED = ("calculated", "self_checked", "approved")
OUT = ("published", "replaced", "withdrawn")
"""States in which others see it."""
VERIFIABLE = ("self_checked", "approved", "published")
"""States in which a verifier may be asked: before it is approved, so that who approves knows, or after."""

PUBLICATION = Procedure(
    "publication of a footprint",
    (*UNPUBLISHED, *OUT, "discarded"),
    (
        Move("self_check", ("calculated",), "self_checked", OWNER),
        Move("approve", ("self_checked",), "approved", APPROVER, other_than=("prepare", "self_check")),
        Move("send_back", ("self_checked",), "calculated", APPROVER, needs_reason=True),
        Move("publish", ("approved",), "published", APPROVER, other_than=("prepare", "self_check")),
        Move("discard", UNPUBLISHED, "discarded", OWNER),
        Move("withdraw", ("published",), "withdrawn", EITHER, needs_reason=True),
        Move("replace", ("published",), "replaced", None),
    ),
)
