"""How a published footprint is verified by somebody from outside. Pure data.

Source: the alliance's state machine of verification engagements, after ISO 14064-3: acceptance with a
declaration of independence, a sample, evidence, findings that are answered, a statement.
"""

from __future__ import annotations

from accounts.review import Move, Procedure
from accounts.roles import Permission

OWNER, VERIFIER = Permission.ENGAGE_VERIFIER, Permission.VERIFY

AT_WORK = ("accepted", "reviewing", "reported")
"""States in which the verifier works."""
OPENED = (*AT_WORK, "stated", "revoked")
"""States in which the verifier reads the dossier, until the last day of access."""

VERIFICATION = Procedure(
    "verification of a publication",
    ("requested", *AT_WORK, "stated", "revoked", "declined", "cancelled"),
    (
        Move("accept", ("requested",), "accepted", VERIFIER, at_alliance=True),
        Move("decline", ("requested",), "declined", VERIFIER, at_alliance=True, needs_reason=True),
        Move("sample", ("accepted",), "reviewing", VERIFIER, at_alliance=True),
        Move("report", ("reviewing",), "reported", VERIFIER, at_alliance=True),
        Move("resume", ("reported",), "reviewing", VERIFIER, at_alliance=True, needs_reason=True),
        Move("state", ("reported",), "stated", VERIFIER, at_alliance=True),
        Move("revoke", ("stated",), "revoked", VERIFIER, at_alliance=True, needs_reason=True),
        Move("cancel", ("requested", *AT_WORK), "cancelled", OWNER, needs_reason=True),
    ),
)
NEXT = {"requested": "accept", "accepted": "sample", "reviewing": "report", "reported": "state"}
"""The move that leads on from each state."""
