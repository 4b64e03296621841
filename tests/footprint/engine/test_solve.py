"""Full solves against dense algebra, and how sure the engine is of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.equations import Equations
from footprint.engine.errors import PlanMismatch
from footprint.engine.plan import make_plan
from footprint.engine.solve import solve
from tests.footprint.engine.reference import dense_solve, gap, matrix_of, networks, random_network


def test_a_refinery_with_hydrogen_fuel_gas_and_steam_loops() -> None:
    """Hydrogen needs steam and fuel gas, fuel gas comes from a unit that needs hydrogen and steam, ..."""
    hydrogen, gas, steam, power, diesel = range(5)
    links = [
        (hydrogen, gas, 0.31), (hydrogen, steam, 0.12), (gas, hydrogen, 0.05), (gas, steam, 0.22),
        (steam, gas, 0.42), (steam, power, 0.03), (power, steam, 0.35), (power, power, 0.06),
        (diesel, hydrogen, 0.012), (diesel, power, 0.04), (diesel, gas, -0.02),
    ]  # fmt: skip
    network = Equations(
        5, *map(list, zip(*links, strict=True)), [[1.1, 0.2], [0.3, 0], [0.8, 0.1], [0, 0], [0.1, 0]]
    )
    power_iteration, matrix = np.zeros((5, 2)), matrix_of(network)
    for _ in range(500):
        power_iteration = network.direct + matrix @ power_iteration
    found = solve(network)
    assert gap(found.intensity, power_iteration) < 1e-12
    assert found.loops == ((0, 1, 2, 3),)
    assert found.productive
    assert found.residual < 1e-14


@settings(max_examples=60, deadline=None)
@given(networks())
def test_intensities_are_those_of_a_dense_solve(network: Equations) -> None:
    found = solve(network)
    expected = dense_solve(network)
    assert gap(found.intensity, expected) < 1e-12
    assert found.residual < 1e-12
    assert found.bound is not None
    assert found.bound < 1e-9
    scale = np.abs(expected).max(axis=0)
    row = lambda values: (np.abs(values) / np.where(scale > 0, scale, 1.0)).sum(axis=1)  # noqa: E731
    assert (row(found.intensity - expected) <= (found.bound + 1e-12) * row(expected) + 1e-300).all()


@settings(max_examples=40, deadline=None)
@given(networks(credit=False), st.integers(0, 2**32 - 1))
def test_numbering_and_order_of_links_do_not_matter(network: Equations, seed: int) -> None:
    draw = np.random.default_rng(seed)
    name, shuffled = draw.permutation(network.n), draw.permutation(len(network.amount))
    direct = np.empty_like(network.direct)
    direct[name] = network.direct
    twin = Equations(
        network.n,
        name[network.consumer][shuffled],
        name[network.supplier][shuffled],
        network.amount[shuffled],
        direct,
    )
    assert gap(solve(twin).intensity[name], solve(network).intensity) < 1e-12
    same = Equations(
        network.n,
        network.consumer[shuffled],
        network.supplier[shuffled],
        network.amount[shuffled],
        network.direct,
    )
    assert np.array_equal(solve(same).intensity, solve(network).intensity)


@settings(max_examples=30, deadline=None)
@given(networks(), st.integers(0, 2**32 - 1))
def test_units_of_products_do_not_matter(network: Equations, seed: int) -> None:
    """A product in kg instead of t: the figure is a thousandth, the verdict the same."""
    unit = 2.0 ** np.random.default_rng(seed).integers(-40, 40, network.n)
    twin = Equations(
        network.n,
        network.consumer,
        network.supplier,
        network.amount * unit[network.consumer] / unit[network.supplier],
        network.direct * unit[:, None],
    )
    found = solve(twin)
    assert gap(found.intensity / unit[:, None], solve(network).intensity) < 1e-12
    assert found.residual < 1e-14


@settings(max_examples=30, deadline=None)
@given(networks(), st.integers(0, 2**32 - 1))
def test_nothing_is_lost_or_made_on_the_way(equations: Equations, seed: int) -> None:
    """What a demand is charged is what the products made for it emit, column by column."""
    demand = np.random.default_rng(seed).lognormal(0.0, 1.0, equations.n)
    made = np.linalg.solve(np.eye(equations.n) - matrix_of(equations).T, demand)
    charged, emitted = demand @ solve(equations).intensity, made @ equations.direct
    size = np.abs(made) @ np.abs(equations.direct) + 1e-300
    assert (np.abs(charged - emitted) <= 1e-10 * size).all()


def test_more_columns_do_not_change_a_column() -> None:
    network = random_network(3, 150, 4.0, backward=0.0, columns=4)
    alone = solve(network.with_direct(network.direct[:, 2:3])).intensity
    assert np.array_equal(alone[:, 0], solve(network).intensity[:, 2])


def test_the_same_bits_in_every_thread() -> None:
    network = random_network(11, 400, 4.0, backward=0.3)
    plan = make_plan(network)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: solve(network, plan).intensity.tobytes(), range(8)))
    assert len(set(results)) == 1


def test_one_component_of_most_of_the_network() -> None:
    network = random_network(2, 1500, 5.0, backward=0.2, credits=0.05)
    found = solve(network)
    assert max(map(len, found.loops)) > 1000
    assert gap(found.intensity, dense_solve(network)) < 1e-12
    assert found.bound is not None
    assert found.bound < 1e-11


@pytest.mark.parametrize("size", [2, 47, 48, 49, 50, 200])
def test_loops_on_both_sides_of_the_dense_limit(size: int) -> None:
    ring = np.arange(size)
    network = Equations(
        size,
        [*ring, *ring],
        [*np.roll(ring, 1), *np.roll(ring, 3)],
        [0.6] * size + [0.3] * size,
        np.ones((size, 2)),
    )
    assert np.allclose(solve(network).intensity, 10.0, rtol=1e-12)


@pytest.mark.parametrize("size", [30, 300])
def test_a_loop_that_returns_all_but_a_millionth(size: int) -> None:
    """Sweeps would crawl: a large loop like this goes to sparse LU, and is still proven."""
    ring = np.arange(size)
    amount = np.ones(size)
    amount[0] = 1.0 - 1e-6
    found = solve(Equations(size, ring, np.roll(ring, 1), amount, np.ones((size, 1))))
    assert found.intensity[0, 0] == pytest.approx((size - 1) * amount[0] * 1e6 + 1e6, rel=1e-9)
    assert found.productive


@pytest.mark.parametrize("size", [4, 120])
def test_credits_too_strong_to_prove_are_solved_with_a_condition_estimate(size: int) -> None:
    ring = np.arange(size)
    amount = np.tile([2.0, -2.0], size // 2)
    amount[0] = 0.7
    network = Equations(
        size,
        [*ring, *ring],
        [*np.roll(ring, 1), *np.roll(ring, -1)],
        [*amount, *np.roll(-amount, 1)],
        np.ones((size, 1)) * np.arange(1, size + 1)[:, None],
    )
    found = solve(network)
    assert gap(found.intensity, dense_solve(network)) < 1e-9
    assert found.bound is None
    assert not found.productive
    assert found.condition is not None
    assert 1.0 < found.condition < 1e6


def test_a_credit_that_cancels_exactly_gives_zero() -> None:
    network = Equations(3, [2, 2], [0, 1], [1.0, -1.0], [[0.3], [0.3], [0.0]])
    found = solve(network)
    assert found.intensity[2, 0] == 0.0
    assert not np.signbit(found.intensity[2, 0])


def test_an_empty_network_and_one_without_columns() -> None:
    assert solve(Equations(0, [], [], [], np.empty((0, 4)))).intensity.shape == (0, 4)
    assert solve(Equations(3, [1], [0], [0.5], np.empty((3, 0)))).intensity.shape == (3, 0)


def test_a_plan_for_other_links_is_refused() -> None:
    plan = make_plan(random_network(1, 20, 2.0, backward=0.1))
    with pytest.raises(PlanMismatch):
        solve(random_network(2, 20, 2.0, backward=0.1), plan)
