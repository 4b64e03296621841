"""The key that signs checkpoints: from the environment, or from the file that `make run` made."""

from __future__ import annotations

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

MISSING = (
    "AUDIT_SIGNING_KEY is missing: checkpoints of the audit log cannot be signed. "
    "Give the worker 32 random bytes in base64 (docs/operations.md)."
)


def signing_key() -> Ed25519PrivateKey:
    """The private key.

    Raises:
        ImproperlyConfigured: there is none, or it is no key.
    """
    text = settings.AUDIT_SIGNING_KEY or _kept(settings.AUDIT_KEY_FILE)
    if not text:
        raise ImproperlyConfigured(MISSING)
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text, altchars=b"-_", validate=True))
    except ValueError as error:
        raise ImproperlyConfigured("AUDIT_SIGNING_KEY is not 32 bytes in base64.") from error


def _kept(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
