"""Figures over REST: read only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.actor import Actor
from accounts.rest.lists import YearFilter
from accounts.rest.resources import Resource
from footprint.calculation.api.reading import ContributionsSerializer, FootprintSerializer
from footprint.calculation.models import Footprint
from footprint.calculation.queries import contributions, footprints, freshness, gases
from footprint.inventory.models import UnitProcess


class FootprintFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What figures can be narrowed by."""

    product = django_filters.UUIDFilter(field_name="product__uuid", label="Uuid of the product")
    inventory = django_filters.UUIDFilter(field_name="inventory__uuid", label="Uuid of the inventory")
    process = django_filters.UUIDFilter(field_name="process__uuid", label="Uuid of the unit process")
    company = django_filters.UUIDFilter(field_name="company__uuid", label="Uuid of the company")
    year = YearFilter()
    state = django_filters.ChoiceFilter(choices=Footprint.State.choices, label="Whether it could be computed")
    since = django_filters.IsoDateTimeFilter(
        field_name="computed_at",
        lookup_expr="gt",
        label="Only what was computed after this computed_at; listed in that order",
    )


class FootprintView(Resource):
    """Calculated footprints: one's own, and the totals of products partners opened."""

    serializer_class = FootprintSerializer
    filterset_class = FootprintFilter

    @property
    def ordering_fields(self) -> tuple[str, ...]:  # type: ignore[override]
        """Whoever mirrors reads changes in their order, so that the last time seen is where to go on."""
        asked = self.request is not None and "since" in self.request.query_params
        return ("computed_at",) if asked else ("id", "year", "computed_at")

    def rows(self, actor: Actor) -> QuerySet[Footprint]:
        """Own and opened ones; joining a partner's process, which is out of sight, would hide the figure."""
        return footprints(actor).select_related("company", "product", "run__factor_release")

    def shown(self, rows: Any, *, many: bool = False) -> BaseSerializer[Any]:
        """With freshness, process and inventory of all of them, asked for at once."""
        listed: Iterable[Footprint] = rows if many else [rows]
        processes = UnitProcess.objects.visible_to(self.actor).select_related("inventory")
        context = {
            **self.get_serializer_context(),
            "states": freshness(self.actor, listed),
            "processes": processes.in_bulk([footprint.process_id for footprint in listed]),
        }
        return FootprintSerializer(rows, many=many, context=context)

    @extend_schema(responses=ContributionsSerializer, filters=False)
    @action(detail=True, url_path="contributions", pagination_class=None)
    def contributions(self, request: Request, uuid: UUID) -> Response:
        """What one's own figure is made of; a partner's answers 404."""
        footprint = self.found(uuid)
        if footprint.company_id not in self.actor.company_ids:
            raise Http404
        body = {
            "unit": footprint.unit,
            "kg_co2e_ar5": footprint.kg_co2e_ar5,
            "kg_co2e_ar6": footprint.kg_co2e_ar6,
            "freshness": str(freshness(self.actor, [footprint])[footprint.pk]),
            "parts": contributions(self.actor, footprint),
            "by_gas": gases(self.actor, footprint),
        }
        return Response(ContributionsSerializer(body).data)
