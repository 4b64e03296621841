"""Comparisons over REST as the office makes them: proposed, decided, prepared, signed; and who takes part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import checks
from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.rest.fields import TenantUuidField, Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.moves import Moves, MoveWriting, move_field
from accounts.rest.resources import Creates
from accounts.rest.schema import ResourceSchema
from accounts.rest.serializing import ModelSerializer
from footprint.benchmark import actions, queries
from footprint.benchmark.models import Definition, Region, Release
from footprint.benchmark.procedure import DEFINITION, RELEASE
from footprint.inventory import queries as products
from footprint.inventory.models import Product
from footprint.rules import queries as rules
from footprint.rules.models.profile import Boundary

T = TypeVar("T")


class BenchmarkDefinitionSerializer(ModelSerializer[Definition]):
    """What is compared, what for, and where it stands; figures are under ``benchmarks``."""

    category = serializers.CharField(source="category.code")
    profile = serializers.CharField(source="profile_version.profile.code")
    profile_version = serializers.IntegerField(source="profile_version.number")

    class Meta:
        model = Definition
        fields = (
            "uuid", "version", "category", "technology", "region", "boundary", "profile", "profile_version",
            "year", "purpose", "necessity", "state", "reason", "decided_at", "created_at",
        )  # fmt: skip


class BenchmarkDefinitionWriting(Writing):
    """A proposal. ``boundary`` may be left out: another one than the profile's is refused."""

    category = serializers.CharField(max_length=40, help_text="Code of the category.")
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    profile = serializers.CharField(max_length=40, help_text="Code of the profile; its version in force.")
    technology = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Empty: every route."
    )
    region = serializers.ChoiceField(Region.choices, required=False, allow_blank=True)
    boundary = serializers.ChoiceField(Boundary.choices, required=False, allow_blank=True)
    purpose = serializers.CharField(max_length=2000)
    necessity = serializers.CharField(max_length=2000, help_text="Why less detail would not serve.")


class BenchmarkDefinitionMoveWriting(MoveWriting):
    """One move, from the version in If-Match."""

    move = move_field(DEFINITION)


class BenchmarkDefinitionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What definitions can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=Definition.State.choices, label="Where it stands")
    category = django_filters.CharFilter(field_name="category__code", label="Code of the category")
    year = django_filters.NumberFilter()


class BenchmarkDefinitionView(Creates, Moves):
    """Comparisons: the alliance administrator proposes, the compliance reviewer, somebody else, decides."""

    serializer_class = BenchmarkDefinitionSerializer
    writing_class = BenchmarkDefinitionWriting
    move_writing_class = BenchmarkDefinitionMoveWriting
    filterset_class = BenchmarkDefinitionFilter
    ordering_fields = ("id", "year", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Definition]:
        """All of them: who compares what is no secret among members."""
        return queries.definitions(actor)

    def add(self, given: dict[str, Any]) -> Definition:
        """A proposal; categories and profiles by their codes."""
        now = timezone.now()
        categories = {each.code: each for each in rules.categories(self.actor)}
        in_force = rules.versions_in_force(self.actor, timezone.localdate(now))
        profiles = {each.profile.code: each for each in in_force}
        category = _chosen(categories, given.pop("category"), "category")
        version = _chosen(profiles, given.pop("profile"), "profile")
        return actions.propose_definition(
            by=self.actor, at=now, category=category, profile_version=version, **given
        )

    def move(self, row: Definition, version: int, given: dict[str, Any]) -> Definition:
        """Approve, reject or retire it."""
        return actions.move_definition(row, by=self.actor, at=timezone.now(), version=version, **given)


class BenchmarkPreparationSerializer(ModelSerializer[Release]):
    """One release on its way: the gates it passed, what it would tell, who still has to sign."""

    definition = serializers.UUIDField(source="definition.uuid")
    figures_kg_co2e = serializers.SerializerMethodField(help_text="Rounded as they would be released.")
    gates = serializers.SerializerMethodField(help_text="What each gate found, and on which figures.")

    class Meta:
        model = Release
        fields = (
            "uuid", "version", "definition", "epoch", "state", "figures_kg_co2e", "groups", "gates",
            "blocked", "reason", "signed_at", "released_at", "number", "content_hash",
        )  # fmt: skip

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_figures_kg_co2e(self, row: Release) -> dict[str, str]:
        """By name."""
        return dict(row.figures)

    @extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
    def get_gates(self, row: Release) -> list[dict[str, Any]]:
        """In the order they were asked."""
        return list(row.outcomes)


class BenchmarkPreparationWriting(Writing):
    """Which comparison a release is prepared of, for the present epoch."""

    definition = TenantUuidField(queries.definitions)


class BenchmarkPreparationMoveWriting(MoveWriting):
    """One move, from the version in If-Match."""

    move = move_field(RELEASE)


class BenchmarkPreparationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What preparations can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=Release.State.choices, label="Where it stands")
    definition = django_filters.UUIDFilter(field_name="definition__uuid", label="Uuid of the definition")


class BenchmarkPreparationView(Creates, Moves):
    """Releases as the office prepares and signs them; nobody else has any. The ledger is another resource."""

    serializer_class = BenchmarkPreparationSerializer
    writing_class = BenchmarkPreparationWriting
    move_writing_class = BenchmarkPreparationMoveWriting
    filterset_class = BenchmarkPreparationFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Release]:
        """For whoever prepares or signs."""
        found = queries.releases(actor)
        return found if queries.is_office(actor) else found.none()

    def add(self, given: dict[str, Any]) -> Release:
        """Have the worker take it through the gates."""
        return actions.ask_for_release(given["definition"], by=self.actor, at=timezone.now())

    def move(self, row: Release, version: int, given: dict[str, Any]) -> Release:
        """Sign it, release it, send it back or discard it."""
        return actions.move_release(row, by=self.actor, at=timezone.now(), version=version, **given)


class ParticipationSerializer(Writing):
    """Whether a product counts in comparisons, from the next cohort on."""

    takes_part = serializers.BooleanField()


class ParticipationView(APIView):
    """An own product in comparisons: it joins, or leaves those that come."""

    schema = ResourceSchema()

    @extend_schema(responses=ParticipationSerializer, operation_id="products_participation")
    def get(self, request: Request, uuid: UUID) -> Response:
        """Whether it takes part; of a product of one's own company."""
        refuse_unknown_parameters(request, ())
        return _taking_part(actor_in(request), _own(request, uuid))

    @extend_schema(
        request=ParticipationSerializer,
        responses=ParticipationSerializer,
        operation_id="products_participation_create",
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        """Join or leave; saying again what is so changes nothing. What was released stays."""
        product, actor = _own(request, uuid), actor_in(request)
        body = ParticipationSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        act = actions.join if body.validated_data["takes_part"] else actions.leave
        act(product, by=actor)
        return _taking_part(actor, product)


def _chosen(known: Mapping[str, T], code: str, field: str) -> T:
    """What a code names. Raises Refusal."""
    return known[checks.choice(code, known, field=field)]


def _own(request: Request, uuid: UUID) -> Product:
    """A product of one's own company; any other does not exist here."""
    actor = actor_in(request)
    product = products.product(actor, uuid)
    if product is None or product.company_id not in actor.company_ids:
        raise Http404
    return product


def _taking_part(actor: Actor, product: Product) -> Response:
    joined = queries.joined(actor, Product.objects.filter(pk=product.pk))
    return Response(ParticipationSerializer({"takes_part": product.pk in joined}).data)
