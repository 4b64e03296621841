"""Verifications over REST: what was agreed, looked at, found and stated."""

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

from accounts.actor import Actor
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import Writing
from accounts.rest.resources import Resource
from accounts.rest.schema import IF_MATCH
from accounts.rest.versions import asked_version
from footprint.verification import queries
from footprint.verification.actions import move_engagement
from footprint.verification.models import (
    Engagement,
    SampledLine,
    VerificationFinding,
    VerificationStatement,
)

BY_REASON = ("decline", "report", "resume", "revoke", "cancel")


class SampledLineSerializer(serializers.ModelSerializer[SampledLine]):
    """A line of the sample; ``line`` is its identifier in the frozen copy."""

    reasons = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = SampledLine
        fields = ("uuid", "line", "risk", "reasons", "verdict", "evidence", "marked_at")


class VerificationFindingSerializer(serializers.ModelSerializer[VerificationFinding]):
    """A finding with its answer."""

    class Meta:
        model = VerificationFinding
        fields = ("uuid", "severity", "text", "raised_at", "answer", "answered_at", "closed_at")


class VerificationStatementSerializer(serializers.ModelSerializer[VerificationStatement]):
    """``jws`` carries ``content``."""

    content = serializers.JSONField()

    class Meta:
        model = VerificationStatement
        fields = (
            "uuid", "level", "outcome", "stated_on", "valid_until", "content_hash", "key_id", "content",
            "jws", "revoked_at",
        )  # fmt: skip


class EngagementSerializer(serializers.ModelSerializer[Engagement]):
    """A verification; sample, findings and statement are empty before the dossier is open."""

    company = CompanyRefSerializer()
    body = CompanyRefSerializer()
    sample = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    statement = serializers.SerializerMethodField()
    test_run = serializers.JSONField(allow_null=True)

    class Meta:
        model = Engagement
        fields = (
            "uuid", "version", "company", "body", "name_zh", "name_en", "period_start", "period_end",
            "level", "standard", "scope", "access_until", "declaration", "declared_at", "state",
            "sample_size", "test_run", "tested_at", "sample", "findings", "statement", "created_at",
        )  # fmt: skip

    @extend_schema_field(SampledLineSerializer(many=True))
    def get_sample(self, row: Engagement) -> Any:
        """The riskiest first."""
        return SampledLineSerializer(queries.sample(self.context["actor"], row), many=True).data

    @extend_schema_field(VerificationFindingSerializer(many=True))
    def get_findings(self, row: Engagement) -> Any:
        """Open ones first."""
        return VerificationFindingSerializer(queries.findings(self.context["actor"], row), many=True).data

    @extend_schema_field(VerificationStatementSerializer(allow_null=True))
    def get_statement(self, row: Engagement) -> Any:
        """What was stated in the end."""
        found = queries.statement(self.context["actor"], row)
        return VerificationStatementSerializer(found).data if found else None


class EngagementMoveWriting(Writing):
    """One move that needs a reason at most, from the version in If-Match."""

    move = serializers.ChoiceField([(name, name) for name in BY_REASON])
    reason = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class EngagementFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What verifications can be narrowed by."""

    company = django_filters.UUIDFilter(field_name="company__uuid", label="Uuid of the company")
    state = django_filters.ChoiceFilter(choices=Engagement.State.choices, label="Where it stands")


class EngagementView(Resource):
    """Verifications of published footprints: one's own company's, and those one works on."""

    serializer_class = EngagementSerializer
    filterset_class = EngagementFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[Engagement]:
        """Own ones, and those of the verifier."""
        return queries.engagements(actor)

    @extend_schema(request=EngagementMoveWriting, responses=EngagementSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="moves")
    def moves(self, request: Request, uuid: UUID) -> Response:
        """Move it on, or be told what stands in the way."""
        engagement = self.found(uuid)
        version = asked_version(request)
        body = EngagementMoveWriting(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        moved = move_engagement(
            engagement, by=self.actor, at=timezone.now(), version=version, **body.validated_data
        )
        return self.answer(moved)
