"""Factors and their versions over REST: to read, and for curators to withdraw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.errors import Refusal
from accounts.rest.fields import AmountField, Writing
from accounts.rest.lists import YearFilter, refuse_unknown_parameters
from accounts.rest.resources import Resource
from accounts.rest.schema import ResourceSchema
from factors import queries
from factors.actions.withdraw_version import withdraw_version
from factors.api.serializers import (
    FactorSerializer,
    FactorVersionSerializer,
    GasSerializer,
    UnitSerializer,
)
from factors.licence import withheld
from factors.models import Factor, FactorVersion, GreenhouseGas, Source
from factors.models.source import Transcription
from factors.recharacterise import weighed_with_all
from factors.search import MOST_FACTORS, search
from factors.units import UNITS


class FactorFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What factors can be narrowed by."""

    code = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(choices=Factor.Kind.choices)
    search = django_filters.CharFilter(method="by_text", label="Words, in Chinese or English")

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Called so, or almost so."""
        return rows.filter(pk__in=search(FactorVersion.objects.all(), value).order_by().values("factor"))


class FactorView(Resource):
    """Emission factors; the numbers are in their versions."""

    serializer_class = FactorSerializer
    filterset_class = FactorFilter
    ordering_fields = ("id", "code", "name_zh", "name_en")

    def rows(self, actor: Actor) -> QuerySet[Factor]:
        """All of them."""
        return queries.factors(actor)


class FactorVersionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What versions can be narrowed by."""

    factor = django_filters.UUIDFilter(field_name="factor__uuid", label="Uuid of the factor")
    code = django_filters.CharFilter(field_name="factor__code", label="Code of the factor")
    kind = django_filters.ChoiceFilter(field_name="factor__kind", choices=Factor.Kind.choices)
    geography = django_filters.CharFilter()
    reference_year = YearFilter()
    scope = django_filters.ChoiceFilter(choices=FactorVersion.Scope.choices)
    boundary = django_filters.ChoiceFilter(choices=FactorVersion.Boundary.choices)
    status = django_filters.ChoiceFilter(choices=FactorVersion.Status.choices)
    source = django_filters.CharFilter(field_name="source__code", label="Code of the source")
    transcription = django_filters.ChoiceFilter(choices=Transcription.choices)
    redistribution = django_filters.ChoiceFilter(
        field_name="source__redistribution", choices=Source.Redistribution.choices
    )
    technology = django_filters.CharFilter()
    category = django_filters.CharFilter(field_name="factor__category", label="Table of the factor")
    cpc = django_filters.CharFilter(field_name="factor__cpc", label="CPC code of the factor")
    hs = django_filters.CharFilter(field_name="factor__hs", label="HS code of the factor")
    release = django_filters.CharFilter(field_name="releases__release__name", label="Name of a release")
    since = django_filters.NumberFilter(
        field_name="change_number",
        lookup_expr="gt",
        min_value=0,
        decimal_places=0,
        label=(
            "Only what came or changed status after this change_number, of what all members share; listed in "
            "that order"
        ),
    )
    search = django_filters.CharFilter(
        method="by_text", label=f"Words, in Chinese or English: versions of the {MOST_FACTORS} best factors"
    )

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Called so, or almost so; in the order of the list. The last filter: what narrows comes first."""
        plain = rows.select_related(None).prefetch_related(None)
        return rows.filter(pk__in=search(plain, value).order_by().values("pk"))


class WithdrawalWriting(Writing):
    """Why a version should not be used any more."""

    reason = serializers.CharField(max_length=400)


class FactorVersionView(Resource):
    """Versions of factors, each with what it emits per unit, its source and licence."""

    serializer_class = FactorVersionSerializer
    filterset_class = FactorVersionFilter

    @property
    def ordering_fields(self) -> tuple[str, ...]:  # type: ignore[override]
        """Whoever mirrors reads changes in their order, so that the last number seen is where to go on."""
        fields = ("id", "reference_year", "published_at", "change_number")
        asked = self.request is not None and "since" in self.request.query_params
        return ("change_number",) if asked else fields

    def rows(self, actor: Actor) -> QuerySet[FactorVersion]:
        """All of them, whatever their status."""
        return queries.all_versions(actor).select_related("supersedes").prefetch_related("emissions")

    @extend_schema(request=WithdrawalWriting, responses=FactorVersionSerializer)
    @action(detail=True, methods=["post"])
    def withdrawal(self, request: Request, uuid: UUID) -> Response:
        """Withdraw it for a reason that everybody who uses it will read; it cannot be undone."""
        given = self.shaped(WithdrawalWriting, request)
        return self.answer(withdraw_version(self.found(uuid), by=self.actor, reason=given["reason"]))


class WeighedSerializer(serializers.Serializer[Any]):
    """kg CO2e per unit with one GWP set, or why there is none."""

    gwp_set = serializers.CharField()
    horizon = serializers.IntegerField()
    kg_co2e = AmountField(allow_null=True)
    refusal = serializers.CharField(allow_blank=True)


class WeighedView(APIView):
    """A version with every GWP set that is kept; a total that was published in CO2e has its own alone."""

    schema = ResourceSchema()

    @extend_schema(responses=WeighedSerializer(many=True), operation_id="factor_version_weighed")
    def get(self, request: Request, uuid: UUID) -> Response:
        """Set by set, newest report first."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        version = queries.version_by_uuid(actor, uuid)
        if version is None:
            raise Http404
        if not version.source.may_be_passed_on:
            raise Refusal(withheld(version.source), code="withheld")
        return Response(WeighedSerializer(weighed_with_all(actor, version), many=True).data)


class GasView(Resource):
    """Greenhouse gases that are characterised."""

    serializer_class = GasSerializer
    lookup_field = "code"
    lookup_value_converter = "str"
    ordering_fields = ("id", "code")

    def rows(self, actor: Actor) -> QuerySet[GreenhouseGas]:
        """All of them."""
        return queries.gases(actor)


class UnitView(APIView):
    """The closed list of units."""

    schema = ResourceSchema()

    @extend_schema(responses=UnitSerializer(many=True), operation_id="units_list")
    def get(self, request: Request) -> Response:
        """All of them."""
        refuse_unknown_parameters(request, ())
        return Response(UnitSerializer(UNITS, many=True).data)
