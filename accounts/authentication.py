"""Who calls the REST interface: a machine with a bearer token, or a person with a session.

The middleware has already found out (``request.actor``); nothing here asks a second time who it is.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AccessToken
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.actor import Actor

CHALLENGE = 'Bearer realm="api"'
WRITE = "write"


class Machine:
    """Stands where the framework expects a user; what it may do is asked of the actor."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    pk = None

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def __str__(self) -> str:
        return self.actor.name


class ActorAuthentication(SessionAuthentication):
    """The actor the middleware found. People write with a CSRF token, machines with a token for writing."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The person or machine, or None for nobody."""
        actor = actor_in(request)
        bearer = _bearer(request._request)
        if bearer and actor.client_id is None:
            raise exceptions.AuthenticationFailed(_("The access token is unknown, expired or switched off."))
        if actor.client_id is not None:
            if request.method not in SAFE_METHODS and not _may_write(bearer):
                raise exceptions.PermissionDenied(_("This access token was issued for reading only."))
            return Machine(actor), bearer
        if actor.user_id is None:
            return None
        if actor.awaits_second_factor:
            raise exceptions.PermissionDenied(
                _("Your role needs a second factor. Add one on the page of your account.")
            )
        self.enforce_csrf(request)
        return request._request.user, None

    def authenticate_header(self, request: Request) -> str:
        """Answering with a challenge makes the status 401 and not 403."""
        return f'{CHALLENGE}, error="invalid_token"' if _bearer(request._request) else CHALLENGE


class IsKnown(BasePermission):
    """Signed in, as a person or as a machine; what each may do is decided by queries and actions."""

    message = _("Please sign in, or send an access token.")

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether anybody is there."""
        return actor_in(request).is_known


def actor_in(request: Request) -> Actor:
    """Who is asking."""
    actor: Actor = getattr(request._request, "actor", Actor.nobody())
    return actor


def _bearer(request: HttpRequest) -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _may_write(token: str) -> bool:
    checksum = hashlib.sha256(token.encode()).hexdigest()
    scopes = AccessToken.objects.filter(token_checksum=checksum).values_list("scope", flat=True).first()
    return WRITE in (scopes or "").split()
