"""An update gives the very bits of a full solve and computes only what moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.equations import Equations
from footprint.engine.errors import OutOfRange, WrongShape
from footprint.engine.plan import closure, make_plan
from footprint.engine.solve import solve, solve_tolerant, update, update_tolerant
from tests.footprint.engine.reference import networks, random_network


@settings(max_examples=60, deadline=None)
@given(networks(), st.integers(0, 2**32 - 1), st.integers(0, 5))
def test_an_update_is_a_full_solve_bit_for_bit(network: Equations, seed: int, changes: int) -> None:
    draw = np.random.default_rng(seed)
    plan = make_plan(network)
    before = solve(network, plan).intensity
    dirty = draw.integers(0, network.n, changes)
    amount, direct = np.array(network.amount), np.array(network.direct)
    touched = np.isin(network.consumer, dirty) & (draw.random(len(amount)) < 0.5)
    amount[touched] *= 0.97
    direct[dirty] *= draw.choice([1.0, 1.1, 0.0], changes)[:, None]
    changed = network.with_amount(amount).with_direct(direct)
    after = update(changed, plan, before, dirty)
    assert after.tobytes() == solve(changed, plan).intensity.tobytes()


@settings(max_examples=30, deadline=None)
@given(networks(), st.integers(0, 2**32 - 1))
def test_a_tolerant_update_is_a_full_tolerant_solve(network: Equations, seed: int) -> None:
    """With any amounts: loops are refused and recover as they come."""
    draw = np.random.default_rng(seed)
    plan = make_plan(network)
    found = solve_tolerant(network, plan)
    for _ in range(3):
        dirty = draw.integers(0, network.n, 3)
        amount = np.array(network.amount)
        amount[np.isin(network.consumer, dirty)] *= draw.choice([0.3, 4.0])
        network = network.with_amount(amount)
        found = update_tolerant(network, plan, found, dirty)
        whole = solve_tolerant(network, plan)
        assert found.intensity.tobytes() == whole.intensity.tobytes()
        assert found.refused_by.tolist() == whole.refused_by.tolist()
        assert found.refusals.keys() == whole.refusals.keys()
        assert found.unproven == whole.unproven


def test_a_doubtful_loop_is_proven_again_when_its_credits_weaken() -> None:
    ring = [0, 1, 2, 3]
    network = Equations(4, [*ring, *ring], [1, 2, 3, 0, 3, 0, 1, 2], [2.0, -2.0] * 4, np.ones((4, 1)))
    plan = make_plan(network)
    doubtful = solve_tolerant(network, plan)
    assert list(doubtful.unproven) == [0]
    weak = network.with_amount(network.amount * 0.1)
    proven = update_tolerant(weak, plan, doubtful, ring)
    assert proven.productive
    assert update_tolerant(network, plan, proven, ring).unproven == doubtful.unproven


def test_only_what_moves_is_reported() -> None:
    network = random_network(4, 200, 1.5, backward=0.05)
    plan = make_plan(network)
    before = solve(network, plan)
    direct = np.array(network.direct)
    direct[40] += 1.0
    after = update_tolerant(network.with_direct(direct), plan, before, [40])
    assert after.changed.tolist() == closure(network.consumers, [40]).tolist()
    assert (
        np.flatnonzero((after.intensity != before.intensity).any(axis=1)).tolist() == after.changed.tolist()
    )


def test_a_dirty_product_that_did_not_change_moves_nothing() -> None:
    network = random_network(4, 200, 3.0, backward=0.1)
    plan = make_plan(network)
    before = solve(network, plan)
    assert update_tolerant(network, plan, before, range(200)).changed.tolist() == []


def test_the_previous_intensities_are_left_alone() -> None:
    network = random_network(4, 50, 1.5, backward=0.0)
    plan = make_plan(network)
    before = solve(network, plan).intensity
    kept = before.copy()
    update(network.with_direct(network.direct * 2.0), plan, before, range(50))
    assert np.array_equal(before, kept)


def test_intensities_of_another_network_are_refused() -> None:
    network = random_network(4, 50, 1.5, backward=0.0)
    with pytest.raises(WrongShape):
        update(network, make_plan(network), np.zeros((50, 2)), [1])


def test_an_unknown_dirty_product_is_refused() -> None:
    network = random_network(4, 50, 1.5, backward=0.0)
    with pytest.raises(OutOfRange):
        update(network, make_plan(network), solve(network).intensity, [50])
