"""Of which product category a line is: its own product's, else its provider's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from footprint.inventory.models import Exchange, Product


def categories_of_providers(found: Iterable[Exchange]) -> dict[int, str | None]:
    """The category codes of the products that provide these lines, by the products' keys; one query."""
    wanted = {line.provider_product_id for line in found if line.provider_product_id}
    return dict(Product.objects.filter(pk__in=wanted).values_list("pk", "category__code"))


def category_of(line: Exchange, of_providers: Mapping[int, str | None]) -> str:
    """The code, or nothing."""
    if line.product and line.product.category:
        return line.product.category.code
    return of_providers.get(line.provider_product_id or 0) or ""
