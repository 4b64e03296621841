"""Grants over REST: what a partner may see of one's own published footprints."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.rest.companies import CompanyRefSerializer
from accounts.rest.fields import TenantUuidField, Writing
from accounts.rest.resources import Creates
from accounts.rest.schema import ANY_UUID, example
from accounts.rest.serializing import ModelSerializer
from footprint.inventory.queries import own_products
from footprint.partners import actions, queries
from footprint.partners.models import FootprintGrant


class GrantSerializer(ModelSerializer[FootprintGrant]):
    """What is open to whom; `product` null is every product of the company. The last day counts whole."""

    company = CompanyRefSerializer()
    connection = serializers.UUIDField(source="connection.uuid")
    partner = serializers.CharField(source="connection.name")
    product = serializers.UUIDField(source="product.uuid", allow_null=True, default=None)
    is_in_force = serializers.SerializerMethodField()

    class Meta:
        model = FootprintGrant
        fields = (
            "uuid", "company", "connection", "partner", "product", "level", "purpose", "may_pass_on",
            "ends_on", "is_in_force", "created_at", "revoked_at",
        )  # fmt: skip

    def get_is_in_force(self, grant: FootprintGrant) -> bool:
        """Neither closed nor over."""
        return grant.revoked_at is None and not grant.is_over


@example(
    "The total of one product for a year",
    {
        "connection": ANY_UUID,
        "product": ANY_UUID,
        "level": "total",
        "purpose": "Annual report",
        "ends_on": "2099-12-31",
    },
)
class GrantWriting(Writing):
    """To whom, what of it, how much and until when."""

    connection = TenantUuidField(queries.connections)
    product = TenantUuidField(own_products, required=False, allow_null=True)
    level = serializers.ChoiceField(FootprintGrant.LEVELS, required=False)
    purpose = serializers.CharField(required=False, allow_blank=True, max_length=200)
    may_pass_on = serializers.BooleanField(required=False)
    ends_on = serializers.DateField(required=False, allow_null=True)


class GrantFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What grants can be narrowed by."""

    connection = django_filters.UUIDFilter(field_name="connection__uuid", label="Uuid of the connection")
    product = django_filters.UUIDFilter(field_name="product__uuid", label="Uuid of the product")
    in_force = django_filters.BooleanFilter(method="by_force", label="Neither closed nor over, or the others")

    def by_force(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """As the database counts days."""
        standing = FootprintGrant.objects.in_force().values("pk")
        return rows.filter(pk__in=standing) if value else rows.exclude(pk__in=standing)


class GrantView(Creates):
    """What partners may see; a grant does not change, it is ended and another one made."""

    serializer_class = GrantSerializer
    writing_class = GrantWriting
    filterset_class = GrantFilter
    ordering_fields = ("id", "created_at")

    def rows(self, actor: Actor) -> QuerySet[FootprintGrant]:
        """Those one's own companies gave."""
        return queries.all_grants(actor)

    def add(self, given: dict[str, Any]) -> FootprintGrant:
        """Open footprints to a partner."""
        return actions.grant_footprints(given.pop("connection"), by=self.actor, at=timezone.now(), **given)

    @extend_schema(request=None, responses=GrantSerializer, filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def end(self, request: Request, uuid: UUID) -> Response:
        """Close what was opened; what the partner received it keeps."""
        actions.end_grant(self.found(uuid), by=self.actor, at=timezone.now())
        return self.answer(self.found(uuid))
