"""Subdivision, substitution, averaged prices, heat and power."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.allocation import Basis, Outputs, Quantity, allocate
from footprint.engine.chp import Cogeneration, CombinedPlant, cogeneration_band, heat_and_power
from footprint.engine.equations import Equations
from footprint.engine.errors import (
    NegativeBasis,
    NegativeResult,
    NoBasis,
    OutOfBounds,
    SharesDoNotSum,
    WrongShape,
)
from footprint.engine.expansion import Displacement, expand, net_burden, refuse_negative
from footprint.engine.prices import average_value
from footprint.engine.solve import solve
from footprint.engine.subdivision import subdivide


def test_prices_are_averaged_over_complete_years() -> None:
    nan = float("nan")
    found = average_value([2023, 2024, 2025], [[6.0, 1.0], [nan, 2.0], [10.0, 3.0]], [2.0, 5.0])
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


def test_what_belongs_to_one_product_goes_there_first() -> None:
    """A furnace for product 0, a meter that splits 3:1, a common flare."""
    causal = subdivide([[1.0, 0.0], [0.6, 0.2], [np.nan, np.nan]], [0.25, 0.75])
    assert causal == pytest.approx(np.array([[1.0, 0.0], [0.65, 0.35], [0.25, 0.75]]), abs=1e-15)
    assert allocate(Outputs(2, causal=causal), Basis.CAUSAL).tolist() == causal.tolist()


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_subdivided_shares_sum_to_one(seed: int) -> None:
    draw = np.random.default_rng(seed)
    part = draw.random((4, 3)) * (draw.random((4, 3)) < 0.7)
    part /= np.maximum(part.sum(axis=1, keepdims=True), 1.0)
    rest = allocate(Outputs(3, {Basis.MASS: Quantity.of(draw.lognormal(0, 9, 3))}), Basis.MASS)
    causal = subdivide(part, rest)
    assert np.abs(causal.sum(axis=1) - 1.0).max() < 1e-12
    assert (causal >= part - 1e-9).all()


@pytest.mark.parametrize(
    ("assigned", "rest", "error"),
    [
        ([[0.7, 0.7]], [0.5, 0.5], SharesDoNotSum),
        ([[0.1, 0.1]], [0.5, 0.4], SharesDoNotSum),
        ([[-0.1, 0.1]], [0.5, 0.5], NegativeBasis),
        ([[0.1, 0.1]], [0.5, np.nan], NoBasis),
        ([[0.1, 0.1, 0.1]], [0.5, 0.5], WrongShape),
    ],
)
def test_impossible_parts_are_refused(
    assigned: list[list[float]], rest: list[float], error: type[Exception]
) -> None:
    with pytest.raises(error):
        subdivide(assigned, rest)


MADE = Outputs(3, {Basis.MASS: Quantity.of([3.0, 1.0, 2.0], ["kg", "kg", "kg"])})


def test_determining_products_carry_the_burden_minus_the_credit() -> None:
    """100 kg CO2e; 2 units of fuel gas displace natural gas of 10 kg CO2e per unit, 0.9 for 1."""
    found = expand(MADE, [Displacement(2, provider=7, quantity=2.0, ratio=0.9)], Basis.MASS)
    assert found.shares.tolist() == [0.75, 0.25, 0.0]
    assert found.credit.tolist() == [-1.8]
    burden = net_burden(found, 100.0, [10.0])
    assert burden == pytest.approx([61.5, 20.5, 18.0])
    assert burden.sum() == pytest.approx(100.0)


def test_an_expanded_process_in_the_network() -> None:
    """Credit shared as a negative link, by-product linked to what it displaces: as by hand."""
    found = expand(MADE, [Displacement(2, provider=3, quantity=2.0, ratio=0.9)], Basis.MASS)
    quantity = np.array([3.0, 1.0, 2.0])
    credit = found.shares[:2] / quantity[:2] * found.credit[0]
    direct = np.append(found.shares / quantity * 100.0, 10.0)[:, None]
    equations = Equations(4, [0, 1, 2], [3, 3, 3], [*credit, found.ratio[0]], direct)
    intensity = solve(equations).intensity[:3, 0]
    assert intensity * quantity == pytest.approx(net_burden(found, 100.0, [10.0]))


def test_a_credit_larger_than_the_burden_needs_permission() -> None:
    found = expand(MADE, [Displacement(2, 7, 2.0)], Basis.MASS)
    with pytest.raises(NegativeResult) as refused:
        net_burden(found, 10.0, [10.0])
    assert refused.value.nodes == (0, 1)
    assert net_burden(found, 10.0, [10.0], negative_allowed=True).tolist() == [-7.5, -2.5, 20.0]
    with pytest.raises(NegativeResult):
        refuse_negative([1.0, -1.0, np.nan], [0, 1, 2])
    refuse_negative([1.0, -1.0, np.nan], [0, 2])


@pytest.mark.parametrize(
    "displaced",
    [
        [Displacement(0, 7, 1.0), Displacement(0, 8, 1.0)],
        [Displacement(k, 7, 1.0) for k in range(3)],
        [Displacement(0, 7, -1.0)],
        [Displacement(0, 7, 1.0, float("nan"))],
    ],
)
def test_impossible_displacements_are_refused(displaced: list[Displacement]) -> None:
    with pytest.raises(OutOfBounds):
        expand(MADE, displaced, Basis.MASS)


PLANT = CombinedPlant(
    fuel_mj=100e3, heat_mj=45e3, power_mj=28e3, heat_kelvin=500.0, ambient_kelvin=298.15,
    reference_heat=0.90, reference_power=0.45, boiler=0.90, condensing=0.40,
)  # fmt: skip
"""100 GJ of coal, 28 GJ of power, 45 GJ of heat."""


@pytest.mark.parametrize(
    ("by", "heat"),
    [
        (Cogeneration.EFFICIENCY, 0.4455),
        (Cogeneration.EXERGY, 0.3935),
        (Cogeneration.ENERGY, 0.6164),
        (Cogeneration.HEAT_FIRST, 0.500),
        (Cogeneration.POWER_FIRST, 0.300),
    ],
)
def test_heat_and_power_of_one_plant(by: Cogeneration, heat: float) -> None:
    shares = heat_and_power(PLANT, by)
    assert shares[0] == pytest.approx(heat, abs=5e-5)
    assert abs(float(shares.sum()) - 1.0) < 1e-15


def test_the_band_of_a_plant_is_about_a_factor_of_two() -> None:
    found = cogeneration_band(PLANT)
    assert found.methods == tuple(Cogeneration)
    heat_kg_per_gj = 9460.0 * np.array([found.low[0], found.high[0]]) / 45.0
    assert heat_kg_per_gj == pytest.approx([63.0, 130.0], abs=0.7)
    known = cogeneration_band(CombinedPlant(100.0, 45.0, 28.0))
    assert known.methods == (Cogeneration.ENERGY,)


@pytest.mark.parametrize(
    ("plant", "by", "error"),
    [
        (CombinedPlant(100, 45, 28), Cogeneration.EFFICIENCY, NoBasis),
        (CombinedPlant(100, 45, 28), Cogeneration.EXERGY, NoBasis),
        (CombinedPlant(100, 0, 0), Cogeneration.ENERGY, NoBasis),
        (CombinedPlant(100, 45, float("nan")), Cogeneration.ENERGY, NoBasis),
        (CombinedPlant(100, 45, -1), Cogeneration.ENERGY, OutOfBounds),
        (CombinedPlant(40, 45, 0, boiler=0.9), Cogeneration.HEAT_FIRST, OutOfBounds),
        (CombinedPlant(100, 45, 28, boiler=90.0), Cogeneration.HEAT_FIRST, OutOfBounds),
        (CombinedPlant(100, 45, 28, 290.0, 298.0), Cogeneration.EXERGY, OutOfBounds),
    ],
)
def test_impossible_plants_are_refused(
    plant: CombinedPlant, by: Cogeneration, error: type[Exception]
) -> None:
    with pytest.raises(error):
        heat_and_power(plant, by)


@settings(deadline=None)
@given(st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from(Cogeneration))
def test_heat_and_power_sum_to_one(heat: float, power: float, by: Cogeneration) -> None:
    plant = CombinedPlant(2.6 * (heat + power) + 1, heat, power, 450, 290, 0.9, 0.5, 0.9, 0.4)
    if heat + power == 0.0 and by in (Cogeneration.EFFICIENCY, Cogeneration.EXERGY, Cogeneration.ENERGY):
        return
    shares = heat_and_power(plant, by)
    assert abs(float(shares.sum()) - 1.0) < 1e-12
    assert (shares >= 0.0).all()
