"""When a person has mail about what, over REST."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import queries
from accounts.actions import choose_mail
from accounts.authentication import actor_in
from accounts.models import Kind, Mail
from accounts.rest.fields import Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from accounts.rest.versions import check_digest, digest_etag


class MailSerializer(Writing):
    """A time for each kind of notification."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """One of each kind."""
        return {kind.value: serializers.ChoiceField(Mail.choices) for kind in Kind}


class MailSettingsView(APIView):
    """The caller's own choices; machines get no mail."""

    schema = ResourceSchema()

    @extend_schema(responses=MailSerializer, operation_id="notification_settings")
    def get(self, request: Request) -> Response:
        """The time of every kind, chosen or usual."""
        refuse_unknown_parameters(request, ())
        return _answer(request)

    @extend_schema(
        request=MailSerializer, responses=MailSerializer, operation_id="notification_settings_partial_update"
    )
    def patch(self, request: Request) -> Response:
        """Choose anew; kinds that are not named stay as they are."""
        check_digest(request, queries.mail_choices(actor_in(request)))
        body = MailSerializer(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        choose_mail(body.validated_data, by=actor_in(request))
        return _answer(request)


def _answer(request: Request) -> Response:
    """The choices; their tag is made of them."""
    chosen = queries.mail_choices(actor_in(request))
    return Response(chosen, headers={"ETag": digest_etag(chosen)})
