"""Own reduction targets over REST: the target, the path, where one stands on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from footprint.benchmark.paths import Path, path_of
from footprint.inventory import queries as products

BY_YEAR = {"type": "object", "additionalProperties": {"type": "number"}}


class TargetSerializer(serializers.Serializer[Any]):
    """A straight path from the base year to the target, kg CO2e per unit; null: no target was set."""

    base_year = serializers.IntegerField(source="target.base_year", allow_null=True, default=None)
    target_year = serializers.IntegerField(source="target.target_year", allow_null=True, default=None)
    percent = serializers.DecimalField(
        source="target.percent", max_digits=5, decimal_places=2, allow_null=True, default=None
    )
    own_kg_co2e = serializers.SerializerMethodField(
        help_text="Own figures by year, as they were frozen for comparisons."
    )
    path_kg_co2e = serializers.SerializerMethodField(
        help_text="The path by year; empty without an own figure of the base year."
    )
    latest_year = serializers.IntegerField(source="latest", allow_null=True)
    above_path = serializers.FloatField(
        source="ahead", allow_null=True, help_text="Of the latest own figure, as a share; negative: below."
    )

    @extend_schema_field(BY_YEAR)
    def get_own_kg_co2e(self, path: Path) -> dict[str, float]:
        """By year."""
        return {str(year): kg for year, kg in sorted(path.own.items())}

    @extend_schema_field(BY_YEAR)
    def get_path_kg_co2e(self, path: Path) -> dict[str, float]:
        """By year."""
        planned = {year: path.planned(year) for year in path.years}
        return {str(year): kg for year, kg in planned.items() if kg is not None}


class TargetView(APIView):
    """What an own product's footprint is to come down to."""

    schema = ResourceSchema()

    @extend_schema(responses=TargetSerializer, operation_id="products_target")
    def get(self, request: Request, uuid: UUID) -> Response:
        """The target and its path; of a product of one's own company."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        product = products.product(actor, uuid)
        if product is None or product.company_id not in actor.company_ids:
            raise Http404
        return Response(TargetSerializer(path_of(actor, product)).data)
