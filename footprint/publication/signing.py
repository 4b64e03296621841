"""Signatures: JWS (RFC 7515) with Ed25519 (RFC 8037) over canonical JSON (RFC 8785).

The signature carries the text it is over, so whoever holds it needs nothing else but the public key, found
under the key's thumbprint (RFC 7638) at ``/.well-known/jwks.json``.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from accounts.canonical import canonical
from accounts.errors import Refusal

ALGORITHM = "EdDSA"
TYPE = "pcf+jws"


class NoKey(Refusal):
    """Nothing can be signed here."""

    code = "no_signing_key"
    status = 503


class BadSignature(Exception):
    """What was signed is something else, by somebody else, or not a signature at all."""


def private_key() -> JWK:
    """The key that signs: from the environment, or from the file that `make run` made.

    Raises:
        NoKey: there is none, or it is no key.
    """
    text = settings.PUBLICATION_SIGNING_KEY or _kept(settings.PUBLICATION_KEY_FILE)
    try:
        secret = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError as error:
        raise NoKey(_MISSING) from error
    if len(secret) != 32:
        raise NoKey(_MISSING)
    return from_secret(secret)


_MISSING = _(
    "The platform has no key to sign with (PUBLICATION_SIGNING_KEY), so nothing can be published. "
    "Tell the operators."
)


def _kept(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def from_secret(secret: bytes) -> JWK:
    """The key pair of 32 secret bytes."""
    return JWK.from_pyca(Ed25519PrivateKey.from_private_bytes(secret))


def key_id(key: JWK) -> str:
    """What the key is called: its thumbprint."""
    return str(key.thumbprint())


def public_part(key: JWK) -> str:
    """The public key, as a JWK writes it (``x``)."""
    return str(json.loads(key.export_public())["x"])


def as_jwk(public: str) -> dict[str, str]:
    """A public key as others read it."""
    key = JWK(kty="OKP", crv="Ed25519", x=public)
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": public,
        "kid": key_id(key),
        "use": "sig",
        "alg": ALGORITHM,
    }


def sign(content: dict[str, Any], key: JWK) -> str:
    """The compact signature, content included."""
    signed = JWS(canonical(content))
    header = {"alg": ALGORITHM, "kid": key_id(key), "typ": TYPE}
    signed.add_signature(key, alg=ALGORITHM, protected=canonical(header).decode())
    return str(signed.serialize(compact=True))


def verify(jws: str, public: str) -> dict[str, Any]:
    """What was signed, once the signature holds.

    Raises:
        BadSignature: it does not, or the text is not the canonical one.
    """
    signed = JWS()
    signed.allowed_algs = [ALGORITHM]
    try:
        signed.deserialize(jws, JWK(kty="OKP", crv="Ed25519", x=public))
        content: dict[str, Any] = json.loads(signed.payload)
    except (JWException, ValueError) as error:
        raise BadSignature(str(error)) from error
    if canonical(content) != signed.payload:
        raise BadSignature("the signed text is not canonical")
    return content
