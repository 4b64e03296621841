"""The machines' gate: who got an access token, and who was refused one, is recorded."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from oauth2_provider.views import TokenView

from accounts.actor import Actor
from accounts.addresses import address_of
from accounts.audit import Action, record, record_afterwards
from accounts.machines import basic_credentials
from accounts.queries import actor_of_client, client_named, client_of_token, may_call_from


class RecordedTokenView(TokenView):  # type: ignore[misc]
    """Client credentials in, an access token out."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As the framework answers, written down."""
        client, address = client_named(_asked_for(request)), address_of(request)
        is_elsewhere = client is not None and not may_call_from(client, address)
        response: HttpResponse = _unknown() if is_elsewhere else super().post(request, *args, **kwargs)
        if response.status_code == 200:
            answer = json.loads(response.content)
            if issued := client_of_token(answer["access_token"]):
                actor = actor_of_client(issued)
                record(actor, Action.TOKEN_ISSUED, "oauth_token", scope=answer.get("scope", ""))
        elif client is not None:
            more = {"company_id": client.company_id, "status": response.status_code, "address": str(address)}
            record_afterwards(request, Actor.nobody(), Action.TOKEN_REFUSED, client, **more)
        return response


def _unknown() -> HttpResponse:
    """As for a wrong secret: who calls from elsewhere learns nothing about it (RFC 6749, 5.2)."""
    return JsonResponse(
        {"error": "invalid_client"}, status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_client"'}
    )


def _asked_for(request: HttpRequest) -> str:
    """The client's public id as the request names it."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    named = (
        request.POST.get("client_id", "") if scheme.lower() != "basic" else basic_credentials(credentials)[0]
    )
    return named.replace("\0", "")
