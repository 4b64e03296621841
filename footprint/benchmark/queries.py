"""Questions about where one stands. Only released figures and one's own are ever answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import QuerySet

from accounts.actor import Actor
from footprint.benchmark.models import Release
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Thing
from footprint.calculation.models import Footprint
from footprint.calculation.quantities import in_unit
from footprint.engine.disclosure.statistics import Standing as Position
from footprint.engine.disclosure.statistics import standing
from footprint.inventory.models import Product
from footprint.rules.models import ProductCategory


class Hidden(StrEnum):
    """Why a median is not shown, in general terms."""

    FEW = "few"
    NOT_GIVEN = "not_given"


@dataclass(frozen=True)
class Standing:
    """One category in one year: own figure against the released median, kg CO2e per unit of the category."""

    category: ProductCategory
    year: int
    own: float | None
    release: Release | None

    @property
    def median(self) -> float | None:
        """The released median; shown only to those who contribute a figure themselves."""
        return self.release.median if self.release and self.own is not None else None

    @property
    def hidden(self) -> Hidden | None:
        """Why there is no median; nothing when there is one."""
        if self.release is None:
            return Hidden.FEW
        return Hidden.NOT_GIVEN if self.own is None else None

    @property
    def position(self) -> Position | None:
        """Below, near or above the released median."""
        if self.median is None or self.own is None:
            return None
        return standing(self.own, self.median)


def categories(actor: Actor) -> list[ProductCategory]:
    """All categories, in the order of the chain."""
    return list(ProductCategory.objects.order_by("position", "code")) if actor.is_known else []


def standings(actor: Actor, category: ProductCategory | None = None) -> list[Standing]:
    """Every category and year in which there is something to say, latest year first."""
    chosen = [category] if category else categories(actor)
    own = _own_values(actor, category)
    released = {
        (release.cell.category_id, release.cell.year): release
        for release in Release.objects.select_related("cell")
        if category is None or release.cell.category_id == category.pk
    }
    found = []
    for each in chosen:
        years = {year for pk, year in (*own, *released) if pk == each.pk}
        found += [
            Standing(each, year, own.get((each.pk, year)), released.get((each.pk, year)))
            for year in sorted(years, reverse=True)
        ]
    return found


def own_products(actor: Actor, category: ProductCategory) -> QuerySet[Product]:
    """The actor's companies' products of a category."""
    return (
        Product.objects.visible_to(actor)
        .filter(category=category, company_id__in=actor.company_ids)
        .select_related("company")
        .order_by("company__code", "code")
    )


def _own_values(actor: Actor, category: ProductCategory | None) -> dict[tuple[int, int], float]:
    """The actor's companies' production-weighted figures by category and year."""
    figures = Footprint.objects.filter(
        company_id__in=actor.company_ids, state=Footprint.State.CURRENT, product__category__isnull=False
    ).select_related("product__category")
    if category is not None:
        figures = figures.filter(product__category=category)
    sums: dict[tuple[int, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for footprint in figures:
        product = footprint.product
        assert product.category is not None
        thing = Thing(product.unit, product.conversions or {}, product.lhv_mj_per_unit)
        try:
            per_declared = float(in_unit(Decimal(1), footprint.unit, product.category.unit, thing))
        except Fault:
            continue
        total = sums[product.category.pk, footprint.year]
        total[0] += (footprint.kg_co2e_ar6 or 0.0) * footprint.production
        total[1] += footprint.production * per_declared
    return {key: burden / made for key, (burden, made) in sums.items() if made > 0}
