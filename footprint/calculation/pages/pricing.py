"""The prices of co-products over the years, and which method their ratio orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.actor import Actor
from footprint.calculation import inputs, shares
from footprint.engine.allocation import Basis
from footprint.engine.errors import EngineError
from footprint.engine.pact_allocation import pact_basis, price_ratio
from footprint.inventory import queries
from footprint.inventory.models import Exchange, UnitProcess


@dataclass(frozen=True)
class PriceYear:
    """One year's prices in the order of the co-products, and their ratio per kilogram."""

    year: int
    prices: list[Decimal | None]
    ratio: float | None = None
    is_economic: bool = False


def asked_year(query: Mapping[str, Any], process: UnitProcess) -> int:
    """The year whose prices are shown for editing: the reference year unless another one is asked for."""
    year = query.get("year", "")
    return int(year) if year.isdecimal() and len(year) == 4 else process.inventory.year


def known(actor: Actor, process: UnitProcess, lines: Sequence[Exchange], year: int) -> dict[str, str]:
    """What the form of a year shows."""
    prices = queries.prices(actor, process).get(year, {})
    return {
        f"line_{number}": format(prices[line.pk].price, "f") if line.pk in prices else ""
        for number, line in enumerate(lines, start=1)
    }


def years(actor: Actor, process: UnitProcess, lines: Sequence[Exchange]) -> list[PriceYear]:
    """Every year with a price, the latest first."""
    prices = queries.prices(actor, process)
    if not prices:
        return []
    by_year = per_kg(process, lines)
    found = []
    for year, by_line in prices.items():
        shown = [by_line[line.pk].price if line.pk in by_line else None for line in lines]
        found.append(PriceYear(year, shown, *_judged(by_year.get(year))))
    return found


def per_kg(process: UnitProcess, lines: Sequence[Exchange]) -> dict[int, tuple[float, ...]]:
    """The price of a kilogram of each co-product in every year that all of them have one."""
    read = inputs.read([process.pk])
    made = {line.pk for line in lines}
    outputs = [line for line in read.lines.get(process.pk, []) if line.id in made]
    products = list(dict.fromkeys(line.product for line in outputs if line.product))
    return shares.prices_per_kg(products, outputs, read)


def _judged(prices: tuple[float, ...] | None) -> tuple[float | None, bool]:
    try:
        return (
            (None, False) if prices is None else (price_ratio(prices), pact_basis(prices) is Basis.ECONOMIC)
        )
    except EngineError:
        return None, False
