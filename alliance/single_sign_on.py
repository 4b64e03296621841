"""Single sign-on: an identity provider says who somebody is; only a person we know already comes in."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest

from accounts.models import User


class KnownPeopleOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Opens no accounts. The first time, a person is found by the address the provider has verified."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Bind the identity to the person of that address, once and for all."""
        if sociallogin.is_existing:
            return
        verified = (one.email.lower() for one in sociallogin.email_addresses if one.verified is True)
        person = User.objects.filter(email__in=list(verified), is_active=True).first()
        if person is not None:
            sociallogin.connect(request, person)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """People come in by invitation."""
        return False


class VerifyingProvider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """As the library's, and the signature of the ID token is verified, whichever way it came."""

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        return claims
