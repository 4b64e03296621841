"""How a machine proves who it is: one of the secrets of its client, while that lasts."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest
from django.utils import timezone
from oauth2_provider.oauth2_validators import OAuth2Validator

from accounts.actions.client import use_secret


class SecretsOfClients(OAuth2Validator):  # type: ignore[misc]
    """The framework's rules, with our secrets in place of the one the framework would keep."""

    def authenticate_client(self, request: Any, *args: object, **kwargs: object) -> bool:
        """Whether id and secret belong together, from the header or from the body."""
        stated = request.headers.get("HTTP_AUTHORIZATION") or ""
        client_id, secret = credentials_in(stated, request.client_id, getattr(request, "client_secret", ""))
        if "\0" in client_id or not client_id or self._load_application(client_id, request) is None:
            return False
        return use_secret(client_id, secret, at=timezone.now())


def credentials_in(stated: str, client_id: str | None, secret: str | None) -> tuple[str, str]:
    """Who asks for a token and what they prove it with: by the header of the kind Basic, else by the body.

    Whoever sends such a header is asked by nothing else: what is opened is what is written down.
    """
    scheme, _space, encoded = stated.partition(" ")
    if scheme.lower() == "basic":
        return basic_credentials(encoded.strip())
    return client_id or "", secret or ""


def credentials_of(request: HttpRequest) -> tuple[str, str]:
    """The same of a request to a token endpoint."""
    body = request.POST
    stated = request.headers.get("Authorization", "")
    return credentials_in(stated, body.get("client_id"), body.get("client_secret"))


def basic_credentials(encoded: str) -> tuple[str, str]:
    """Id and secret of an Authorization header of the kind Basic (RFC 6749, 2.3.1), else two empty texts."""
    try:
        client_id, _colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)
