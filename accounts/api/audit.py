"""The audit log over REST: read only, and a checkpoint to keep."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import audit_queries, queries
from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.models import AuditEntry, Company
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.resources import Resource
from accounts.rest.schema import ResourceSchema
from accounts.rest.serializing import ModelSerializer


@extend_schema_field({"type": "object", "additionalProperties": True})
class FactsField(serializers.ReadOnlyField):
    """What there is to say: changed rows with before and after, else what happened. Numbers are texts."""

    def to_representation(self, value: Any) -> Any:
        """Every digit of every number."""
        if isinstance(value, dict):
            return {key: self.to_representation(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.to_representation(inner) for inner in value]
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return format(Decimal(value), "f") if is_number else value


class AuditEntrySerializer(ModelSerializer[AuditEntry]):
    """One entry of a hash chain; ``facts_text`` is the text of ``facts`` that was hashed."""

    company = CompanyRefSerializer(allow_null=True)
    facts = FactsField()
    facts_text = serializers.CharField(source="text")

    class Meta:
        model = AuditEntry
        fields = (
            *("company", "position", "at", "actor", "request", "action", "subject", "about"),
            *("facts", "facts_text", "previous", "hash"),
        )


class SubjectFilter(django_filters.BaseInFilter, django_filters.CharFilter):  # type: ignore[misc]
    """One or several, with commas between them."""


class AuditFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the log can be narrowed by."""

    company = django_filters.UUIDFilter(field_name="company__uuid", label="Uuid of the company")
    actor = django_filters.CharFilter(label="For example person:UUID or client:UUID")
    action = django_filters.CharFilter()
    subject = SubjectFilter(lookup_expr="in", help_text="Tables, or what was asked for; commas between them")
    about = django_filters.UUIDFilter(field_name="about", lookup_expr="contains", method="by_thing")
    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")
    after = django_filters.NumberFilter(
        method="by_position",
        min_value=0,
        decimal_places=0,
        label=(
            "Only what was stored after this position, listed in that order. Positions count by company: who "
            "reads the logs of several names one in `company`"
        ),
    )

    def by_thing(self, rows: QuerySet[Any], name: str, value: UUID) -> QuerySet[Any]:
        """What was done to a thing and to its parts."""
        return rows.filter(about__contains=[value])

    def by_position(self, rows: QuerySet[Any], name: str, value: Decimal) -> QuerySet[Any]:
        """What one company's chain grew by: in the order of commits, which times are not.

        Raises:
            ValidationError: whose log is meant is not said.
        """
        company = _company(actor_in(self.request), self.data.get("company", ""))
        if company is None:
            message = _("Say in company whose log you follow: positions count by company.")
            raise serializers.ValidationError({"after": [ErrorDetail(str(message), code="no_company")]})
        return rows.filter(company=company, position__gt=value)


class AuditView(Resource):
    """Who did what, when, and what it was before and after: the audit log of one's own company."""

    serializer_class = AuditEntrySerializer
    filterset_class = AuditFilter

    @property
    def ordering_fields(self) -> tuple[str, ...]:  # type: ignore[override]
        """Whoever follows a log reads it in its order, so that the last position seen is where to go on."""
        asked = self.request is not None and "after" in self.request.query_params
        return ("position",) if asked else ("id", "position")

    def rows(self, actor: Actor) -> QuerySet[AuditEntry]:
        """What the actor may read."""
        readable = AuditEntry.objects.visible_to(actor).select_related("company")
        return readable.annotate(text=Cast("facts", TextField()))


class ProofSerializer(serializers.Serializer[Any]):
    """A signed checkpoint and the way from one's own chain to it; keep it where we cannot reach it."""

    format = serializers.CharField()
    company = serializers.CharField(help_text="Code of the company.")
    checkpoint = serializers.CharField(help_text="The signed line, as in the header X-Audit-Head.")
    public_key = serializers.CharField(help_text="Ed25519, hexadecimal.")
    chain = serializers.CharField()
    position = serializers.IntegerField(help_text="Entries in the chain.")
    head = serializers.CharField(help_text="Hash of the last of them.")
    blinding = serializers.CharField()
    index = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField())


class CheckpointView(APIView):
    """The latest checkpoint with the own company's path to it."""

    schema = ResourceSchema()

    @extend_schema(
        responses=ProofSerializer,
        operation_id="audit_checkpoint_retrieve",
        parameters=[OpenApiParameter("company", UUID, description="Needed by those who read several logs.")],
    )
    def get(self, request: Request) -> Response:
        """404 before the first one, and for a log that is not one's own."""
        refuse_unknown_parameters(request, ("company",))
        actor = actor_in(request)
        company = _company(actor, request.query_params.get("company", ""))
        proof = audit_queries.proof(actor, company) if company else None
        if proof is None:
            raise Http404
        return Response(proof)


def _company(actor: Actor, asked: str) -> Company | None:
    """The company that was asked for, else the only one whose log the actor reads."""
    readable = queries.audited_companies(actor)
    if not asked:
        found = list(readable[:2])
        return found[0] if len(found) == 1 else None
    try:
        return readable.filter(uuid=UUID(asked)).first()
    except ValueError:
        return None
