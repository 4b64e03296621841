"""Questions behind lists: products with their figures, and what waits for somebody.

A fixed number of queries, however many products: figures are read for the rows of a page only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor
from accounts.visibility import rows as sql_rows
from footprint.calculation.models import Footprint
from footprint.calculation.queries import ProductFigure, product_figures
from footprint.inventory.models import Inventory, Product, UnitProcess

STATES = ("current", "pending", "failed", "none")


@dataclass(frozen=True)
class ProductRow:
    """A product with its figure of one year and that of the year before."""

    product: Product
    figure: ProductFigure | None
    previous: ProductFigure | None
    gwp: str = "AR6"

    @property
    def value(self) -> float | None:
        """kg CO2e per declared unit."""
        return self.figure.value(self.gwp) if self.figure else None

    @property
    def previous_value(self) -> float | None:
        """The same a year earlier."""
        return self.previous.value(self.gwp) if self.previous else None

    @property
    def change(self) -> float | None:
        """The relative change since the year before."""
        if self.value is None or not self.previous_value:
            return None
        return self.value / self.previous_value - 1


def product_rows(
    actor: Actor, products: Sequence[Product], *, year: int | None = None, gwp: str = "AR6"
) -> list[ProductRow]:
    """The products with their figures: of the year asked for, else of each one's latest."""
    figures = product_figures(actor, [product.pk for product in products])
    return [_row(product, figures.get(product.pk, []), year, gwp) for product in products]


def _row(product: Product, figures: list[ProductFigure], year: int | None, gwp: str) -> ProductRow:
    by_year = {figure.year: figure for figure in figures}
    chosen = year if year is not None else max(by_year, default=0)
    return ProductRow(product, by_year.get(chosen), by_year.get(chosen - 1), gwp)


def with_figures(
    actor: Actor, products: QuerySet[Product], *, year: int | None = None, state: str = ""
) -> QuerySet[Product]:
    """Of these products, the ones with a figure of that year and in that state."""
    if not year and not state:
        return products
    figures = Footprint.objects.visible_to(actor).filter(product_id=OuterRef("pk"))
    if year:
        figures = figures.filter(year=year)
    if state == "none":
        return products.filter(~Exists(figures))
    if state == "failed":
        return products.filter(Exists(figures.filter(state=Footprint.State.FAILED)))
    if state in ("current", "pending"):
        stale = Q(process_id__in=stale_processes(actor))
        wanted = stale if state == "pending" else ~stale & Q(state=Footprint.State.CURRENT)
        return products.filter(Exists(figures.filter(wanted)))
    return products.filter(Exists(figures)) if year else products


def stale_processes(actor: Actor) -> list[int]:
    """Own processes whose figures wait for a recomputation."""
    own = UnitProcess.objects.visible_to(actor).values_list("pk", flat=True)
    return [row[0] for row in sql_rows("SELECT calculation_stale(%s::bigint[])", [list(own)])]


def years(actor: Actor) -> list[int]:
    """The reference years of the actor's own inventories, the latest first."""
    ends = Inventory.objects.visible_to(actor).values_list("period_end__year", flat=True)
    return sorted(set(ends.distinct()), reverse=True)


def leading_products(actor: Actor, limit: int = 12) -> list[Product]:
    """The own products a home page shows: those of the alliance's categories, in their order."""
    return list(
        Product.objects.own(actor)
        .filter(category__isnull=False)
        .filter(Exists(Footprint.objects.filter(product_id=OuterRef("pk"))))
        .select_related("category", "company")
        .order_by("category__position", "code")[:limit]
    )
