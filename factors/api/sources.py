"""Sources of factors over REST."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.asked import gate
from accounts.authentication import actor_in
from accounts.rest.fields import Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.resources import ChangesFromTag
from accounts.rest.schema import ResourceSchema
from accounts.roles import Permission
from factors import queries
from factors.actions.add_source import add_source, set_age
from factors.api.serializers import SourceSerializer
from factors.models import Source
from factors.models.source import OLD_AFTER_YEARS, OLDEST


class SourceWriting(Writing):
    """A document or database, its licence, and what that lets leave."""

    code = serializers.CharField(max_length=60)
    title_zh = serializers.CharField(required=False, allow_blank=True, max_length=300)
    title_en = serializers.CharField(required=False, allow_blank=True, max_length=300)
    publisher = serializers.CharField(max_length=300)
    year = serializers.IntegerField(min_value=1900, max_value=2200)
    licence = serializers.CharField(max_length=300)
    licence_url = serializers.CharField(required=False, allow_blank=True, max_length=300)
    redistribution = serializers.ChoiceField(Source.Redistribution.choices)
    url = serializers.CharField(required=False, allow_blank=True, max_length=300)
    old_after_years = serializers.IntegerField(
        default=OLD_AFTER_YEARS, min_value=1, max_value=OLDEST, help_text="So old it counts as stale."
    )


class AgeWriting(Writing):
    """After how many years it is old."""

    old_after_years = serializers.IntegerField(min_value=1, max_value=OLDEST)


class StaleSourceSerializer(serializers.Serializer[Any]):
    """A source that is older than it may be and has published figures."""

    source = SourceSerializer()  # type: ignore[assignment]  # the field's own name
    first_year = serializers.IntegerField(help_text="Of its published figures.")
    last_year = serializers.IntegerField(help_text="Of its published figures.")
    versions = serializers.IntegerField()


class StaleSourceView(APIView):
    """Sources that grow old, for curators."""

    schema = ResourceSchema()

    @extend_schema(responses=StaleSourceSerializer(many=True), operation_id="factor_sources_stale")
    def get(self, request: Request) -> Response:
        """The oldest first; a source says after how many years it is old."""
        refuse_unknown_parameters(request, ())
        actor = actor_in(request)
        gate(actor, Permission.PUBLISH_FACTOR)
        found = queries.stale_sources(actor, timezone.now().year)
        return Response(StaleSourceSerializer(found, many=True).data)


class SourceView(ChangesFromTag):
    """Where figures come from; curators add to the list."""

    serializer_class = SourceSerializer
    writing_class = AgeWriting
    lookup_field = "code"
    lookup_value_converter = "slug"
    ordering_fields = ("id", "code", "year")

    def rows(self, actor: Actor) -> QuerySet[Source]:
        """All of them."""
        return queries.sources(actor)

    def change(self, row: Source, given: dict[str, Any]) -> None:
        """Say after how many years it counts as old; nothing else changes."""
        set_age(row, by=self.actor, years=given.get("old_after_years", row.old_after_years))

    @extend_schema(request=SourceWriting)
    def create(self, request: Request) -> Response:
        """Add one; nothing of it changes afterwards but when it is old."""
        given = self.shaped(SourceWriting, request)
        made = add_source(
            by=self.actor,
            year=given.pop("year"),
            old_after_years=given.pop("old_after_years"),
            stated=given,
        )
        return self.answer(self.found(made.code), 201)
