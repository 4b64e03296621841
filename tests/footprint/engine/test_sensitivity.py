"""Derivatives against finite differences, swaps against networks with other suppliers."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.equations import Equations
from footprint.engine.errors import NonFinite, OutOfBounds, OutOfRange
from footprint.engine.levers import ReplaceSupplier
from footprint.engine.scenario import Scenario, network_under
from footprint.engine.score import Scored, weigh
from footprint.engine.sensitivity import sensitivity, swaps
from footprint.engine.solve import solve
from tests.footprint.engine.reference import networks, random_network


class Input(IntEnum):
    """What is multiplied: the amount of a link, what a product emits, or all its inputs and emissions."""

    LINK = 0
    DIRECT = 1
    PROCESS = 2


GWP = np.array([1.0, 28.0, 265.0])


def scored(equations: Equations, weights: np.ndarray = GWP) -> Scored:
    return weigh(equations, solve(equations).intensity, weights)


def changed(equations: Equations, kind: int, index: int, factor: float) -> Equations:
    """The whole network with one input multiplied."""
    amount, direct = np.array(equations.amount), np.array(equations.direct)
    if kind == Input.LINK:
        amount[index] *= factor
    if kind == Input.PROCESS:
        amount[equations.links_of(index)] *= factor
    if kind in (Input.DIRECT, Input.PROCESS):
        direct[index] *= factor
    return equations.with_amount(amount).with_direct(direct)


def ring(weight: float = 0.5) -> Scored:
    """0 -> 1 -> 0 with a feed 2 into 0: x0 = 1 / (1 - w^2)."""
    links = [(0, 1, weight), (1, 0, weight), (0, 2, 0.25)]
    return scored(Equations(3, *map(list, zip(*links, strict=True)), [[1.0], [2.0], [8.0]]), np.ones(1))


def test_derivatives_by_hand() -> None:
    """y1 = 2 + y0 / 2, y0 = 1 + y1 / 2 + 2: y0 = 16/3, y1 = 14/3."""
    found = sensitivity(ring(), 0)
    assert found.score == pytest.approx(16 / 3)
    assert found.made_of([0, 1, 2]) == pytest.approx([4 / 3, 2 / 3, 1 / 3])
    assert found.slope_of([0, 1, 2]) == pytest.approx([4 / 3 * 14 / 3, 4 / 3 * 8, 2 / 3 * 16 / 3])
    assert found.direct_elasticity == pytest.approx([1 / 4, 1 / 4, 1 / 2])
    assert found.through == pytest.approx([4 / 3, 2 / 3 * 14 / 16, 1 / 2])


@settings(max_examples=40, deadline=None)
@given(networks(largest=60), st.integers(0, 2**32 - 1))
def test_derivatives_are_those_of_finite_differences(equations: Equations, seed: int) -> None:
    draw = np.random.default_rng(seed)
    source, root = scored(equations), int(draw.integers(equations.n))
    found = sensitivity(source, root)
    size = np.abs(source.score).max() + 1e-300
    step = 1e-6
    for kind, index in _inputs(equations, draw, 6):
        ends = [scored(changed(equations, kind, index, f)).score[root] for f in (1 - step, 1 + step)]
        slope = (ends[1] - ends[0]) / (2 * step)
        if kind == Input.LINK:
            expected = found.slope_of([index])[0] * equations.amount[index]
        else:
            burden = source.direct if kind == Input.DIRECT else source.score
            expected = found.made_of([index])[0] * burden[index]
        assert abs(slope - expected) <= 1e-7 * size


@settings(max_examples=30, deadline=None)
@given(networks(largest=60), st.integers(0, 2**32 - 1))
def test_units_and_numbering_change_no_elasticity(equations: Equations, seed: int) -> None:
    draw = np.random.default_rng(seed)
    unit, name, root = (
        2.0 ** draw.integers(-20, 20, equations.n),
        draw.permutation(equations.n),
        equations.n - 1,
    )
    direct = np.empty_like(equations.direct)
    direct[name] = equations.direct * unit[:, None]
    amount = equations.amount * unit[equations.consumer] / unit[equations.supplier]
    twin = Equations(equations.n, name[equations.consumer], name[equations.supplier], amount, direct)
    one, other = sensitivity(scored(equations), root), sensitivity(scored(twin), int(name[root]))
    place = np.searchsorted(other.reached, name[one.reached])
    for values, twins in ((one.direct_elasticity, other.direct_elasticity), (one.through, other.through)):
        size = np.abs(values).max()
        assert np.allclose(values, twins[place], rtol=1e-9, atol=1e-9 * size, equal_nan=True)
    links, twins = np.sort(one.link_elasticity), np.sort(other.link_elasticity)
    size = np.abs(links).max(initial=0.0)
    assert np.allclose(links, twins, rtol=1e-9, atol=1e-9 * size, equal_nan=True)


def _inputs(equations: Equations, draw: np.random.Generator, count: int) -> list[tuple[int, int]]:
    kinds = draw.integers(0 if len(equations.amount) else 1, 3, count)
    return [
        (int(k), int(draw.integers(len(equations.amount) if k == Input.LINK else equations.n))) for k in kinds
    ]


@settings(max_examples=40, deadline=None)
@given(networks(largest=60), st.integers(0, 2**32 - 1))
def test_elasticities_of_all_direct_burdens_sum_to_one(equations: Equations, seed: int) -> None:
    root = int(np.random.default_rng(seed).integers(equations.n))
    source = scored(equations)
    found = sensitivity(source, root)
    if source.score[root] != 0.0:
        size = np.abs(found.direct_elasticity).sum()
        assert abs(found.direct_elasticity.sum() - 1.0) <= 1e-9 * size


@settings(max_examples=30, deadline=None)
@given(networks(largest=60, credit=False), st.integers(0, 2**32 - 1))
def test_a_swap_is_a_network_with_another_supplier(equations: Equations, seed: int) -> None:
    """All at once, each against a solve in which a millionth of its link is taken over."""
    draw = np.random.default_rng(seed)
    if not len(equations.amount):
        return
    source, root = scored(equations), int(draw.integers(equations.n))
    links, part = draw.integers(0, len(equations.amount), 4), 1e-6
    others, ratio = draw.integers(0, equations.n, 4), draw.uniform(0.0, 1.0, 4)
    found = swaps(source, sensitivity(source, root), links, others, ratio)
    for at, (link, other) in enumerate(zip(links.tolist(), others.tolist(), strict=True)):
        consumer, supplier = int(equations.consumer[link]), int(equations.supplier[link])
        lever = ReplaceSupplier(consumer, supplier, other, float(ratio[at]), part)
        moved = scored(network_under(equations, Scenario("swap", (lever,)))).score[root] - source.score[root]
        expected = found[at] * float(equations.amount[link]) * part
        assert moved == pytest.approx(expected, rel=1e-3, abs=1e-12 * source.score.max())


def test_swaps_by_hand() -> None:
    """The feed 2 of 0 by 1, or by half of itself: 4/3 of 0 is made for each unit of the root."""
    source = ring()
    found = swaps(source, sensitivity(source, 0), [1, 1], [1, 2], [1.0, 0.5])
    assert found == pytest.approx([4 / 3 * (14 / 3 - 8), 4 / 3 * (4 - 8)])


def test_what_does_not_fit_is_refused() -> None:
    source = ring()
    found = sensitivity(source, 0)
    with pytest.raises(OutOfRange):
        sensitivity(source, 3)
    for link, supplier in (([3], [1]), ([0], [3])):
        with pytest.raises(OutOfRange):
            swaps(source, found, link, supplier)
    with pytest.raises(OutOfBounds):
        swaps(source, found, [0], [1], -1.0)


def test_a_product_without_figure_has_no_sensitivity() -> None:
    equations = Equations(2, [1], [0], [1.0], [[0.0, 1.0], [1.0, 0.0]])
    source = weigh(equations, solve(equations).intensity, [1.0, np.nan])
    with pytest.raises(NonFinite):
        sensitivity(source, 1)


def test_nothing_downstream_or_beside_matters() -> None:
    equations = random_network(9, 100, 2.0, backward=0.0)
    found = sensitivity(scored(equations), 40)
    assert found.reached.max() <= 40
    assert found.made_of([70]).tolist() == [0.0]
    beside = np.flatnonzero(equations.consumer == 70)
    assert found.slope_of(beside).tolist() == [0.0] * len(beside)
