"""Product categories and released benchmarks over REST: read only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.forms import named
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.resources import Resource
from accounts.rest.schema import ResourceSchema
from accounts.rest.serializing import ModelSerializer
from footprint.benchmark import queries
from footprint.benchmark.models import Release
from footprint.benchmark.queries import Standing
from footprint.benchmark.remedies import practices_for
from footprint.benchmark.words import FIGURES
from footprint.engine.disclosure.gap import Cause
from footprint.engine.disclosure.parts import ENERGY_MJ, Part
from footprint.engine.disclosure.statistics import Standing as Position
from footprint.rules.models import ProductCategory
from footprint.rules.queries import PlausibleBand, footprint_bands


class CategorySerializer(ModelSerializer[ProductCategory]):
    """A key product of the chain."""

    plausible_low = serializers.SerializerMethodField()
    plausible_high = serializers.SerializerMethodField()
    plausible_source = serializers.SerializerMethodField()

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

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_plausible_low(self, category: ProductCategory) -> str | None:
        """By the product category rule, kg CO2e per unit."""
        found = self._band(category)
        return None if found is None or found.band.low is None else format(found.band.low, "f")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_plausible_high(self, category: ProductCategory) -> str | None:
        """By the product category rule, kg CO2e per unit."""
        found = self._band(category)
        return None if found is None or found.band.high is None else format(found.band.high, "f")

    def get_plausible_source(self, category: ProductCategory) -> str:
        """What the range rests on, in the language asked for."""
        found = self._band(category)
        return named(found.words) if found else ""

    def _band(self, category: ProductCategory) -> PlausibleBand | None:
        bands: dict[int, PlausibleBand] = self.context["bands"]
        found = bands.get(category.pk)
        return found if found and found.unit == category.unit else None


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

    def get_serializer_context(self) -> dict[str, Any]:
        """With what the rules of all of them expect."""
        actor = actor_in(self.request) if self.request else Actor.nobody()
        bands = footprint_bands(actor, timezone.localdate())
        return {**super().get_serializer_context(), "bands": bands}


def _numbers(*names: str) -> dict[str, Any]:
    properties = {str(name): {"type": "number"} for name in names}
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


class StandingSerializer(serializers.Serializer[Any]):
    """Own figure as it was frozen against what was released of a comparison, kg CO2e per unit."""

    definition = serializers.UUIDField(source="definition.uuid")
    category = serializers.CharField(source="definition.category.code")
    unit = serializers.CharField(source="definition.category.unit")
    year = serializers.IntegerField(source="definition.year")
    technology = serializers.CharField(source="definition.technology", help_text="Empty: every route.")
    region = serializers.CharField(source="definition.region", help_text="Empty: everywhere.")
    profile = serializers.CharField(source="definition.profile_version.profile.code")
    own_kg_co2e = serializers.FloatField(source="own", allow_null=True)
    figures_kg_co2e = serializers.SerializerMethodField(
        help_text="null: not released, or no own figure was part of it."
    )
    parts_kg_co2e = serializers.SerializerMethodField(
        help_text="What the median is made of, and its energy in MJ; null: not told, or no own figure."
    )
    gap_kg_co2e = serializers.SerializerMethodField(
        help_text="Own figure less median, by cause; null where parts are not told."
    )
    practices = serializers.SerializerMethodField(
        help_text="Uuids of published practices that act on the cause with the largest gap."
    )
    trend = serializers.SerializerMethodField(
        help_text="Median of the groups that gave to both years' releases, for those who did; else null."
    )
    position = serializers.ChoiceField([position.value for position in Position], allow_null=True)
    groups = serializers.SerializerMethodField(help_text="How many groups, as a band.")
    epoch = serializers.CharField(source="release.epoch", allow_null=True, default=None)

    @extend_schema_field(_numbers(*FIGURES))
    def get_figures_kg_co2e(self, row: Standing) -> dict[str, float] | None:
        """What was released, for those who gave."""
        known = {name: row.figure(name) for name in FIGURES}
        return {name: each for name, each in known.items() if each is not None} or None

    @extend_schema_field(_numbers(*Part, ENERGY_MJ))
    def get_parts_kg_co2e(self, row: Standing) -> dict[str, float] | None:
        """As they were released: they sum to the median."""
        return row.parts or None

    @extend_schema_field(_numbers(*Cause))
    def get_gap_kg_co2e(self, row: Standing) -> dict[str, float] | None:
        """Sums to own less median."""
        return {str(cause): kg for cause, kg in row.gap.causes.items()} if row.gap else None

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_practices(self, row: Standing) -> list[UUID]:
        """Of the library; empty where none acts on it or no cause costs more."""
        return [practice.uuid for practice in practices_for(self.context["actor"], row)]

    @extend_schema_field(
        {
            "type": ["object", "null"],
            "properties": {
                "since": {"type": "integer"},
                "before_kg_co2e": {"type": "number"},
                "now_kg_co2e": {"type": "number"},
            },
            "additionalProperties": False,
        }
    )
    def get_trend(self, row: Standing) -> dict[str, float] | None:
        """How the same groups moved since an earlier year."""
        year = queries.trend(self.context["every"], row)
        found = next((each for each in year if each.standing is row), None)
        if found is None or found.since is None or found.before is None or found.now is None:
            return None
        return {"since": found.since, "before_kg_co2e": found.before, "now_kg_co2e": found.now}

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_groups(self, row: Standing) -> str | None:
        """For those who gave."""
        return row.release.groups if row.release and row.is_open else None


class BenchmarkView(APIView):
    """Benchmarks: released figures only, beside one's own."""

    schema = ResourceSchema()

    @extend_schema(
        responses=StandingSerializer(many=True),
        operation_id="benchmarks_list",
        parameters=[OpenApiParameter("category", str, description="Code of the category.")],
    )
    def get(self, request: Request) -> Response:
        """Every comparison there is, with the latest release of each."""
        refuse_unknown_parameters(request, ("category",))
        actor = actor_in(request)
        code = request.query_params.get("category")
        chosen = ProductCategory.objects.filter(code=code).first() if code else None
        found = queries.standings(actor, chosen) if chosen or not code else []
        return Response(StandingSerializer(found, many=True, context={"every": found, "actor": actor}).data)


class BenchmarkReleaseSerializer(ModelSerializer[Release]):
    """An entry of the ledger. ``jws`` carries ``content``; both are for those who were part of it."""

    definition = serializers.UUIDField(source="definition.uuid")
    content = serializers.SerializerMethodField()
    jws = serializers.SerializerMethodField()

    class Meta:
        model = Release
        fields = ("uuid", "number", "definition", "epoch", "content_hash", "key_id", "content", "jws")

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_content(self, row: Release) -> Any:
        """What was signed."""
        return row.content if self._is_seen(row) else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_jws(self, row: Release) -> str | None:
        """The signature, with what was signed in it."""
        return row.jws if self._is_seen(row) else None

    def _is_seen(self, row: Release) -> bool:
        seen: set[int] | None = self.context["seen"]
        return seen is None or row.pk in seen


class BenchmarkReleaseFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What releases can be narrowed by."""

    epoch = django_filters.CharFilter(label="Epoch, as 2026Q4")
    definition = django_filters.UUIDFilter(field_name="definition__uuid", label="Uuid of the definition")


class BenchmarkReleaseView(Resource):
    """The ledger of benchmark releases: every one, with the hash that the next one names."""

    serializer_class = BenchmarkReleaseSerializer
    filterset_class = BenchmarkReleaseFilter
    ordering_fields = ("number",)

    def rows(self, actor: Actor) -> QuerySet[Release]:
        """Released ones."""
        return queries.releases(actor).filter(state="released")

    def get_serializer_context(self) -> dict[str, Any]:
        """With the releases that figures are shown of, asked for once."""
        actor = actor_in(self.request) if self.request else Actor.nobody()
        return {**super().get_serializer_context(), "seen": queries.seen_releases(actor)}
