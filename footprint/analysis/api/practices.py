"""Reduction practices over REST: the library, one's own, and what one would set on a product's lines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.rest.companies import CompanyRefSerializer, company_for, own_company_field, refuse_moving
from accounts.rest.fields import AmountField, TenantUuidField, Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.moves import Moves, MoveWriting, move_field
from accounts.rest.resources import Changes, Creates
from accounts.rest.serializing import ModelSerializer
from footprint.analysis import practices
from footprint.analysis.actions import change_practice, move_practice, write_practice
from footprint.analysis.api.lever_serializers import LeverSerializer
from footprint.analysis.models import Practice
from footprint.analysis.procedure import PRACTICE
from footprint.inventory.models import Exchange, Product, UnitProcess
from footprint.inventory.providers import MAKES


class PracticeSerializer(ModelSerializer[Practice]):
    """A practice; evidence stays with its company and the office."""

    company = CompanyRefSerializer(allow_null=True)
    makes = serializers.CharField(source="makes.code", allow_null=True, default=None)
    category = serializers.CharField(source="category.code", allow_null=True, default=None)
    factor = serializers.CharField(source="factor.code", allow_null=True, default=None)
    source = serializers.CharField()  # type: ignore[assignment]  # the field's own name
    percent = AmountField(allow_null=True)
    effect_low = AmountField(allow_null=True)
    effect_high = AmountField(allow_null=True)

    class Meta:
        model = Practice
        fields = (
            "uuid", "version", "company", "state", "name_zh", "name_en", "description_zh",
            "description_en", "makes", "target", "category", "gas", "percent", "factor", "effect_low",
            "effect_high", "effect_of", "source", "source_year", "source_locator", "is_confirmed", "remark",
            "created_at",
        )  # fmt: skip


class PracticeWriting(Writing):
    """An own practice, with its evidence; categories and factors by their codes."""

    company = own_company_field()
    name_zh = serializers.CharField(required=False, allow_blank=True, max_length=200)
    name_en = serializers.CharField(required=False, allow_blank=True, max_length=200)
    description_zh = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    description_en = serializers.CharField(required=False, allow_blank=True, max_length=4000)
    makes = serializers.CharField(required=False, allow_blank=True, max_length=40)
    target = serializers.ChoiceField(Practice.Target.choices)
    category = serializers.CharField(required=False, allow_blank=True, max_length=40)
    gas = serializers.CharField(required=False, allow_blank=True, max_length=40)
    percent = AmountField(required=False, allow_null=True)
    factor = serializers.CharField(required=False, allow_blank=True, max_length=120)
    before = AmountField(required=False, allow_null=True)
    after = AmountField(required=False, allow_null=True)
    effect_of = serializers.CharField(required=False, allow_blank=True, max_length=60)
    evidence = serializers.CharField(max_length=4000)
    source = serializers.CharField(required=False, allow_blank=True, max_length=300)  # type: ignore[assignment]
    source_year = serializers.IntegerField(required=False, allow_null=True)
    source_locator = serializers.CharField(required=False, allow_blank=True, max_length=300)


class PracticeMoveWriting(MoveWriting):
    """One move, from the version in If-Match."""

    move = move_field(PRACTICE)


class PracticeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What practices can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=Practice.State.choices, label="Where it stands")
    target = django_filters.ChoiceFilter(choices=Practice.Target.choices, label="What it acts on")


class PracticeView(Creates, Changes, Moves):
    """What lowered emissions somewhere, by how much, and what it acts on."""

    serializer_class = PracticeSerializer
    writing_class = PracticeWriting
    move_writing_class = PracticeMoveWriting
    filterset_class = PracticeFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Practice]:
        """Own ones, published ones, and for the office those that were handed in."""
        return practices.practices(actor)

    def add(self, given: dict[str, Any]) -> Practice:
        """A draft."""
        company = company_for(self.actor, given)
        return write_practice(company, by=self.actor, **given)

    def change(self, row: Practice, version: int, given: dict[str, Any]) -> Practice:
        """While it is a draft."""
        refuse_moving(given, "company")
        return change_practice(row, by=self.actor, version=version, **given)

    def move(self, row: Practice, version: int, given: dict[str, Any]) -> Practice:
        """As the page does."""
        return move_practice(row, by=self.actor, at=timezone.now(), version=version, **given)

    @extend_schema(
        responses=LeverSerializer(many=True),
        parameters=[OpenApiParameter("product", UUID, required=True, description="An own product.")],
        filters=False,
    )
    @action(detail=True, methods=["get"], url_path="levers", pagination_class=None)
    def levers(self, request: Request, uuid: UUID) -> Response:
        """What it would set on the lines of the processes that make a product, for a scenario."""
        row = self.found(uuid)
        refuse_unknown_parameters(request, ("product",))
        field = TenantUuidField(lambda actor: Product.objects.own(actor))
        asked: serializers.Serializer[Any] = serializers.Serializer(
            data={}, context=self.get_serializer_context()
        )
        field.bind("product", asked)
        product = field.run_validation(request.query_params.get("product"))
        makers = Exchange.objects.visible_to(self.actor).filter(MAKES, product=product)
        made = UnitProcess.objects.visible_to(self.actor).filter(pk__in=makers.values("process_id"))
        lines = practices.lines_of(self.actor, row, made.values_list("pk", flat=True))
        told = [lever.record() for lever in practices.levers(row, lines)]
        return Response(LeverSerializer(told, many=True).data)
