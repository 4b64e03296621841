"""Calls to a partner's system: its token, kept while it lasts, then the request itself."""

from __future__ import annotations

import base64
import json
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.utils import timezone

from accounts import outgoing
from footprint.partners.answers import TOKENLESS, UNREADABLE
from footprint.partners.models import Connection
from footprint.partners.retrying import asked_wait, may_pass
from footprint.partners.sealing import unseal

logger = logging.getLogger(__name__)
EARLY_SECONDS = 30
LONGEST_TOKEN = 16_384
TOO_MANY = 429
LEAST_SECONDS, MOST_SECONDS = 60, 86_400
LONG_CALLS = 0x07C4
"""The lock of whoever calls a partner for long: one on the whole platform, so that workers stay free."""


class CallFailed(Exception):
    """The partner's system could not be reached, or did not do what was asked; the text may be shown.

    ``is_lasting``: asking again would not change it. ``ends_round``: nothing else is to be asked now, either.
    ``wait``: how long it wants not to be asked.
    """

    def __init__(
        self,
        told: str,
        *,
        is_lasting: bool = False,
        ends_round: bool = True,
        wait: timedelta | None = None,
    ) -> None:
        super().__init__(told)
        self.is_lasting, self.ends_round, self.wait = is_lasting, ends_round, wait


@dataclass(frozen=True)
class Reply:
    """What it answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def refused(reply: Reply, told: str, *, at: datetime) -> CallFailed:
    """What an answer other than the one wanted means for the next time."""
    wait = asked_wait(reply.headers, at=at)
    return CallFailed(
        told,
        is_lasting=not may_pass(reply.status),
        ends_round=wait is not None or reply.status == TOO_MANY,
        wait=wait,
    )


class Caller:
    """One partner's system, as one of ours sees it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def ask(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        content_type: str = "",
        seconds: float = outgoing.SECONDS,
    ) -> Reply:
        """One request with a token; an expired one is replaced, once.

        Raises:
            CallFailed.
        """
        reply = self._send(method, url, self.token(), body, content_type, seconds)
        if reply.status in (400, 401) and self._forget():
            reply = self._send(method, url, self.token(), body, content_type, seconds)
        return reply

    def token(self) -> str:
        """The access token at the other side. Raises CallFailed."""
        kept = cache.get(self._key())
        if isinstance(kept, str):
            return kept
        place = self._token_endpoint()
        secret = unseal(self.connection.callback_secret)
        if secret is None:
            raise CallFailed(UNREADABLE)
        basic = base64.b64encode(f"{self.connection.callback_id}:{secret}".encode()).decode()
        headers = {
            "Authorization": f"Basic {basic}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        reply = _call("POST", place, b"grant_type=client_credentials", headers)
        found = _json(reply) if reply.status == 200 else {}
        token = found.get("access_token") if isinstance(found, dict) else None
        if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN or not token.isprintable():
            told = f"{TOKENLESS} {reply.status}"
            raise CallFailed(told, wait=asked_wait(reply.headers, at=timezone.now()))
        cache.set(self._key(), token, _lifetime(found.get("expires_in")))
        return token

    def _token_endpoint(self) -> str:
        """From discovery, when that names one on the same host; else the usual place."""
        base = self.connection.auth_url or self.connection.base_url
        try:
            found = _json(_call("GET", f"{base}/.well-known/openid-configuration", b"", {}))
        except CallFailed:
            found = {}
        named = found.get("token_endpoint") if isinstance(found, dict) else None
        if isinstance(named, str) and urlsplit(named)[:2] == urlsplit(base)[:2]:
            return named
        return f"{base}/auth/token"

    def _send(
        self, method: str, url: str, token: str, body: bytes, content_type: str, seconds: float
    ) -> Reply:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if content_type:
            headers["Content-Type"] = content_type
        return _call(method, url, body, headers, seconds)

    def _forget(self) -> bool:
        return bool(cache.delete(self._key()))

    def _key(self) -> str:
        return f"partner-token:{self.connection.uuid}:{self.connection.version}"


def _call(
    method: str, url: str, body: bytes, headers: dict[str, str], seconds: float = outgoing.SECONDS
) -> Reply:
    began = time.monotonic()
    try:
        answer = outgoing.call(method, url, body=body, headers=headers, seconds=seconds)
    except outgoing.Unreachable as error:
        raise CallFailed(error.code) from error
    logger.info("%s %s: %s in %.3f s", method, urlsplit(url).netloc, answer.status, time.monotonic() - began)
    return Reply(answer.status, dict(answer.headers), answer.body)


def _json(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except ValueError:
        return {}


def _lifetime(stated: Any) -> int:
    seconds = int(stated) if isinstance(stated, int | float) and 0 < stated < 1e9 else LEAST_SECONDS
    return max(1, min(seconds, MOST_SECONDS) - EARLY_SECONDS)
