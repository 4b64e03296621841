"""Text that only we can read again, sealed with a key made from the platform's own."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@dataclass(frozen=True)
class Seal:
    """What is sealed for one purpose cannot be opened for another."""

    purpose: str

    def seal(self, text: str) -> str:
        """As it may be stored, or handed out."""
        return self._keys().encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str | None:
        """The text as it was given; None when it is not ours, or the platform's key is another one by now."""
        try:
            return self._keys().decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def _keys(self) -> MultiFernet:
        return MultiFernet([self._key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])

    def _key(self, secret: str) -> Fernet:
        made = HKDF(hashes.SHA256(), 32, salt=None, info=self.purpose.encode()).derive(secret.encode())
        return Fernet(base64.urlsafe_b64encode(made))
