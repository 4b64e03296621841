"""How one member asks another for a footprint, and what becomes of it. Pure data.

Source: the alliance's state machine of sharing requests: what buyers and suppliers do in other exchanges,
and what those lack: acceptance at a level, reservations, disputes with a reason and a line.
"""

from __future__ import annotations

from accounts.review import Move, Procedure
from accounts.roles import Permission

SHARE = Permission.SHARE_PRODUCT
SUPPLIER = "supplier_id"

UNANSWERED = ("requested", "acknowledged", "preparing")
"""The supplier has not given anything yet."""
GIVEN = ("shared", "reviewing", "accepted", "reserved", "disputed", "resolved")
"""The recipient has what was given."""
ENDED = ("declined", "cancelled", "expired", "revoked", "over")

REQUEST = Procedure(
    "request for a footprint",
    (*UNANSWERED, *GIVEN, *ENDED),
    (
        Move("acknowledge", ("requested",), "acknowledged", SHARE, held_at=SUPPLIER),
        Move("prepare", ("acknowledged",), "preparing", SHARE, held_at=SUPPLIER),
        Move("share", ("acknowledged", "preparing"), "shared", SHARE, held_at=SUPPLIER),
        Move("decline", UNANSWERED, "declined", SHARE, needs_reason=True, held_at=SUPPLIER),
        Move("cancel", UNANSWERED, "cancelled", SHARE),
        Move("expire", UNANSWERED, "expired", None),
        Move("review", ("shared",), "reviewing", SHARE),
        Move("accept", ("shared", "reviewing", "reserved", "resolved"), "accepted", SHARE),
        Move("reserve", ("shared", "reviewing", "resolved"), "reserved", SHARE, needs_reason=True),
        Move(
            "dispute",
            ("shared", "reviewing", "accepted", "reserved"),
            "disputed",
            SHARE,
            needs_reason=True,
        ),
        Move("take_up", ("disputed",), "preparing", SHARE, needs_reason=True, held_at=SUPPLIER),
        Move("stand_by", ("disputed",), "reviewing", SHARE, needs_reason=True, held_at=SUPPLIER),
        Move("resolve", ("disputed",), "resolved", SHARE, needs_reason=True),
        Move("end", GIVEN, "over", None),
        Move("revoke", GIVEN, "revoked", SHARE, needs_reason=True, held_at=SUPPLIER),
    ),
)
NEXT = {
    "requested": "acknowledge",
    "acknowledged": "share",
    "preparing": "share",
    "shared": "accept",
    "reviewing": "accept",
    "disputed": "take_up",
    "resolved": "accept",
}
"""The move that leads on from each state; the others wait for nobody."""
