"""The prices of output lines over REST: the own company's alone, and of it only those who may read prices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policy import require
from accounts.rest.fields import AmountField, Writing
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.schema import example
from accounts.rest.serializing import ModelSerializer
from accounts.rest.versions import asked_version, etag
from accounts.roles import Permission
from footprint.calculation.api.resources import Calculated
from footprint.inventory import queries
from footprint.inventory.actions import remove_price, set_price
from footprint.inventory.models import OutputPrice


class PriceSerializer(ModelSerializer[OutputPrice]):
    """The price of one unit of the line in a year."""

    price = AmountField()
    unit = serializers.CharField(source="exchange.unit", help_text="The line's own.")

    class Meta:
        model = OutputPrice
        fields = ("year", "price", "currency", "unit")


@example("Yuan per unit of the line", {"price": "7850.50", "currency": "CNY"})
class PriceWriting(Writing):
    """What one unit of the line cost in the year of the address."""

    price = AmountField()
    currency = serializers.CharField(
        max_length=3, required=False, help_text="ISO 4217; left out, the one that the process has, else CNY."
    )


class Priced(Calculated):
    """A line whose prices are read, set and taken away, each from a version of the line."""

    @extend_schema(responses=PriceSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], url_path="prices", pagination_class=None)
    def prices(self, request: Request, uuid: UUID) -> Response:
        """The prices behind an economic allocation, the latest first; the ETag is the line's."""
        refuse_unknown_parameters(request, ())
        line = self.found(uuid)
        require(self.actor, Permission.READ_PRICES, company_id=line.company_id)
        rows = queries.line_prices(self.actor, line)
        return Response(PriceSerializer(rows, many=True).data, headers={"ETag": etag(line.version)})

    @extend_schema(request=PriceWriting, responses=PriceSerializer, filters=False)
    @action(detail=True, methods=["put"], url_path="prices/<int:year>", pagination_class=None)
    def price(self, request: Request, uuid: UUID, year: int) -> Response:
        """Set the price of a year; If-Match holds the ETag of the line, and the answer its next one."""
        refuse_unknown_parameters(request, ())
        line, version = self.found(uuid), asked_version(request)
        given: dict[str, Any] = self.shaped(PriceWriting, request)
        stored = set_price(line, by=self.actor, year=year, version=version, **given)
        self.written(line)
        return Response(PriceSerializer(stored).data, headers={"ETag": etag(line.version)})

    @extend_schema(responses={204: None}, filters=False)
    @price.mapping.delete
    def remove_price(self, request: Request, uuid: UUID, year: int) -> Response:
        """Take the price of a year away; If-Match holds the ETag of the line, and the answer its next one."""
        refuse_unknown_parameters(request, ())
        line, version = self.found(uuid), asked_version(request)
        remove_price(line, by=self.actor, year=year, version=version)
        self.written(line)
        return Response(status=status.HTTP_204_NO_CONTENT, headers={"ETag": etag(line.version)})
