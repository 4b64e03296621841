"""To the identity provider and back."""

from __future__ import annotations

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

from alliance.single_sign_on import VerifyingProvider


def sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider."""
    return _through(OAuth2LoginView, request, provider_id)


def sign_on_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from it, with a code for an ID token."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: type[OAuth2LoginView], request: HttpRequest, provider_id: str) -> HttpResponse:
    asking = VerifyingProvider(request, provider_id)
    answer: HttpResponse
    try:
        answer = view.adapter_view(asking)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException) as error:  # the provider is away, or another
        answer = render_authentication_error(request, asking.get_provider(), exception=error)
    return answer
