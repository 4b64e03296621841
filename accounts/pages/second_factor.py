"""Adding and removing second factors: as the library does it, and every other session of the person ends."""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.second_factor import may_remove
from accounts.sessions import end_sessions


class EndsOtherSessions:
    """What another session knew of the person does not hold any more."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """In the same transaction as the change."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        end_sessions(cast(User, self.request.user), request=self.request)
        return response


class ActivateApp(EndsOtherSessions, ActivateTOTPView):  # type: ignore[misc]
    """An authenticator app is added."""


class DeactivateApp(EndsOtherSessions, DeactivateTOTPView):  # type: ignore[misc]
    """The authenticator app is removed."""


class AddKey(EndsOtherSessions, AddWebAuthnView):  # type: ignore[misc]
    """A security key is added."""


class RemoveKey(EndsOtherSessions, RemoveWebAuthnView):  # type: ignore[misc]
    """A security key is removed, unless the person needs it."""

    def form_valid(self, form: Any) -> HttpResponse:
        """As for the app, which the library asks about by itself."""
        key: Authenticator = self.get_object()
        if not may_remove(cast(User, self.request.user), key):
            raise PermissionDenied(
                _("Your roles need a second factor. Add another one before you remove this.")
            )
        return super().form_valid(form)


class NewRecoveryCodes(EndsOtherSessions, GenerateRecoveryCodesView):  # type: ignore[misc]
    """The former recovery codes are worth nothing."""
