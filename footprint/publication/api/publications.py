"""Publications over REST: one's own, and those that others meant for the caller."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries as people
from accounts.actor import Actor
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import TenantUuidField, Writing
from accounts.rest.lists import YearFilter, refuse_unknown_parameters
from accounts.rest.moves import Moves, MoveWriting, move_field
from accounts.rest.resources import Creates
from accounts.rest.serializing import ModelSerializer
from footprint.calculation.models import Footprint
from footprint.publication import queries
from footprint.publication.actions import move_publication, prepare_publication, propose_publication
from footprint.publication.models import Publication
from footprint.publication.procedure import PUBLICATION


class PublicationSerializer(ModelSerializer[Publication]):
    """A snapshot. ``jws`` carries ``content`` and is empty before it is published."""

    company = CompanyRefSerializer()
    content = serializers.JSONField()
    preceding = serializers.SerializerMethodField()

    class Meta:
        model = Publication
        fields = (
            "uuid", "version", "company", "number", "name_zh", "name_en", "period_start", "period_end",
            "unit", "kg_co2e_ar6", "visibility", "state", "preceding", "valid_until", "published_at",
            "ended_at", "content_hash", "key_id", "content", "jws", "created_at",
        )  # fmt: skip

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_preceding(self, row: Publication) -> str | None:
        """The version this one replaced."""
        preceding = row.content["precedingPfIds"]
        return str(preceding[0]) if preceding else None


class PublicationWriting(Writing):
    """Which own figure to publish, and for whom it is meant."""

    footprint = TenantUuidField(lambda actor: Footprint.objects.filter(company_id__in=actor.company_ids))
    visibility = serializers.ChoiceField(Publication.Visibility.choices)
    recipients = serializers.ListField(
        child=TenantUuidField(people.companies), required=False, max_length=100
    )


class PublicationMoveWriting(MoveWriting):
    """One move, from the version in If-Match."""

    move = move_field(PUBLICATION)


class PublicationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What publications can be narrowed by."""

    company = django_filters.UUIDFilter(field_name="company__uuid", label="Uuid of the company")
    state = django_filters.ChoiceFilter(choices=Publication.State.choices, label="Where it stands")
    year = YearFilter(field_name="period_end__year", label="The year the period ends in")


class OfferWriting(Writing):
    """The owner's consent, and an answer to whatever the screening finds unusual."""

    consents = serializers.BooleanField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class OfferedSerializer(serializers.Serializer[Any]):
    """The proposal that came of it: ``/factor-proposals/``."""

    proposal = serializers.UUIDField(source="uuid")
    code = serializers.CharField()


class PublishedYearSerializer(serializers.Serializer[Any]):
    """What holds of one period of the product; ``change`` is from the period before, as a share of it."""

    publication = serializers.UUIDField(source="publication.uuid")
    number = serializers.IntegerField(source="publication.number")
    period_start = serializers.DateField(source="publication.period_start")
    period_end = serializers.DateField(source="publication.period_end")
    unit = serializers.CharField(source="publication.unit")
    kg_co2e_ar6 = serializers.FloatField(source="publication.kg_co2e_ar6")
    state = serializers.CharField(source="publication.state")
    change = serializers.FloatField(allow_null=True)


class PublicationView(Creates, Moves):
    """Published footprints: signed snapshots with their versions."""

    serializer_class = PublicationSerializer
    writing_class = PublicationWriting
    move_writing_class = PublicationMoveWriting
    filterset_class = PublicationFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Publication]:
        """Own ones, and those that others meant for the caller."""
        return Publication.objects.visible_to(actor).select_related("company")

    def add(self, given: dict[str, Any]) -> Publication:
        """Prepare one."""
        return prepare_publication(
            given["footprint"],
            by=self.actor,
            at=timezone.now(),
            visibility=given["visibility"],
            recipients=given.get("recipients", ()),
        )

    def move(self, row: Publication, version: int, given: dict[str, Any]) -> Publication:
        """As the page does."""
        return move_publication(row, by=self.actor, at=timezone.now(), version=version, **given)

    @extend_schema(request=OfferWriting, responses={201: OfferedSerializer})
    @action(detail=True, methods=["post"], url_path="factor")
    def factor(self, request: Request, uuid: UUID) -> Response:
        """Propose the figure as a factor, in the owner's name; the total alone."""
        publication = self.found(uuid)
        body = OfferWriting(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        made = propose_publication(publication, by=self.actor, at=timezone.now(), **body.validated_data)
        return Response(OfferedSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=PublishedYearSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], url_path="years", pagination_class=None)
    def years(self, request: Request, uuid: UUID) -> Response:
        """The same product of the same province from period to period, and this publication itself."""
        refuse_unknown_parameters(request, ())
        rows = queries.years(self.actor, self.found(uuid))
        return Response(PublishedYearSerializer(rows, many=True).data)
