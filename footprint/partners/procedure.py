"""How a request to be connected, of somebody outside the alliance, is decided on. Pure data.

Source: decided here, after the lifecycle request, approve, rotate, revoke of PACT's draft on identity. Taken
up it becomes a connection, which is approved, given new secrets and revoked as every other one.
"""

from __future__ import annotations

from accounts.review import Move, Procedure
from accounts.roles import Permission

CONNECTION_REQUEST = Procedure(
    "request to be connected",
    ("new", "accepted", "refused"),
    (
        Move("accept", ("new",), "accepted", Permission.SHARE_PRODUCT),
        Move("refuse", ("new",), "refused", Permission.SHARE_PRODUCT, needs_reason=True),
    ),
)
