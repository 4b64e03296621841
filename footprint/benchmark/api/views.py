"""Product categories and released benchmarks over REST: read only."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.rest.fields import AmountField
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.resources import Resource
from accounts.rest.schema import ResourceSchema
from footprint.benchmark import queries
from footprint.engine.disclosure.statistics import Standing as Position
from footprint.rules.models import ProductCategory


class CategorySerializer(serializers.ModelSerializer[ProductCategory]):
    """A key product of the chain."""

    plausible_low = AmountField(allow_null=True)
    plausible_high = AmountField(allow_null=True)

    class Meta:
        model = ProductCategory
        fields = (
            "uuid",
            "code",
            "name_zh",
            "name_en",
            "unit",
            "cpc_code",
            "hs_code",
            "plausible_low",
            "plausible_high",
            "plausible_source",
        )


class CategoryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What categories can be narrowed by."""

    code = django_filters.CharFilter()
    cpc_code = django_filters.CharFilter()
    hs_code = django_filters.CharFilter()


class CategoryView(Resource):
    """Product categories of the alliance."""

    serializer_class = CategorySerializer
    filterset_class = CategoryFilter
    lookup_field = "code"
    lookup_value_converter = "slug"
    ordering_fields = ("position", "code", "name_en", "name_zh")

    def rows(self, actor: Actor) -> QuerySet[ProductCategory]:
        """All of them."""
        everything = ProductCategory.objects.all()
        return everything if actor.is_known else everything.none()

    def retrieve(self, request: Request, code: str) -> Response:  # type: ignore[override]
        """One category, by its code."""
        return self.answer(self.found(code))


class StandingSerializer(serializers.Serializer[Any]):
    """Own figure against the released median of a category in a year, kg CO2e per unit of the category."""

    category = serializers.CharField(source="category.code")
    unit = serializers.CharField(source="category.unit")
    year = serializers.IntegerField()
    own_kg_co2e_ar6 = serializers.FloatField(source="own", allow_null=True)
    median_kg_co2e_ar6 = serializers.FloatField(
        source="median", allow_null=True, help_text="null: not released, or no own figure is contributed."
    )
    position = serializers.ChoiceField([position.value for position in Position], allow_null=True)
    groups = serializers.CharField(
        source="release.size", allow_null=True, default=None, help_text="How many groups, as a band."
    )
    released_at = serializers.DateTimeField(source="release.released_at", allow_null=True, default=None)


class BenchmarkView(APIView):
    """Benchmarks: released figures only, beside one's own."""

    schema = ResourceSchema()

    @extend_schema(
        responses=StandingSerializer(many=True),
        operation_id="benchmarks_list",
        parameters=[OpenApiParameter("category", str, description="Code of the category.")],
    )
    def get(self, request: Request) -> Response:
        """Every category and year in which there is something to say."""
        refuse_unknown_parameters(request, ("category",))
        actor = actor_in(request)
        code = request.query_params.get("category")
        chosen = ProductCategory.objects.filter(code=code).first() if code else None
        found = queries.standings(actor, chosen) if chosen or not code else []
        told = [each for each in found if each.own is not None or each.release is not None]
        return Response(StandingSerializer(told, many=True).data)
