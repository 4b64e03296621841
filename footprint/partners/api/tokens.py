"""Tokens for partners' systems (RFC 6749, 4.4), and where they are got."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from accounts.addresses import address_of
from accounts.limiting import place_of
from accounts.limits import count, limit_named
from accounts.machines import credentials_of
from footprint.partners import actions
from footprint.partners.actions.connecting import TOKEN_SECONDS
from footprint.partners.entrance import not_implemented

SCOPES = ("footprint:list", "footprint:read")
FORM = "application/x-www-form-urlencoded"
STATUS = {"invalid_client": 401, "slow_down": 429}


def token(request: HttpRequest) -> HttpResponse:
    """Client credentials in, an access token out; errors as RFC 6749 words them."""
    if request.method != "POST":
        raise not_implemented(request, "Tokens are got by POST.")
    limit = limit_named("token")
    if limit is not None and not count(limit, f"partner {place_of(request)}").is_admitted:
        return _refused("slow_down", "Too many attempts. Try again in a minute.")
    if (request.content_type or "").lower() != FORM:
        return _refused("invalid_request", "Send the request as application/x-www-form-urlencoded.")
    kinds = request.POST.getlist("grant_type")
    if len(kinds) != 1:
        return _refused("invalid_request", "Name one grant_type.")
    if kinds != ["client_credentials"]:
        return _refused("unsupported_grant_type", "Only client_credentials is offered.")
    asked = request.POST.get("scope", "").split() or list(SCOPES)
    if not set(asked) <= set(SCOPES):
        return _refused("invalid_scope", f"The scopes are {' '.join(SCOPES)}.")
    client_id, secret = credentials_of(request)
    scope = " ".join(dict.fromkeys(asked))
    address = address_of(request)
    issued = actions.issue_token(client_id, secret, scope=scope, at=timezone.now(), address=address)
    if issued is None:
        actions.note_refused_token(client_id, secret, address=address)
        return _refused("invalid_client", "Id and secret do not belong together.")
    told = {"access_token": issued, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, "scope": scope}
    return JsonResponse(told, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def _refused(code: str, why: str) -> HttpResponse:
    status = STATUS.get(code, 400)
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="pact"'
    return JsonResponse({"error": code, "error_description": why}, status=status, headers=headers)


def discovery(request: HttpRequest) -> HttpResponse:
    """Where the token endpoint is, on the host that was asked."""
    base = request.build_absolute_uri("/").rstrip("/")
    return JsonResponse(
        {
            "issuer": base,
            "token_endpoint": f"{base}/auth/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "scopes_supported": list(SCOPES),
        }
    )
