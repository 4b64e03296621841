"""Prices averaged over years, and heat and power that nothing weighs."""

from __future__ import annotations

import numpy as np
import pytest

from footprint.engine.chp import Carriers, exergy, fuel_equivalent
from footprint.engine.errors import NegativeBasis, NoBasis, OutOfBounds, WrongShape
from footprint.engine.prices import average_value

NAN = float("nan")


def test_prices_are_averaged_over_complete_years() -> None:
    found = average_value([2023, 2024, 2025], [[6.0, 1.0], [NAN, 2.0], [10.0, 3.0]], [2.0, 5.0])
    assert found.years == (2023, 2025)
    assert found.left_out == (2024,)
    assert found.price.tolist() == [8.0, 2.0]
    assert found.revenue.tolist() == [16.0, 10.0]


def test_revenue_of_each_year_weighs_what_was_sold_then() -> None:
    found = average_value([2024, 2025], [[1.0, 1.0], [3.0, 1.0]], [[10.0, 10.0], [30.0, 10.0]])
    assert found.revenue.tolist() == [50.0, 10.0]


@pytest.mark.parametrize(
    ("years", "prices", "quantity", "error"),
    [
        ([2024], [[np.nan, 1.0]], [1, 1], NoBasis),
        ([2024], [[0.0, 0.0]], [1, 1], NoBasis),
        ([2024], [[-1.0, 1.0]], [1, 1], NegativeBasis),
        ([2024, 2024], [[1.0, 1.0]] * 2, [1, 1], WrongShape),
        ([2024], [[1.0, 1.0]], [1, 1, 1], WrongShape),
    ],
)
def test_prices_that_say_nothing_are_refused(
    years: list[int], prices: list[list[float]], quantity: list[float], error: type[Exception]
) -> None:
    with pytest.raises(error):
        average_value(years, prices, quantity)


def carriers(reference: float = 0.9, kelvin: float = 450.0, ambient: float = 298.15) -> Carriers:
    """45 GJ of heat and 28 GJ of power."""
    of_power = np.array([True, False]), np.array([reference, 0.45]), np.array([kelvin, NAN])
    return Carriers(np.array([45.0, 28.0]), *of_power, ambient)


@pytest.mark.parametrize(("reference", "refusal"), [(NAN, NoBasis), (0.0, OutOfBounds), (90.0, OutOfBounds)])
def test_impossible_efficiencies_are_refused(reference: float, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        fuel_equivalent(carriers(reference))


@pytest.mark.parametrize(
    ("kelvin", "ambient", "refusal"),
    [(NAN, 298.0, NoBasis), (450.0, NAN, NoBasis), (290.0, 298.0, OutOfBounds), (450.0, -1.0, OutOfBounds)],
)
def test_impossible_temperatures_are_refused(kelvin: float, ambient: float, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        exergy(carriers(0.9, kelvin, ambient))
