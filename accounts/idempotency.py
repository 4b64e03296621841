"""A POST that is sent again is done once: Idempotency-Key.

The key is inserted in the transaction of the write itself, so both are there or neither, whatever dies in
between. A second request with the key waits on the unique index for the first to end; then it gets the first
one's reply, or does the work if the first one came to nothing. A refused request leaves no key behind.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import cast

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.models import KeptReply
from accounts.problems import problem_reply
from accounts.rest.parsing import most_bytes

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_HEADERS = ("Content-Type", "ETag", "Location")
KEY = re.compile(r"[\x21-\x7e]{1,255}")
PATIENCE = "3s"
RETRY_SECONDS = "2"
INSERT = (
    "INSERT INTO accounts_keptreply (caller, key, digest, headers, body, created_at)"
    " VALUES (%s, %s, %s, '{}', '', %s) ON CONFLICT (caller, key) DO NOTHING RETURNING id"
)


class BadKey(Refusal):
    """The key is none."""

    code = "bad_idempotency_key"
    status = 400


class KeyUsed(Refusal):
    """The key belongs to another request."""

    code = "idempotency_key_used"
    status = 422


class InFlight(Refusal):
    """The first request with this key is still being answered."""

    code = "in_flight"
    status = 409


class IdempotencyMiddleware:
    """Answers a repeated POST of the REST interface with the first one's reply; inside the transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Do it, or tell what was answered when it was done."""
        key = request.headers.get(HEADER)
        actor: Actor = getattr(request, "actor", Actor.nobody())
        if key is None or request.method != "POST" or not _is_ours(request) or not actor.is_known:
            return self.get_response(request)
        try:
            return self._once(request, actor.signature, key)
        except Refusal as refusal:
            response = problem_reply(request, refusal)
            if isinstance(refusal, InFlight):
                response["Retry-After"] = RETRY_SECONDS
            return response

    def _once(self, request: HttpRequest, caller: str, key: str) -> HttpResponse:
        if not KEY.fullmatch(key):
            raise BadKey(_("An Idempotency-Key has 1 to 255 visible ASCII characters, as a UUID has."))
        digest = _digest(request)
        mine = _claim(caller, key, digest)
        if mine is None:
            return _replay(caller, key, digest)
        response = self.get_response(request)
        if response.status_code < 300:
            headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            KeptReply.objects.filter(pk=mine).update(
                status=response.status_code, headers=headers, body=_kept_body(response)
            )
        return response


def _kept_body(response: HttpResponse) -> bytes:
    """What a repeated request is told: of a secret that is shown once, only that it was done."""
    return b"" if "no-store" in response.get("Cache-Control", "") else response.content


def _is_ours(request: HttpRequest) -> bool:
    """A body that is refused for its length needs no memory of it."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return False
    return request.path.startswith("/api/") and length <= most_bytes(request.path)


def _digest(request: HttpRequest) -> str:
    asked = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(asked + request.body).hexdigest()


def _claim(caller: str, key: str, digest: str) -> int | None:
    """The row of a new key; None when the key was used. Waits for a transaction that is using it.

    Raises:
        InFlight: it takes too long.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            before = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            cursor.execute(INSERT, [caller, key, digest, timezone.now()])
            found = cursor.fetchone()
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            message = _("The first request with this Idempotency-Key is still at work. Ask again.")
            raise InFlight(message) from error
        raise
    return found[0] if found else None


def _replay(caller: str, key: str, digest: str) -> HttpResponse:
    kept = KeptReply.objects.get(caller=caller, key=key)
    if kept.digest != digest:
        raise KeyUsed(
            _("This Idempotency-Key was sent with another request. Take a new key for a new request.")
        )
    response = HttpResponse(bytes(kept.body), status=cast(int, kept.status))
    for name, value in kept.headers.items():
        response[name] = value
    response[REPLAYED] = "true"
    return response
