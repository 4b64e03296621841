"""Partners' secrets, which we must be able to read again."""

from __future__ import annotations

from accounts.sealing import Seal

_SECRETS = Seal("footprint.partners callback secret")


def seal(secret: str) -> str:
    """The text as it is stored."""
    return _SECRETS.seal(secret) if secret else ""


def unseal(sealed: str) -> str | None:
    """The text as it was given; None when the platform's key is another one by now."""
    return _SECRETS.unseal(sealed)
