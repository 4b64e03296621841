"""Own reduction targets over REST: the target, the path, where one stands on it; set, changed, dropped."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import actor_in
from accounts.rest.fields import AmountField, Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from accounts.rest.versions import check_tag, digest_etag
from footprint.benchmark import actions
from footprint.benchmark.actions.target import FIRST, LAST
from footprint.benchmark.models import ReductionTarget
from footprint.benchmark.paths import Path, path_of
from footprint.inventory import queries as products
from footprint.inventory.models import Product

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


class TargetWriting(Writing):
    """So many per cent less by a year than in another."""

    base_year = serializers.IntegerField(min_value=FIRST, max_value=LAST)
    target_year = serializers.IntegerField(min_value=FIRST, max_value=LAST)
    percent = AmountField(help_text="Above 0, up to 100; two decimals are kept.")


class TargetView(APIView):
    """What an own product's footprint is to come down to; for the company alone."""

    schema = ResourceSchema()

    @extend_schema(responses=TargetSerializer, operation_id="products_target")
    def get(self, request: Request, uuid: UUID) -> Response:
        """The target and its path; of a product of one's own company."""
        refuse_unknown_parameters(request, ())
        return _answer(request, _own(request, uuid))

    @extend_schema(
        request=TargetWriting, responses={201: TargetSerializer}, operation_id="products_target_create"
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Set the first target; refused where there is one."""
        product = _own(request, uuid)
        actions.add_target(product, by=actor_in(request), at=timezone.now(), **_given(request))
        return _answer(request, product, status.HTTP_201_CREATED)

    @extend_schema(
        request=TargetWriting, responses=TargetSerializer, operation_id="products_target_partial_update"
    )
    def patch(self, request: Request, uuid: UUID) -> Response:
        """Change it, from the state in If-Match; what is not sent stays."""
        product = _own(request, uuid)
        check_tag(request, _tag(request, product))
        given = _given(request, partial=True)
        actions.change_target(product, by=actor_in(request), at=timezone.now(), **given)
        return _answer(request, product)

    @extend_schema(responses={204: None}, operation_id="products_target_destroy")
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Drop it, from the state in If-Match."""
        product = _own(request, uuid)
        check_tag(request, _tag(request, product))
        actions.drop_target(product, by=actor_in(request), must_exist=True)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _own(request: Request, uuid: UUID) -> Product:
    """A product of one's own company; any other does not exist here."""
    actor = actor_in(request)
    product = products.product(actor, uuid)
    if product is None or product.company_id not in actor.company_ids:
        raise Http404
    return product


def _given(request: Request, *, partial: bool = False) -> dict[str, Any]:
    body = TargetWriting(data=request.data, partial=partial)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _tag(request: Request, product: Product) -> str:
    """Of what was set, not of where one stands: figures that come in clash with nobody."""
    found = ReductionTarget.objects.visible_to(actor_in(request)).filter(product=product)
    return digest_etag(list(found.values("base_year", "target_year", "percent")))


def _answer(request: Request, product: Product, code: int = status.HTTP_200_OK) -> Response:
    shown = TargetSerializer(path_of(actor_in(request), product)).data
    return Response(shown, status=code, headers={"ETag": _tag(request, product)})
