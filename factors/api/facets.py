"""The values versions can be narrowed by over REST, as the page offers them beside its list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from factors import queries
from factors.models import Factor, FactorVersion, Source
from factors.models.source import Transcription
from factors.search import FACETS, facets
from factors.search_words import LONGEST_QUESTION

LONGEST = 200


class FacetValueSerializer(serializers.Serializer[Any]):
    """One value, and how many versions have it; null where there are too many to count."""

    value = serializers.CharField()
    versions = serializers.IntegerField(allow_null=True)


class FacetSerializer(serializers.Serializer[Any]):
    """Values of one kind, the most frequent first; of a chosen one the others stay on offer."""

    name = serializers.ChoiceField(list(FACETS))
    values = FacetValueSerializer(many=True)


class FacetsAsked(serializers.Serializer[Any]):
    """What is searched for, and what is chosen already."""

    search = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_QUESTION)
    status = serializers.ChoiceField(
        FactorVersion.Status.choices, required=False, default=FactorVersion.Status.PUBLISHED.value
    )
    kind = serializers.ChoiceField(Factor.Kind.choices, required=False)
    boundary = serializers.ChoiceField(FactorVersion.Boundary.choices, required=False)
    scope = serializers.ChoiceField(FactorVersion.Scope.choices, required=False)
    transcription = serializers.ChoiceField(Transcription.choices, required=False)
    redistribution = serializers.ChoiceField(Source.Redistribution.choices, required=False)
    year = serializers.IntegerField(required=False, min_value=1900, max_value=2200)
    geography = serializers.CharField(required=False, max_length=LONGEST)
    technology = serializers.CharField(required=False, max_length=LONGEST)
    category = serializers.CharField(required=False, max_length=LONGEST)
    cpc = serializers.CharField(required=False, max_length=LONGEST)
    hs = serializers.CharField(required=False, max_length=LONGEST)
    source = serializers.CharField(required=False, max_length=LONGEST)  # type: ignore[assignment]


class FacetsView(APIView):
    """What a search of versions can be narrowed by."""

    schema = ResourceSchema()

    @extend_schema(
        responses=FacetSerializer(many=True),
        parameters=[FacetsAsked],
        operation_id="factor_version_facets",
    )
    def get(self, request: Request) -> Response:
        """Each facet with its values among what is found; of published versions unless asked otherwise."""
        refuse_unknown_parameters(request, FacetsAsked().fields)
        asked = FacetsAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        wanted = {name: given.pop(name, "") for name in ("search", "status")}
        actor = actor_in(request)

        def narrowed(chosen: Mapping[str, object]) -> QuerySet[FactorVersion]:
            return queries.factors_for(actor, **{**wanted, **chosen})

        found = facets(narrowed, given)
        told = [{"name": name, "values": found[name]} for name in FACETS if found[name]]
        return Response(FacetSerializer(told, many=True).data)
