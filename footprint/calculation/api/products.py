"""Products over REST."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from accounts.actor import Actor
from accounts.authentication import actor_in
from accounts.rest.companies import company_for, refuse_moving
from accounts.rest.lists import asked_year, refuse_unknown_parameters
from accounts.rest.resources import Changes, Creates
from accounts.rest.schema import PROBLEM, ProblemSerializer
from footprint.calculation.api.reading import FigureSerializer, ProductSerializer
from footprint.calculation.api.resources import Calculated
from footprint.calculation.api.writing import ProductWriting
from footprint.calculation.bundles import bundle
from footprint.calculation.queries import product_figures
from footprint.inventory.actions import add_product, change_product
from footprint.inventory.identifiers import spellings
from footprint.inventory.models import Product

YEAR = OpenApiParameter(
    "year",
    {"type": "integer", "minimum": 1900, "maximum": 2200},
    description="Reference year; without it the latest one.",
)


class ProductFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What products can be narrowed by."""

    code = django_filters.CharFilter()
    category = django_filters.CharFilter(field_name="category__code", label="Code of the category")
    company = django_filters.UUIDFilter(field_name="company__uuid", label="Uuid of the company")
    kind = django_filters.ChoiceFilter(choices=Product.Kind.choices)
    external_uuid = django_filters.UUIDFilter()
    identifier = django_filters.CharFilter(
        method="by_identifier",
        label="A URN, a GTIN or a CAS number, in whichever spelling; one's own products",
    )
    search = django_filters.CharFilter(method="by_text", label="Part of the code or a name")

    def by_identifier(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Own ones known by it: what others call a partner's product is its maker's business."""
        companies = actor_in(self.request).company_ids
        return rows.filter(company_id__in=companies, identifiers__has_any_keys=spellings(value))

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Part of the code or of a name."""
        return rows.filter(
            Q(code__icontains=value) | Q(name_zh__icontains=value) | Q(name_en__icontains=value)
        )


class ProductView(Calculated, Creates, Changes):
    """One's own products, and those partners opened, each with its figure by year."""

    serializer_class = ProductSerializer
    writing_class = ProductWriting
    filterset_class = ProductFilter
    ordering_fields = ("id", "code", "name_en", "name_zh")

    def rows(self, actor: Actor) -> QuerySet[Product]:
        """Own and opened ones."""
        return Product.objects.visible_to(actor).select_related("company", "category")

    def parts(self, rows: Any) -> Sequence[QuerySet[Any]]:
        """Own ones, and opened ones."""
        return [rows.own(self.actor), rows.opened(self.actor)]

    def shown(self, rows: Any, *, many: bool = False) -> BaseSerializer[Any]:
        """With the figures of all of them, asked for at once."""
        listed: Iterable[Product] = rows if many else [rows]
        figures = product_figures(self.actor, [product.pk for product in listed])
        shape = FigureSerializer()
        context = {**self.get_serializer_context(), "figures": figures, "figure_shape": shape}
        return ProductSerializer(rows, many=many, context=context)

    def add(self, given: dict[str, Any]) -> Product:
        """A further product."""
        return add_product(company_for(self.actor, given), by=self.actor, **given)

    def change(self, row: Product, version: int, given: dict[str, Any]) -> Product:
        """Change a product."""
        refuse_moving(given, "company")
        return change_product(row, by=self.actor, version=version, **given)

    @extend_schema(
        parameters=[YEAR],
        filters=False,
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            (409, PROBLEM): OpenApiResponse(ProblemSerializer, "There is no figure to bundle, or none yet"),
        },
    )
    @action(detail=True, url_path="bundle", pagination_class=None)
    def bundle(self, request: Request, uuid: UUID) -> HttpResponse:
        """The calculation bundle of one's own figure, to be replayed offline; a partner's answers 404."""
        refuse_unknown_parameters(request, ["year"])
        product = self.found(uuid)
        if product.company_id not in self.actor.company_ids:
            raise Http404
        written = bundle(self.actor, product, asked_year(request))
        return HttpResponse(
            written.content,
            content_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="{written.name}"',
                "ETag": f'"{written.root}"',
            },
        )
