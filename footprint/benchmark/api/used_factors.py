"""Which shared factors are used most over REST, for curators."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.asked import gate
from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from accounts.roles import Permission
from footprint.benchmark import queries


class UsedFactorSerializer(serializers.Serializer[Any]):
    """A version, and about how many lines of how many company groups take it."""

    factor_version = serializers.UUIDField(source="version.uuid")
    code = serializers.CharField(source="version.factor.code")
    number = serializers.IntegerField(source="version.number")
    status = serializers.CharField(source="version.status")
    lines = serializers.IntegerField(help_text="Rounded.")
    groups = serializers.CharField(help_text="How many company groups, as a band.")


class UsedFactorView(APIView):
    """Versions that enough company groups use for it to be told."""

    schema = ResourceSchema()

    @extend_schema(responses=UsedFactorSerializer(many=True), operation_id="factor_versions_used")
    def get(self, request: Request) -> Response:
        """As the latest count of the alliance found it, the most used first."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        gate(actor, Permission.PUBLISH_FACTOR)
        return Response(UsedFactorSerializer(queries.used_factors(actor), many=True).data)
