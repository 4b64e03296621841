"""Conformance of partners' endpoints over REST: have one tried, read the report."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.actor import Actor
from accounts.rest.fields import TenantUuidField, Writing
from accounts.rest.resources import Creates
from accounts.rest.serializing import ModelSerializer
from footprint.partners import queries
from footprint.partners.actions import ask_to_try
from footprint.partners.conformance import report
from footprint.partners.conformance.run import Kind, Outcome
from footprint.partners.models import ConformanceRun


class CaseExchangeSerializer(serializers.Serializer[Any]):
    """What was asked and answered, without secrets; status 0 and the reason where nothing came back."""

    method = serializers.CharField()
    url = serializers.CharField()
    sent_headers = serializers.DictField(child=serializers.CharField())
    sent = serializers.CharField()
    status = serializers.IntegerField()
    headers = serializers.DictField(child=serializers.CharField())
    answer = serializers.CharField()
    seconds = serializers.FloatField()


class ConformanceCaseSerializer(serializers.Serializer[Any]):
    """One case: what became of it, why, and what was said during it."""

    case = serializers.CharField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    kind = serializers.ChoiceField([each.value for each in Kind])
    outcome = serializers.ChoiceField([each.value for each in Outcome])
    why_zh = serializers.CharField()
    why_en = serializers.CharField()
    exchanges = CaseExchangeSerializer(many=True)


class ConformanceRunSerializer(ModelSerializer[ConformanceRun]):
    """One run against the endpoint of a connection."""

    connection = serializers.UUIDField(source="connection.uuid")

    class Meta:
        model = ConformanceRun
        fields: tuple[str, ...] = (
            "uuid", "connection", "base_url", "speaks", "is_strict", "state", "steps_done", "steps_all",
            "verdict", "passed", "failed", "skipped", "created_at", "finished_at",
        )  # fmt: skip


class ConformanceReportSerializer(ConformanceRunSerializer):
    """The same with every case."""

    cases = serializers.SerializerMethodField()

    class Meta(ConformanceRunSerializer.Meta):
        fields = (*ConformanceRunSerializer.Meta.fields, "cases")

    @extend_schema_field(ConformanceCaseSerializer(many=True))
    def get_cases(self, found: ConformanceRun) -> list[report.Record]:
        """In the order they were tried; empty until the run has ended."""
        return report.told(found.results)


class ConformanceRunWriting(Writing):
    """Which endpoint is tried, and how much."""

    connection = TenantUuidField(queries.connections)
    is_strict = serializers.BooleanField(
        required=False, default=True, help_text="Also what the official suite does not look at."
    )


class ConformanceRunFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What runs can be narrowed by."""

    connection = django_filters.UUIDFilter(field_name="connection__uuid", label="Uuid of the connection")
    state = django_filters.ChoiceFilter(choices=ConformanceRun.State.choices)


class ConformanceRunView(Creates):
    """Trials of partners' endpoints; one at a time for each connection."""

    serializer_class = ConformanceReportSerializer
    writing_class = ConformanceRunWriting
    filterset_class = ConformanceRunFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[ConformanceRun]:
        """Those of one's own companies."""
        return queries.conformance_runs(actor)

    def get_serializer_class(self) -> type[ConformanceRunSerializer]:
        """A list is without the cases."""
        return ConformanceRunSerializer if self.action == "list" else ConformanceReportSerializer

    def add(self, given: dict[str, Any]) -> ConformanceRun:
        """Queue a run; a worker does it."""
        return ask_to_try(given["connection"], by=self.actor, is_strict=given["is_strict"])
