"""Where a product stands on the straight path from its base year to its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.actor import Actor
from footprint.benchmark import queries
from footprint.benchmark.models import ReductionTarget
from footprint.benchmark.queries import TrendYear
from footprint.inventory.models import Product


@dataclass(frozen=True)
class Path:
    """A product, its target, and own figures as they were frozen, by year; kg CO2e per unit."""

    product: Product
    target: ReductionTarget | None
    own: dict[int, float]

    @property
    def base(self) -> float | None:
        """The figure of the base year."""
        return self.own.get(self.target.base_year) if self.target else None

    @property
    def years(self) -> list[int]:
        """Every year from the first figure or the base to the last figure or the target."""
        ends = {self.target.base_year, self.target.target_year} if self.target else set()
        told = ends | self.own.keys()
        return list(range(min(told), max(told) + 1)) if told else []

    def planned(self, year: int) -> float | None:
        """What the path comes to in a year; nothing before its base."""
        if self.target is None or self.base is None or year < self.target.base_year:
            return None
        return self.base * self.target.part_in(year)

    @property
    def latest(self) -> int | None:
        """The last year with an own figure on the path."""
        on_it = [year for year in self.own if self.planned(year) is not None]
        return max(on_it, default=None)

    @property
    def ahead(self) -> float | None:
        """By how much the latest figure lies above the path, as a share; negative: below it."""
        planned = self.planned(self.latest) if self.latest is not None else None
        return self.own[self.latest] / planned - 1.0 if planned and self.latest is not None else None


def paths(actor: Actor, products: Sequence[Product], years: Sequence[TrendYear]) -> list[Path]:
    """Of each product, beside the company's figures in the comparison of its category."""
    rows = ReductionTarget.objects.visible_to(actor).filter(product__in=list(products))
    targets = {row.product_id: row for row in rows}
    year_of = {each.standing.release.pk: each.year for each in years if each.standing.release}
    own = {
        (given.company_id, year_of[given.release_id]): given.own
        for given in queries.positions(actor, list(year_of))
    }
    return [
        Path(
            product,
            targets.get(product.pk),
            {year: kg for (company, year), kg in own.items() if company == product.company_id},
        )
        for product in products
    ]


def path_of(actor: Actor, product: Product) -> Path:
    """One product's, in the comparison that its category's page shows first."""
    found = queries.standings(actor, product.category) if product.category else []
    shown = next((each for each in found if each.is_open), None)
    years = queries.trend(found, shown) if shown else []
    return paths(actor, [product], years)[0]
