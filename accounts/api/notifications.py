"""What a person was told, over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries
from accounts.actions import read_notification
from accounts.actor import Actor
from accounts.models import Kind, Notification
from accounts.notices import Told, told
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.resources import Resource
from accounts.rest.serializing import ModelSerializer


class ToldSerializer(serializers.Serializer[Any]):
    """In words, in the language asked for."""

    title = serializers.CharField()
    words = serializers.CharField()
    url = serializers.CharField(help_text="The page of the thing.")
    is_over = serializers.BooleanField(help_text="What it asks for was done meanwhile.")


class NotificationSerializer(ModelSerializer[Notification]):
    """``told`` is null when its thing is not open to the recipient any more."""

    company = CompanyRefSerializer(allow_null=True)
    told = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = (
            "uuid",
            "kind",
            "event",
            "subject",
            "subject_uuid",
            "company",
            "told",
            "created_at",
            "read_at",
        )

    @extend_schema_field(ToldSerializer(allow_null=True))
    def get_told(self, row: Notification) -> dict[str, Any] | None:
        """What a page says."""
        words: Told | None = self.context["told"].get(row.pk)
        return vars(words) if words else None


class NotificationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What notifications can be narrowed by."""

    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    unread = django_filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")


class NotificationView(Resource):
    """What the caller was told; machines are told nothing."""

    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Notification]:
        """The caller's own."""
        return queries.notifications(actor)

    def shown(self, rows: Any, *, many: bool = False) -> serializers.BaseSerializer[Any]:
        """Each in words, all of one sort at once."""
        words = {row.pk: each for row, each in told(self.actor, rows if many else [rows])}
        context = {**self.get_serializer_context(), "told": words}
        return NotificationSerializer(rows, many=many, context=context)

    @extend_schema(request=None, responses=NotificationSerializer)
    @action(detail=True, methods=["post"], url_path="read")
    def read(self, request: Request, uuid: UUID) -> Response:
        """It was looked at."""
        read_notification(self.found(uuid), by=self.actor, at=timezone.now())
        return self.answer(self.found(uuid))
