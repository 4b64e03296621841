"""The second factor: who needs one, who has one, and what its secrets lie under."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import Action, record
from accounts.models import User
from accounts.queries import actor_of_user, has_second_factor

OPEN = (
    "/accounts/",
    "/account/",
    "/invitations/",
    "/i18n/",
    "/api/",
    "/.well-known/",
    "/static/",
    "/healthz",
)
"""Where a person may go without the second factor that is asked of them; /api/ refuses by itself."""


class SecondFactorMiddleware:
    """Leads whoever lacks the second factor their roles need to the page where it is added."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """There, or on."""
        actor: Actor = getattr(request, "actor", Actor.nobody())
        if actor.awaits_second_factor and not request.path.startswith(OPEN):
            return redirect("accounts:account")
        return self.get_response(request)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps secrets encrypted, and the last factor of a person whose roles need one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Your roles need a second factor. Add another one before you remove this."
        ),
    }

    def get_totp_issuer(self) -> str:
        """What the authenticator app shows beside the address."""
        return "Footprint Alliance"

    def encrypt(self, text: str) -> str:
        """Under a key derived from the secret key."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Under that key or a former one."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who needs one."""
        return may_remove(authenticator.user, authenticator)


def record_failure(user: User, **more: Any) -> None:
    """A wrong code comes after a right password: it is told to the person's companies."""
    companies: set[int | None] = {holding.company_id for holding in actor_of_user(user).holdings}
    for company_id in companies or {None}:
        record(Actor.nobody(), Action.SIGN_IN_FAILED, user, company_id=company_id, reason="second factor")


def may_remove(person: User, factor: Authenticator) -> bool:
    """Whether the person would still have what their roles need."""
    if not settings.SECOND_FACTOR_REQUIRED or not actor_of_user(person).is_privileged:
        return True
    return has_second_factor(person, but=factor.pk)


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived: list[Any] = [hashlib.sha256(b"second factor\n" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
