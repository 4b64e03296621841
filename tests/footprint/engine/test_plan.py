from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from footprint.engine.equations import Equations
from footprint.engine.errors import OutOfRange, PlanMismatch
from footprint.engine.plan import closure, make_plan
from tests.footprint.engine.reference import matrix_of, networks, random_network


@settings(max_examples=40, deadline=None)
@given(networks())
def test_components_are_those_of_scipy_with_suppliers_first(network: Equations) -> None:
    plan = make_plan(network)
    count, labels = connected_components(csr_array(matrix_of(network)), connection="strong")
    assert plan.components == count
    assert len(set(zip(labels.tolist(), plan.component.tolist(), strict=True))) == count
    assert (plan.component[network.supplier] <= plan.component[network.consumer]).all()


@settings(max_examples=40, deadline=None)
@given(networks())
def test_members_places_and_levels_agree(network: Equations) -> None:
    plan = make_plan(network)
    assert sorted(plan.members.tolist()) == list(range(network.n))
    assert (plan.members[plan.place] == np.arange(network.n)).all()
    assert (plan.component[plan.members] == np.repeat(np.arange(plan.components), np.diff(plan.start))).all()
    across = plan.component[network.supplier] != plan.component[network.consumer]
    lower = plan.level[plan.component[network.supplier[across]]]
    assert (lower < plan.level[plan.component[network.consumer[across]]]).all()


def test_loops_are_components_with_several_members_or_a_self_link() -> None:
    network = Equations(5, [0, 1, 2, 3, 4], [0, 2, 1, 2, 3], [0.1] * 5, np.ones((5, 1)))
    assert make_plan(network).loop_members == ((0,), (1, 2))


def test_a_long_chain_needs_no_recursion() -> None:
    n = 50_000
    chain = np.arange(n)
    plan = make_plan(Equations(n, chain[:-1], chain[1:], np.ones(n - 1), np.ones((n, 1))))
    assert plan.levels == n
    assert plan.members[0] == n - 1


def test_the_order_inside_a_loop_depends_on_nothing_outside() -> None:
    ring = np.arange(60)
    loop = Equations(62, ring, np.roll(ring, 7), np.full(60, 0.1), np.ones((62, 1)))
    entered = Equations(62, [*ring, 60, 31], [*np.roll(ring, 7), 17, 61], np.full(62, 0.1), np.ones((62, 1)))
    inside = [p.members_of(int(p.component[0])).tolist() for p in (make_plan(loop), make_plan(entered))]
    assert inside[0] == inside[1]


def test_a_plan_fits_only_its_links() -> None:
    network = Equations(3, [1, 2], [0, 1], [1.0, 1.0], np.ones((3, 1)))
    plan = make_plan(network)
    plan.check(Equations(3, [1, 2], [0, 1], [3.0, 4.0], np.ones((3, 1))))
    with pytest.raises(PlanMismatch):
        plan.check(Equations(3, [1, 2], [0, 0], [1.0, 1.0], np.ones((3, 1))))


def test_the_closure_is_everything_downstream() -> None:
    network = random_network(5, 80, 1.2, backward=0.05)
    matrix = matrix_of(network) != 0
    reached = np.eye(80, dtype=bool)
    for _ in range(80):
        reached = reached | (matrix @ reached)
    for node in (0, 17, 79):
        assert closure(network.consumers, [node]).tolist() == np.flatnonzero(reached[:, node]).tolist()
    assert closure(network.consumers, []).tolist() == []


def test_the_closure_of_an_unknown_product_is_refused() -> None:
    with pytest.raises(OutOfRange):
        closure(random_network(5, 8, 1.0, backward=0.0).consumers, [8])


def test_what_most_take_from_comes_first_in_a_large_loop() -> None:
    """Sixty sites in a chain take power of two plants, which take from the first and the last site."""
    sites = np.arange(2, 62)
    consumer = np.concatenate([sites, sites, sites[1:], [0, 1]])
    supplier = np.concatenate([np.zeros(60, int), np.ones(60, int), sites[:-1], [61, 2]])
    network = Equations(62, consumer, supplier, np.full(len(consumer), 0.01), np.ones((62, 1)))
    plan = make_plan(network)
    assert plan.components == 1
    assert sorted(plan.members[:2].tolist()) == [0, 1]
    backward = plan.place[network.supplier] > plan.place[network.consumer]
    assert backward.sum() == 2
