"""Sources of factors over REST."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.rest.fields import Writing
from accounts.rest.resources import Resource
from factors import queries
from factors.actions.add_source import add_source
from factors.api.serializers import SourceSerializer
from factors.models import Source


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


class SourceView(Resource):
    """Where figures come from; curators add to the list."""

    serializer_class = SourceSerializer
    writing_class = SourceWriting
    lookup_field = "code"
    lookup_value_converter = "slug"
    ordering_fields = ("id", "code", "year")

    def rows(self, actor: Actor) -> QuerySet[Source]:
        """All of them."""
        return queries.sources(actor)

    def retrieve(self, request: Request, code: str) -> Response:  # type: ignore[override]
        """One of them."""
        return self.answer(self.found(code))

    def create(self, request: Request) -> Response:
        """Add one; nothing of it changes afterwards."""
        given: dict[str, Any] = self.given(request)
        made = add_source(by=self.actor, year=given.pop("year"), stated=given)
        return self.answer(self.found(made.code), 201)
