"""Signatures of what webhooks are sent, by the Standard Webhooks specification.

Source: standardwebhooks.com, the specification: HMAC-SHA256 over id, time and body, one signature for each
secret in use, so that a receiver may move from one secret to the next while both sign.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime

from standardwebhooks import Webhook

MARK = "whsec_"
BYTES = 32


def fresh_secret() -> str:
    """A secret nobody has seen."""
    return MARK + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signed_headers(event_id: str, body: str, using: Iterable[str], *, at: datetime) -> dict[str, str]:
    """The headers of one attempt; ``at`` is when it is made."""
    signatures = (Webhook(secret).sign(event_id, at, body) for secret in using)
    return {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
