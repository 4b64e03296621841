"""The prices of co-products over the years, and whether single years order another method than their mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.actor import Actor
from footprint.calculation import inputs, shares
from footprint.engine.allocation import Basis
from footprint.engine.errors import EngineError
from footprint.engine.pact_allocation import ENOUGH_YEARS, PRICE_RATIO, Answers, decide
from footprint.inventory.actions.rule_order import ordered
from footprint.inventory.models import Exchange, UnitProcess
from footprint.rules.queries import price_rule_in_force


@dataclass(frozen=True)
class PriceYear:
    """One year's ratio of prices per kilogram, and whether it orders another method than their mean."""

    year: int
    ratio: float
    is_economic: bool
    flips: bool

    @property
    def is_bounded(self) -> bool:
        """Whether every co-product has a price above zero."""
        return math.isfinite(self.ratio)


@dataclass(frozen=True)
class Judged:
    """Every year in which all co-products have a price, the latest first.

    ``limit`` is the ratio above which the profile in force allocates by value; ``ordered`` the method that
    the category rule in force orders instead, whatever the prices say.
    """

    years: list[PriceYear]
    limit: float = PRICE_RATIO
    ordered: str = ""

    @property
    def has_flip(self) -> bool:
        """Whether the method hangs on the year looked at."""
        return any(year.flips for year in self.years)

    @property
    def is_few(self) -> bool:
        """Whether there are too few years for one that disagrees to say something."""
        return len(self.years) < ENOUGH_YEARS

    @property
    def enough(self) -> int:
        """How many years are needed."""
        return ENOUGH_YEARS

    def of(self, year: int) -> PriceYear | None:
        """One year, where its prices are complete."""
        return next((each for each in self.years if each.year == year), None)


def judged(
    per_kilogram: Mapping[int, tuple[float, ...]],
    co_products: int,
    limit: float = PRICE_RATIO,
    ordered: str = "",
) -> Judged:
    """What prices alone order in each year, against what the mean of all years orders."""
    answers = Answers(co_products, subdivision_possible=False, dominant_displaced=False, prices=per_kilogram)
    try:
        decision = decide(answers, limit)
    except EngineError:
        return Judged([], limit, ordered)
    flips = set(decision.flips)
    return Judged(
        [
            PriceYear(year, ratio, (decision.basis is Basis.ECONOMIC) is not (year in flips), year in flips)
            for year, ratio in sorted(decision.ratios.items(), reverse=True)
        ],
        limit,
        ordered,
    )


def of_process(actor: Actor, process: UnitProcess, lines: Sequence[Exchange]) -> Judged:
    """The recorded prices of a process, judged by the profile and the rule in force."""
    version = price_rule_in_force(actor, timezone.localdate())
    ratio = version.allocation_price_ratio if version else None
    limit = PRICE_RATIO if ratio is None else float(ratio)
    rule = ordered(lines, actor)
    method = UnitProcess.Allocation(rule[1].value).label if rule else ""
    return judged(per_kg(process, lines), len({line.product_id for line in lines}), limit, str(method))


def per_kg(process: UnitProcess, lines: Sequence[Exchange]) -> dict[int, tuple[float, ...]]:
    """The price of a kilogram of each co-product in every year that all of them have one."""
    read = inputs.read([process.pk])
    made = {line.pk for line in lines}
    outputs = [line for line in read.lines.get(process.pk, []) if line.id in made]
    products = list(dict.fromkeys(line.product for line in outputs if line.product))
    return shares.prices_per_kg(products, outputs, read)
