"""Value of co-products: prices of several years, averaged without mixing years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.allocation import known
from footprint.engine.equations import Floats
from footprint.engine.errors import NegativeBasis, NoBasis, WrongShape


@dataclass(frozen=True, eq=False)
class AverageValue:
    """Prices and revenue of co-products over several years.

    Shapes   price, revenue: (n,)
    Units    price: currency per unit of the co-product; revenue: currency per process period
    """

    price: Floats
    revenue: Floats
    years: tuple[int, ...]
    """The years the averages are made of, ascending."""
    left_out: tuple[int, ...]
    """Years in which a price is missing: taking the others of such a year would mix price levels."""


def average_value(years: Sequence[int], prices: ArrayLike, quantity: ArrayLike) -> AverageValue:
    """Average prices, and price x quantity, over the years in which every co-product has a price.

    The revenue is averaged, so that a year in which more was sold weighs more.

    Shapes   years: (y,); prices: (y, n), NaN where unknown; quantity: (n,), or (y, n) year by year
    Units    prices: one currency per unit of the co-product; quantity: that unit
    Errors   WrongShape; NegativeBasis for a negative price; NoBasis when no year is complete, or all
             is zero
    Source   average of several years against price swings: published practice of BASF
    """
    table = np.array(prices, dtype=np.float64)
    if table.ndim != 2 or len(table) != len(years) or len(set(years)) != len(years):
        raise WrongShape("There must be one row of prices for each of the different years.")
    try:
        made = np.broadcast_to(np.array(quantity, dtype=np.float64), table.shape)
    except ValueError as other:
        raise WrongShape("There must be one quantity for each price.") from other
    if (table < 0.0).any():
        raise NegativeBasis("price", np.unique(np.nonzero(table < 0.0)[1]))
    complete = np.isfinite(table).all(axis=1) & np.isfinite(made).all(axis=1)
    if not complete.any():
        raise NoBasis("price", np.flatnonzero(~np.isfinite(table).any(axis=0)))
    revenue = known((table * made)[complete].mean(axis=0), "economic")
    used = np.asarray(years)[complete]
    return AverageValue(
        price=table[complete].mean(axis=0), revenue=revenue,
        years=tuple(sorted(used.tolist())),
        left_out=tuple(sorted(set(years) - set(used.tolist()))),
    )  # fmt: skip
