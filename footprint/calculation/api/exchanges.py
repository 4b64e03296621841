"""Input and output lines over REST."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from accounts.rest.companies import refuse_moving
from accounts.rest.lists import refuse_unknown_parameters
from accounts.rest.resources import Changes, Creates, Removes
from footprint.calculation.api.candidates import CandidateSerializer
from footprint.calculation.api.prices import Priced
from footprint.calculation.api.reading import ExchangeSerializer, ProductRefSerializer
from footprint.calculation.api.writing import ExchangeWriting
from footprint.inventory.actions import add_exchange, change_exchange, remove_exchange
from footprint.inventory.candidates import candidates
from footprint.inventory.models import Exchange
from footprint.inventory.queries import CUT_OFF


class ExchangeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What lines can be narrowed by."""

    inventory = django_filters.UUIDFilter(
        field_name="process__inventory__uuid", label="Uuid of the inventory"
    )
    process = django_filters.UUIDFilter(field_name="process__uuid", label="Uuid of the unit process")
    product = django_filters.UUIDFilter(field_name="product__uuid", label="Uuid of the product")
    provider_product = django_filters.UUIDFilter(
        field_name="provider_product__uuid", label="Uuid of the product it comes from"
    )
    factor_version = django_filters.UUIDFilter(
        field_name="factor_version__uuid", label="Uuid of the factor version it is weighed with"
    )
    direction = django_filters.ChoiceFilter(choices=Exchange.Direction.choices)
    kind = django_filters.ChoiceFilter(choices=Exchange.Kind.choices)
    gas = django_filters.CharFilter()
    external_id = django_filters.CharFilter()
    cut_off = django_filters.BooleanFilter(
        method="by_provider",
        label="Product inputs without a provider, which count nothing; or all others",
    )

    def by_provider(self, rows: QuerySet[Exchange], _name: str, value: bool) -> QuerySet[Exchange]:
        """Those left out, or those that are not."""
        return rows.filter(CUT_OFF) if value else rows.exclude(CUT_OFF)


SHOWN = (
    *(field.name for field in Exchange._meta.concrete_fields),
    "process__uuid",
    "process__inventory__uuid",
    *(f"product__{name}" for name in ProductRefSerializer.Meta.fields),
    "provider_process__uuid",
    "provider_product__uuid",
    "factor_version__uuid",
    "factor_version__factor__kind",
)
"""What an answer says of a line: of things beside it, which many share, little."""


class ExchangeView(Priced, Creates, Changes, Removes):
    """Input and output lines of one's own unit processes."""

    serializer_class = ExchangeSerializer
    writing_class = ExchangeWriting
    filterset_class = ExchangeFilter
    ordering_fields = ("id", "position")

    def rows(self, actor: Actor) -> QuerySet[Exchange]:
        """Own lines."""
        found = Exchange.objects.visible_to(actor).select_related(
            "process__inventory",
            "product",
            "provider_process",
            "provider_product",
            "factor_version__factor",
        )
        is_read = self.action in ("list", "retrieve")
        return found.only(*SHOWN) if is_read else found.select_related("process__inventory__site")

    def touched(self, row: Exchange) -> Iterable[int]:
        """The process it belongs to; none where an emission was and stays one, which is no part of a loop."""
        is_emission = row.kind == Exchange.Kind.ELEMENTARY and "kind" not in self.request.data
        return [] if is_emission else [row.process_id]

    def add(self, given: dict[str, Any]) -> Exchange:
        """A further line."""
        return add_exchange(given.pop("process"), by=self.actor, **given)

    def change(self, row: Exchange, version: int, given: dict[str, Any]) -> Exchange:
        """Change a line."""
        refuse_moving(given, "process")
        return change_exchange(row, by=self.actor, version=version, **given)

    def remove(self, row: Exchange, version: int) -> None:
        """Take a line away."""
        remove_exchange(row, by=self.actor, version=version)

    @extend_schema(
        responses=CandidateSerializer(many=True),
        filters=False,
        parameters=[OpenApiParameter("search", str, description="Every word occurs in a name or the code.")],
    )
    @action(detail=True, methods=["get"], url_path="providers", pagination_class=None)
    def providers(self, request: Request, uuid: UUID) -> Response:
        """What could provide the line, with the reasons; the best match is marked."""
        refuse_unknown_parameters(request, ("search",))
        found = candidates(self.actor, self.found(uuid), request.query_params.get("search", ""))
        return Response(CandidateSerializer(found, many=True).data)
