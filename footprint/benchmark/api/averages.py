"""The alliance's averages over REST: read only, told to every member."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from footprint.benchmark import queries


class AverageSerializer(serializers.Serializer[Any]):
    """A mean by volume that passed its gates, rounded as it was released."""

    category = serializers.CharField(source="category.code")
    unit = serializers.CharField()
    kg_co2e = serializers.DecimalField(max_digits=None, decimal_places=None, help_text="Per unit.")
    year = serializers.IntegerField()
    technology = serializers.CharField(help_text="Empty: every route.")
    region = serializers.CharField(help_text="Empty: everywhere.")
    profile = serializers.CharField(source="profile_version.profile.code")
    groups = serializers.CharField(help_text="How many groups, as a band.")
    release = serializers.UUIDField()
    epoch = serializers.CharField()


class AverageView(APIView):
    """Averages of the alliance by category."""

    schema = ResourceSchema()

    @extend_schema(responses=AverageSerializer(many=True), operation_id="benchmark_averages_list")
    def get(self, request: Request) -> Response:
        """Of each comparison that has one, the one of its latest release."""
        refuse_unknown_parameters(request, ())
        return Response(AverageSerializer(queries.released_averages(actor_in(request)), many=True).data)
