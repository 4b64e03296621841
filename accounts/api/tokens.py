"""The machines' gate: who got an access token, and who was refused one, is recorded."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from oauth2_provider.views import TokenView

from accounts.actor import Actor
from accounts.audit import Action, record, record_afterwards
from accounts.queries import actor_of_token, client_named


class RecordedTokenView(TokenView):  # type: ignore[misc]
    """Client credentials in, an access token out."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As the framework answers, written down."""
        response: HttpResponse = super().post(request, *args, **kwargs)
        if response.status_code == 200:
            answer = json.loads(response.content)
            actor = actor_of_token(answer["access_token"])
            if actor.is_known:
                record(actor, Action.TOKEN_ISSUED, "oauth_token", scope=answer.get("scope", ""))
        elif client := client_named(_asked_for(request)):
            more = {"company_id": client.company_id, "status": response.status_code}
            record_afterwards(request, Actor.nobody(), Action.TOKEN_REFUSED, client, **more)
        return response


def _asked_for(request: HttpRequest) -> str:
    """The client's public id as the request names it."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.POST.get("client_id", "")
    try:
        return base64.b64decode(credentials).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
