"""Loops that mean nothing are refused by name, and never stop anybody else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine import Network
from footprint.engine.equations import Equations
from footprint.engine.errors import EngineError, NonFinite, NotProductive, SingularNetwork
from footprint.engine.plan import closure
from footprint.engine.solve import Status, solve, solve_tolerant
from tests.footprint.engine.reference import random_network


def ring_network(size: int, amount: float, extra: int = 3) -> Equations:
    """A ring of ``size`` products from number 1 on; 0 supplies it and the last ones take from it."""
    ring = np.arange(1, size + 1)
    after = np.arange(size + 1, size + 1 + extra)
    return Equations(
        size + 1 + extra,
        [*ring, 1, *after],
        [*np.roll(ring, 1), 0, *(after - 1)],
        [amount] * size + [0.5] + [0.5] * extra,
        np.ones((size + 1 + extra, 2)),
    )


@pytest.mark.parametrize("amount", [1.0, 1.0 - 1e-14, 1.5, 40.0])
@pytest.mark.parametrize("size", [1, 2, 40, 60, 400])
def test_a_loop_that_uses_up_what_it_makes_is_refused_by_name(size: int, amount: float) -> None:
    network = ring_network(size, amount)
    with pytest.raises(NotProductive) as refused:
        solve(network)
    assert refused.value.members == tuple(range(1, size + 1))
    assert "uses up at least what it makes" in refused.value.sentence


@pytest.mark.parametrize("size", [1, 2, 60])
def test_everything_downstream_fails_and_everything_else_is_solved(size: int) -> None:
    network = ring_network(size, 1.2)
    found = solve_tolerant(network)
    expected = [Status.SOLVED] + [Status.REFUSED] * size + [Status.DOWNSTREAM] * 3
    assert found.status().tolist() == expected
    assert np.array_equal(found.intensity[0], [1.0, 1.0])
    assert np.isnan(found.intensity[1:]).all()
    reason = found.reason(network.n - 1)
    assert isinstance(reason, NotProductive)
    assert reason.members == tuple(range(1, size + 1))
    assert found.reason(0) is None
    assert found.bound is not None


@pytest.mark.parametrize("size", [2, 100])
def test_a_loop_with_credits_and_no_unique_solution_is_singular(size: int) -> None:
    """The last product repeats the equation of the first but one."""
    ring = np.arange(size)
    amount = np.ones(size)
    amount[:2] = -1.0
    network = Equations(size, ring, np.roll(ring, 1), amount, np.ones((size, 1)))
    with pytest.raises(SingularNetwork) as refused:
        solve(network)
    assert refused.value.members == tuple(range(size))


def test_a_result_beyond_all_numbers_is_refused_and_does_not_spread() -> None:
    network = Equations(4, [1, 2], [0, 1], [1e200, 1e200], np.ones((4, 1)))
    found = solve_tolerant(network)
    assert found.status().tolist() == [Status.SOLVED, Status.SOLVED, Status.REFUSED, Status.SOLVED]
    assert isinstance(found.reason(2), NonFinite)
    with pytest.raises(NonFinite):
        solve(network)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 119), st.integers(0, 119))
def test_one_bad_link_fails_exactly_its_loop_and_what_hangs_on_it(seed: int, a: int, b: int) -> None:
    good = random_network(seed, 120, 1.5, backward=0.05)
    bad = Equations(
        120, [*good.consumer, a, b], [*good.supplier, b, a], [*good.amount, 30.0, 30.0], good.direct
    )
    found = solve_tolerant(bad)
    failed = np.flatnonzero(found.status())
    assert failed.tolist() == closure(bad.consumers, [a]).tolist()
    loop = found.reason(a)
    assert loop is not None
    assert {a, b} <= set(loop.nodes)
    rest = np.setdiff1d(np.arange(120), failed)
    assert np.array_equal(found.intensity[rest], solve_with_nothing_of(bad, failed).intensity[rest])


def solve_with_nothing_of(network: Equations, nodes: np.ndarray):
    """Solve with all links of some consumers taken away."""
    keep = ~np.isin(network.consumer, nodes)
    return solve(
        Equations(
            network.n, network.consumer[keep], network.supplier[keep], network.amount[keep], network.direct
        )
    )


@pytest.mark.parametrize("size", [1, 3, 70])
def test_a_loop_recovers_when_its_link_is_mended(size: int) -> None:
    good, bad = ring_network(size, 0.4), ring_network(size, 1.4)
    network = Network(bad)
    before, states = network.solve_tolerant(), network.status().tolist()
    mended = network.update_tolerant(edges=(good.supplier, good.consumer, good.amount))
    assert np.array_equal(network.intensities, solve(good).intensity)
    assert not network.refusals
    assert mended.tolist() == list(range(1, good.n))
    network.update_tolerant(edges=(bad.supplier, bad.consumer, bad.amount))
    assert np.array_equal(network.intensities, before, equal_nan=True)
    assert network.status().tolist() == states


def test_another_product_is_updated_while_a_loop_stays_refused() -> None:
    network = Network(ring_network(3, 1.4))
    states = network.status().tolist()
    assert network.update_tolerant(direct=([0], [[7.0, 7.0]])).tolist() == [0]
    assert network.rows([0]).tolist() == [[7.0, 7.0]]
    assert network.status().tolist() == states
    assert network.reason(5).nodes == (1, 2, 3)
    assert [refusal.nodes for refusal in network.refusals] == [(1, 2, 3)]


def test_a_sentence_spells_out_a_few_members_and_counts_the_rest() -> None:
    with pytest.raises(EngineError) as refused:
        solve(ring_network(12, 1.0))
    assert str(refused.value) == (
        "The loop of products 1, 2, 3, 4, 5, 6, 7, 8 and 4 more uses up at least what it makes."
    )
