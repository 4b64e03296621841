"""How far the recalculation is, over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import ResourceSchema
from footprint.calculation.queries import failure_text, ledger_state, own_failures, product_figures
from footprint.inventory.models import Product, UnitProcess

MOST = 100


class FailedColumnSerializer(serializers.Serializer[Any]):
    """An own product without a figure, and why."""

    footprint = serializers.UUIDField()
    process = serializers.UUIDField()
    process_code = serializers.CharField()
    product = serializers.UUIDField()
    product_code = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class BrokenSerializer(serializers.Serializer[Any]):
    """An own process whose calculation broke unexpectedly; it is tried again, then waits for an operator."""

    process = serializers.UUIDField()
    process_code = serializers.CharField()
    attempts = serializers.IntegerField()
    is_quarantined = serializers.BooleanField()


class ProductFreshnessSerializer(serializers.Serializer[Any]):
    """Whether the latest figure of a product that was asked for is up to date."""

    product = serializers.UUIDField()
    freshness = serializers.CharField(allow_null=True, help_text="null: there is no figure yet.")


class RecomputeSerializer(serializers.Serializer[Any]):
    """What waits, since when, and what is wrong with one's own."""

    pending = serializers.IntegerField(help_text="Processes that wait, of all members.")
    oldest = serializers.DateTimeField(allow_null=True)
    failed = FailedColumnSerializer(many=True)
    broken = BrokenSerializer(many=True)
    products = ProductFreshnessSerializer(many=True)


class RecomputeView(APIView):
    """Recompute status: poll it after a write until ``pending`` is 0, or ask for single products."""

    schema = ResourceSchema()

    @extend_schema(
        responses=RecomputeSerializer,
        operation_id="recompute_retrieve",
        parameters=[
            OpenApiParameter("product", UUID, many=True, description="Products to be told of, at most 100.")
        ],
    )
    def get(self, request: Request) -> Response:
        """As of now."""
        refuse_unknown_parameters(request, ("product",))
        actor = actor_in(request)
        state = ledger_state(actor)
        body = {
            "pending": state.pending,
            "oldest": state.oldest,
            "failed": _failed(actor),
            "broken": _broken(actor, state.broken),
            "products": _products(actor, request.query_params.getlist("product")),
        }
        return Response(RecomputeSerializer(body).data)


def _failed(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "footprint": figure.uuid,
            "process": figure.process.uuid,
            "process_code": figure.process.code,
            "product": figure.product.uuid,
            "product_code": figure.product.code,
            "code": figure.error.get("code", "unexpected"),
            "detail": str(failure_text(figure)),
        }
        for figure in own_failures(actor)[:MOST]
    ]


def _broken(actor: Actor, failures: tuple[Any, ...]) -> list[dict[str, Any]]:
    processes = UnitProcess.objects.visible_to(actor).in_bulk([failure.key for failure in failures])
    return [
        {
            "process": processes[failure.key].uuid,
            "process_code": processes[failure.key].code,
            "attempts": failure.attempts,
            "is_quarantined": failure.is_quarantined,
        }
        for failure in failures
        if failure.key in processes
    ]


def _products(actor: Actor, asked: list[str]) -> list[dict[str, Any]]:
    try:
        wanted = [UUID(text) for text in asked]
    except ValueError as error:
        raise ValidationError({"product": [ErrorDetail(_("Enter a uuid."), code="not_a_uuid")]}) from error
    if len(wanted) > MOST:
        message = _("Ask for at most %(most)d at once.") % {"most": MOST}
        raise ValidationError({"product": [ErrorDetail(message, code="too_many")]})
    products = Product.objects.visible_to(actor).filter(uuid__in=wanted)
    uuids = dict(products.values_list("pk", "uuid"))
    figures = product_figures(actor, uuids)
    return [
        {"product": uuid, "freshness": str(figures[pk][0].freshness) if pk in figures else None}
        for pk, uuid in uuids.items()
    ]
