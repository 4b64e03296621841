"""The way in for partners' systems: no session, no form, no page; every error as PACT words it.

These addresses are answered before the rest of the middleware, over TLS alone. Whatever goes wrong below,
also inside the framework, leaves as ``{"code", "message"}`` with nothing of ours in it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import tracing
from accounts.actor import Actor
from accounts.addresses import address_of, may_come_from
from accounts.errors import AWAY
from accounts.limits import count, limit_named
from accounts.refusals import Reason, checksum_of
from accounts.visibility import acting_as, rows
from footprint.partners import actions
from footprint.partners.asked_sql import CALLER
from footprint.partners.pact import values

logger = logging.getLogger(__name__)
PLACES = ("/2/", "/3/", "/auth/")
DISCOVERY = "/.well-known/openid-configuration"
STATUS = {
    "BadRequest": 400,
    "AccessDenied": 403,
    "NotFound": 404,
    "NoSuchFootprint": 404,
    "TokenExpired": 401,
    "InternalError": 500,
    "NotImplemented": 501,
}
REFUSED = (400, 401, 403, 429)
"""Answers that the audit log of the company is told of."""
RESOLVED = lru_cache(maxsize=64)(resolve)
"""The few addresses asked again and again; what is not there is looked for each time."""
CHALLENGE = 'Bearer realm="pact", error="invalid_token"'


class PactError(Exception):
    """An answer of one of PACT's codes."""

    def __init__(
        self, code: str, message: str, *, status: int | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message = code, message
        self.status = status or STATUS[code]
        self.headers = headers or {}


@dataclass(frozen=True)
class Caller:
    """The partner's system behind a token, and whose connection it is."""

    actor: Actor
    company_id: int
    partner_company_id: int | None


class PartnersMiddleware:
    """Answers the addresses of PACT, passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or pass on."""
        path = request.path_info
        if not f"{path}/".startswith(PLACES) and path != DISCOVERY:
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            return _answered(request)


def _answered(request: HttpRequest) -> HttpResponseBase:
    try:
        if not request.is_secure():
            raise PactError("AccessDenied", _("These addresses are reached over HTTPS alone."))
        request.get_host()  # a name that is not ours is refused before anything else
        found = RESOLVED(request.path_info)
        request.resolver_match = found
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return response
    except PactError as error:
        return error_reply(error)
    except Resolver404:
        return error_reply(PactError(not_found_code(request), _("There is nothing at this address.")))
    except SuspiciousOperation:
        return error_reply(PactError("BadRequest", _("The request cannot be read.")))
    except AWAY:
        logger.exception("the database is away")
        message = _("The database is away for a moment. Repeat the request.")
        return error_reply(PactError("InternalError", message, status=503, headers={"Retry-After": "2"}))
    except Exception:
        logger.exception("unexpected error at %s", request.path_info)
        return error_reply(PactError("InternalError", _("The error was recorded. Nothing was changed.")))


def error_reply(error: PactError) -> HttpResponse:
    """The body of an error."""
    body = {"code": error.code, "message": error.message}
    return JsonResponse(body, status=error.status, headers=error.headers)


def version_of(request: HttpRequest) -> int:
    """Which PACT the address speaks."""
    return 2 if f"{request.path_info}/".startswith("/2/") else 3


def not_found_code(request: HttpRequest) -> str:
    """What version 3 calls NotFound, version 2 calls otherwise."""
    return "NoSuchFootprint" if version_of(request) == 2 else "NotFound"


def not_implemented(request: HttpRequest, message: str) -> PactError:
    """With 501, in version 2 with 400."""
    return PactError("NotImplemented", message, status=400 if version_of(request) == 2 else 501)


View = Callable[..., HttpResponse]


def for_partners(*methods: str) -> Callable[[View], View]:
    """A view of these methods, run in one transaction as the partner that calls.

    The caller is who the token says, whatever the request says besides. An error rolls everything back, and
    only then the audit log is told who was turned away.
    """

    def made(view: View) -> View:
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                raise not_implemented(request, _("This method is not offered here."))
            caller = caller_of(request, at=timezone.now())
            try:
                _refuse_too_many(caller)
                with acting_as(caller.actor, request_id=tracing.request_id(tracing.current().request)):
                    return view(request, caller, *args, **kwargs)
            except PactError as error:
                _note_denied(request, caller, error)
                raise

        return answer

    return made


def caller_of(request: HttpRequest, *, at: datetime) -> Caller:
    """The partner behind the bearer token. Raises PactError."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else ""
    found = rows(CALLER, [checksum_of(token)]) if token else []
    if not found or found[0][-1] <= at:
        raise _worthless(request, token, at=at)
    pk, uuid, company_id, partner_id, name, networks, _expires = found[0]
    if not may_come_from(address_of(request), networks):
        actions.note_elsewhere(uuid, company_id=company_id, address=str(address_of(request)))
        raise _unknown(request)
    return Caller(Actor(name=name, uuid=uuid, partner_id=pk), company_id, partner_id)


def _worthless(request: HttpRequest, token: str, *, at: datetime) -> PactError:
    reason = actions.note_worthless_token(token, address=str(address_of(request)), at=at) if token else None
    if reason is Reason.EXPIRED:
        message = _("The access token has expired. Get a new one.")
        return PactError("TokenExpired", message, headers={"WWW-Authenticate": CHALLENGE})
    return _unknown(request)


def _unknown(request: HttpRequest) -> PactError:
    """The same to whoever calls from elsewhere, who learns nothing about the token."""
    status = 400 if version_of(request) == 2 else 401
    message = _("The access token is missing, unknown or switched off.")
    return PactError("BadRequest", message, status=status, headers={"WWW-Authenticate": CHALLENGE})


def _note_denied(request: HttpRequest, caller: Caller, error: PactError) -> None:
    """What does not exist, or is not offered, was no attempt at what is closed."""
    if error.status in REFUSED:
        named = (request.resolver_match.kwargs if request.resolver_match else {}).get("pf_id", "")
        actions.note_denied(
            caller.actor,
            company_id=caller.company_id,
            status=error.status,
            about=[UUID(named)] if values.UUID.fullmatch(named) else [],
            method=request.method,
            path=request.path[:500],
            address=str(address_of(request)),
        )


def _refuse_too_many(caller: Caller) -> None:
    limit = limit_named("partner")
    if limit is None:
        return
    counted = count(limit, caller.actor.signature)
    if not counted.is_admitted:
        headers = {"Retry-After": str(counted.seconds_left)}
        raise PactError("BadRequest", _("Too many requests. Ask again later."), status=429, headers=headers)
