"""Who emits what a product carries: by process, stage and boundary; everything adds up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.activity import activity
from footprint.engine.contributions import cumulative, entries
from footprint.engine.equations import Equations
from footprint.engine.errors import NonFinite, NotClosed, NotProductive, OutOfBounds, OutOfRange, WrongShape
from footprint.engine.solve import solve, solve_tolerant
from tests.footprint.engine.reference import matrix_of, networks, random_network

LIMESTONE, POWER, LIME, STEEL = range(4)


def works() -> Equations:
    """Lime burns limestone, steel takes lime, both take power."""
    links = [(LIME, LIMESTONE, 1.8), (LIME, POWER, 0.1), (STEEL, LIME, 0.05), (STEEL, POWER, 0.5)]
    direct = [[0.01, 0.0], [0.5, 0.001], [0.8, 0.0], [1.2, 0.002]]
    return Equations(4, *map(list, zip(*links, strict=True)), direct)


def test_activity_is_a_row_of_the_inverse() -> None:
    equations = random_network(5, 60, 2.0, backward=0.2)
    inverse = np.linalg.inv(np.eye(60) - matrix_of(equations))
    found = activity(equations, [59, 3])
    assert np.allclose(found.of(np.arange(60)), inverse[[59, 3]].T, rtol=1e-11, atol=1e-14)
    assert set(np.flatnonzero(inverse[[59, 3]].any(axis=0))) <= set(found.reached.tolist())


def test_activity_of_a_chain() -> None:
    found = activity(works(), [STEEL])
    assert found.reached.tolist() == [LIMESTONE, POWER, LIME, STEEL]
    assert found.made[:, 0] == pytest.approx([0.05 * 1.8, 0.5 + 0.05 * 0.1, 0.05, 1.0])
    assert activity(works(), [LIMESTONE]).of([STEEL, LIMESTONE]).tolist() == [[0.0], [1.0]]


def test_activity_of_a_loop_that_uses_up_what_it_makes_names_it() -> None:
    equations = Equations(5, [2, 4, 3], [4, 2, 2], [1.5, 1.0, 1.0], np.ones((5, 1)))
    with pytest.raises(NotProductive) as refused:
        activity(equations, [3])
    assert refused.value.members == (2, 4)


@settings(max_examples=40, deadline=None)
@given(networks(largest=90), st.integers(0, 2**32 - 1))
def test_cumulative_contributions_sum_to_the_figure_however_they_are_grouped(
    net: Equations, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    intensity, node = solve(net).intensity, int(draw.integers(net.n))
    found = cumulative(net, intensity, node)
    size = np.abs(found.emitted).sum(axis=0) + 1e-300
    label = draw.integers(0, 5, net.n)
    inside = draw.random(net.n) < 0.5
    for total in (found.emitted.sum(axis=0), found.by(label, 5).sum(axis=0), found.by(inside, 2).sum(axis=0)):
        assert (np.abs(total - intensity[node]) <= 1e-9 * size).all()
    assert np.allclose(found.by(label, 5)[2], found.emitted[label[found.reached] == 2].sum(axis=0))


@settings(max_examples=40, deadline=None)
@given(networks(largest=90, credit=False), st.integers(0, 2**32 - 1))
def test_entries_at_any_boundary_sum_to_the_figure(net: Equations, seed: int) -> None:
    draw = np.random.default_rng(seed)
    intensity, node = solve(net).intensity, int(draw.integers(net.n))
    inside = draw.random(net.n) < draw.choice([0.0, 0.3, 0.9])
    inside[node] = True
    found = entries(net, intensity, node, inside)
    whole = found.emitted.sum(axis=0) + found.entering.sum(axis=0)
    assert np.allclose(whole, intensity[node], rtol=1e-9, atol=0.0)
    assert inside[found.inside].all()
    assert inside[net.consumer[found.link]].all()
    assert not inside[net.supplier[found.link]].any()
    stages = found.by(draw.integers(0, 3, net.n), draw.integers(0, 6, len(net.amount)), 6)
    assert np.allclose(stages.sum(axis=0), intensity[node], rtol=1e-9, atol=0.0)


def test_stages_of_a_steel_works() -> None:
    """Lime is burnt inside: its emissions are process; limestone and power come in as material and energy."""
    equations = works()
    process, material, energy = range(3)
    stage_of = {LIMESTONE: material, POWER: energy, LIME: material}
    link_stage = [stage_of[int(s)] for s in equations.supplier]
    inside = np.isin(np.arange(4), [LIME, STEEL])
    found = entries(equations, solve(equations).intensity, STEEL, inside)
    stages = found.by([process] * 4, link_stage, 3)
    assert stages[:, 0] == pytest.approx([1.2 + 0.05 * 0.8, 0.09 * 0.01, 0.505 * 0.5])
    assert stages[:, 1] == pytest.approx([0.002, 0.0, 0.505 * 0.001])


def test_a_boundary_around_everything_is_the_cumulative_contribution() -> None:
    equations = random_network(8, 50, 2.0, backward=0.2)
    intensity = solve(equations).intensity
    whole = entries(equations, intensity, 49, np.ones(50, dtype=bool))
    assert len(whole.link) == 0
    assert np.allclose(whole.emitted, cumulative(equations, intensity, 49).emitted, rtol=1e-12)


def test_what_an_outside_supplier_took_from_inside_counts_at_its_link() -> None:
    """The site sells steam to the outside product that it buys back: no double counting."""
    equations = Equations(2, [0, 1], [1, 0], [0.5, 0.4], [[1.0], [2.0]])
    intensity = solve(equations).intensity
    found = entries(equations, intensity, 0, np.array([True, False]))
    assert found.made.tolist() == [1.0]
    assert found.entering[0, 0] == pytest.approx(0.5 * intensity[1, 0])


def test_intensities_of_another_state_do_not_close() -> None:
    equations = works()
    stale = solve(equations.with_amount(equations.amount * 1.1)).intensity
    with pytest.raises(NotClosed):
        cumulative(equations, stale, STEEL)
    with pytest.raises(NotClosed):
        entries(equations, stale, STEEL, np.ones(4, dtype=bool))


def test_what_does_not_fit_is_refused() -> None:
    equations = works()
    intensity = solve(equations).intensity
    with pytest.raises(OutOfRange):
        cumulative(equations, intensity, 4)
    with pytest.raises(OutOfBounds) as outside:
        entries(equations, intensity, STEEL, np.zeros(4, dtype=bool))
    assert outside.value.nodes == (STEEL,)
    with pytest.raises(WrongShape):
        entries(equations, intensity, STEEL, [1, 0, 0, 1])
    found = cumulative(equations, intensity, STEEL)
    for label in ([0, 1], [0, 1, -1, 0], [0, 1, 2, 0], [0.5, 1.0, 1.0, 0.0]):
        with pytest.raises(WrongShape):
            found.by(label, 2)


def test_a_refused_product_has_none() -> None:
    equations = Equations(2, [1, 1], [0, 1], [2.0, 1.0], [[1.0], [4.0]])
    intensity = solve_tolerant(equations).intensity
    with pytest.raises(NonFinite):
        cumulative(equations, intensity, 1)
