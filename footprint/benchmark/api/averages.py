"""The alliance's averages over REST, told to every member; as factors, for curators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from factors.api.serializers import FactorVersionSerializer
from footprint.benchmark import queries
from footprint.benchmark.actions.average import publish_average


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


class AverageFactorView(APIView):
    """The mean of a released comparison as a factor."""

    schema = ResourceSchema()

    @extend_schema(
        request=None,
        responses={201: FactorVersionSerializer},
        operation_id="benchmark_release_average",
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Publish it as a version of the category's alliance average; for curators."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        found = queries.release(actor, uuid)
        if found is None:
            raise Http404
        made = publish_average(found, by=actor)
        return Response(FactorVersionSerializer(made).data, status=status.HTTP_201_CREATED)
