"""Products over REST."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from rest_framework.serializers import BaseSerializer

from accounts.actor import Actor
from accounts.rest.companies import company_for, refuse_moving
from accounts.rest.resources import Changes, Creates
from footprint.calculation.api.reading import FigureSerializer, ProductSerializer
from footprint.calculation.api.resources import Calculated
from footprint.calculation.api.writing import ProductWriting
from footprint.calculation.queries import product_figures
from footprint.inventory.actions import add_product, change_product
from footprint.inventory.models import Product


class ProductFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What products can be narrowed by."""

    code = django_filters.CharFilter()
    category = django_filters.CharFilter(field_name="category__code", label="Code of the category")
    company = django_filters.UUIDFilter(field_name="company__uuid", label="Uuid of the company")
    kind = django_filters.ChoiceFilter(choices=Product.Kind.choices)
    external_uuid = django_filters.UUIDFilter()
    search = django_filters.CharFilter(method="by_text", label="Part of the code or a name")

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
