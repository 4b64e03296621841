"""The machines' gate: who got an access token, and who was refused one, is recorded."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from oauth2_provider.views import TokenView

from accounts.addresses import address_of
from accounts.audit import Action, record
from accounts.machines import credentials_of
from accounts.models import ServiceClient
from accounts.queries import actor_of_client, client_named, may_call_from
from accounts.refusals import Reason, note_refusal, why_refused

GRANT = "client_credentials"
"""The one way to a token; whoever asks for another is told so before the framework looks at it."""


class RecordedTokenView(TokenView):  # type: ignore[misc]
    """Client credentials in, an access token out."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As the framework answers, written down."""
        client = client_named(_asked_for(request)[0])
        is_elsewhere = client is not None and not may_call_from(client, address_of(request))
        response: HttpResponse
        if is_elsewhere:
            response = _unknown()
        elif request.POST.get("grant_type") != GRANT:
            response = JsonResponse({"error": "unsupported_grant_type"}, status=400)
        else:
            response = super().post(request, *args, **kwargs)
        if client is not None and response.status_code == 200:
            scope = json.loads(response.content).get("scope", "")
            record(actor_of_client(client), Action.TOKEN_ISSUED, "oauth_token", scope=scope)
        elif client is not None:
            reason = Reason.ELSEWHERE if is_elsewhere else _reason(request, client, response)
            note_refusal(request, client, reason, status=response.status_code)
        return response


def _unknown() -> HttpResponse:
    """As for a wrong secret: who calls from elsewhere learns nothing about it (RFC 6749, 5.2)."""
    return JsonResponse(
        {"error": "invalid_client"}, status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_client"'}
    )


def _reason(request: HttpRequest, client: ServiceClient, response: HttpResponse) -> Reason:
    return why_refused(client, _asked_for(request)[1]) if response.status_code == 401 else Reason.MALFORMED


def _asked_for(request: HttpRequest) -> tuple[str, str]:
    """The client's public id as the request names it, and its secret."""
    client_id, secret = credentials_of(request)
    return client_id.replace("\0", ""), secret
