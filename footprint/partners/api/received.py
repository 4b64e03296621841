"""Footprints of partners over REST: as they came, what preceded them, and what differs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.resources import Resource
from accounts.rest.serializing import ModelSerializer
from footprint.partners import queries
from footprint.partners.api.validator import FootprintCheckSerializer, told_in_both
from footprint.partners.judging import as_received
from footprint.partners.lineage import Version, compared, versions
from footprint.partners.models import PartnerFootprint

FROM = OpenApiParameter(
    "from", UUID, required=True, description="The `uuid` of one of its `versions`: what it is compared with."
)


class PartnerFootprintSerializer(ModelSerializer[PartnerFootprint]):
    """One footprint of a partner; figures are the texts it sent. `level` is its usability.

    `gone_at`: since then the partner does not show it any longer; null while it does.
    """

    company = CompanyRefSerializer()
    connection = serializers.UUIDField(source="connection.uuid")
    partner = serializers.CharField(source="connection.name")

    class Meta:
        model = PartnerFootprint
        fields = (
            "uuid", "company", "connection", "partner", "pf_id", "status", "product_name", "unit", "amount",
            "kg_co2e", "level", "received_at", "gone_at",
        )  # fmt: skip


class FootprintVersionSerializer(serializers.Serializer[Any]):
    """One version; `uuid` is null when the partner named it and never sent it."""

    pf_id = serializers.UUIDField()
    uuid = serializers.UUIDField(source="row.uuid", allow_null=True, default=None)
    steps = serializers.IntegerField(help_text="How far back, 0 for the footprint itself.")
    status = serializers.CharField(source="row.status", allow_null=True, default=None)
    kg_co2e = serializers.CharField(source="row.kg_co2e", allow_null=True, default=None)
    received_at = serializers.DateTimeField(source="row.received_at", allow_null=True, default=None)


class FootprintDifferenceSerializer(serializers.Serializer[Any]):
    """One value; null where it is not said. `change` is a share of what a number was."""

    pointer = serializers.CharField(help_text="JSON pointer (RFC 6901) into the footprint as PACT 3 says it.")
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    change = serializers.FloatField(allow_null=True)


class FootprintDifferencesSerializer(serializers.Serializer[Any]):
    """Between which two, and what differs; nothing is listed that is the same."""

    before = serializers.UUIDField()
    after = serializers.UUIDField()
    differences = FootprintDifferenceSerializer(many=True)


class PartnerFootprintFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What footprints of partners can be narrowed by."""

    connection = django_filters.UUIDFilter(field_name="connection__uuid", label="Uuid of the connection")
    pf_id = django_filters.UUIDFilter(label="The partner's own id")
    status = django_filters.CharFilter(label="`Active` or `Deprecated`")
    since = django_filters.IsoDateTimeFilter(
        field_name="received_at",
        lookup_expr="gt",
        label="Only what came after this received_at; listed in that order",
    )


class PartnerFootprintView(Resource):
    """What partners sent."""

    serializer_class = PartnerFootprintSerializer
    filterset_class = PartnerFootprintFilter

    @property
    def ordering_fields(self) -> tuple[str, ...]:  # type: ignore[override]
        """Whoever mirrors reads them as they came, so that the last time seen is where to go on."""
        asked = self.request is not None and "since" in self.request.query_params
        return ("received_at",) if asked else ("id", "received_at")

    def rows(self, actor: Actor) -> QuerySet[PartnerFootprint]:
        """Those of one's own companies."""
        return queries.received(actor)

    @extend_schema(
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
        operation_id="partner_footprints_document",
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def document(self, request: Request, uuid: UUID) -> HttpResponse:
        """The footprint in the very words of the partner: every digit as it came."""
        refuse_unknown_parameters(request, ())
        return HttpResponse(self.found(uuid).original, content_type="application/json")

    @extend_schema(
        responses=FootprintCheckSerializer, operation_id="partner_footprints_checks", filters=False
    )
    @action(detail=True, pagination_class=None)
    def checks(self, request: Request, uuid: UUID) -> Response:
        """What was wrong with it when it came, and what keeps it from a higher usability level."""
        refuse_unknown_parameters(request, ())
        found = self.found(uuid)
        (told,) = told_in_both(lambda: [as_received(found)])
        return Response(FootprintCheckSerializer(told).data)

    @extend_schema(responses=FootprintVersionSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def versions(self, request: Request, uuid: UUID) -> Response:
        """It and the versions before it, the latest first."""
        refuse_unknown_parameters(request, ())
        found = versions(self.actor, self.found(uuid))
        return Response(FootprintVersionSerializer(found, many=True).data)

    @extend_schema(responses=FootprintDifferencesSerializer, parameters=[FROM], filters=False)
    @action(detail=True, pagination_class=None)
    def differences(self, request: Request, uuid: UUID) -> Response:
        """What differs from an earlier version, value by value; what is the same is not listed."""
        refuse_unknown_parameters(request, ("from",))
        after = self.found(uuid)
        before = _among(versions(self.actor, after), request.query_params.get("from", ""))
        told = {"before": before.uuid, "after": after.uuid, "differences": compared(before, after)}
        return Response(FootprintDifferencesSerializer(told).data)


def _among(known: list[Version], named: str) -> PartnerFootprint:
    """The version that is named. Raises ValidationError."""
    rows = {str(each.row.uuid): each.row for each in known if each.row is not None}
    if named.lower() in rows:
        return rows[named.lower()]
    message = str(_("Choose one of: %(names)s.")) % {"names": ", ".join(rows)}
    raise ValidationError({"from": [ErrorDetail(message, code="unknown_choice")]})
