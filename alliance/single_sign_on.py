"""Single sign-on: an identity provider says who somebody is; only a person we know already comes in."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

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


class AskingProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """As the library's, and each question has a nonce besides the state and the proof key."""

    def get_oauth2_adapter(self, request: HttpRequest) -> VerifyingProvider:
        return VerifyingProvider(request, self.app.provider_id)

    def get_pkce_params(self) -> dict[str, Any]:
        """The nonce is made of the proof key, which this session keeps and the browser never sees."""
        asked: dict[str, Any] = super().get_pkce_params()
        return {**asked, "nonce": _nonce(asked["code_verifier"])}


class VerifyingProvider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """As the library's, and the ID token is one that answers this question, signed, whichever way it came."""

    def get_provider(self) -> AskingProvider:
        return AskingProvider(self.request, app=super().get_provider().app)

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself.

        Raises:
            OAuth2Error: it is another than was asked (OpenID Connect Discovery 1.0, 4.3).
        """
        told: dict[str, Any] = super().openid_config
        ours = self.get_provider().app.settings["server_url"].partition("/.well-known/")[0]
        if str(told.get("issuer")).rstrip("/") != ours.rstrip("/"):
            raise OAuth2Error("the provider has another issuer than OIDC_ISSUER")
        return told

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        self._asked = _nonce(pkce_code_verifier or "")
        told: dict[str, Any] = super().get_access_token_data(request, app, client, pkce_code_verifier)
        return told

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Who they are.

        Raises:
            OAuth2Error: no ID token, or a false one; or the rest is told of somebody else (OpenID Connect
                Core 1.0, 3.1.3.7 and 5.3.2).
        """
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        login = super().complete_login(request, app, token, **kwargs)
        told = login.account.extra_data
        if told["userinfo"].get("sub") != told["id_token"]["sub"]:
            raise OAuth2Error("userinfo is about somebody else")
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
                verify_signature=True,
            )
        except (KeyError, TypeError, ValueError) as error:  # it names no key, or another kind than the key is
            raise OAuth2Error("an id_token that cannot be verified") from error
        if not constant_time_compare(str(claims.get("nonce", "")), self._asked):
            raise OAuth2Error("the id_token answers another question")
        return claims


def _nonce(code_verifier: str) -> str:
    return hashlib.sha256(f"nonce of {code_verifier}".encode()).hexdigest()
