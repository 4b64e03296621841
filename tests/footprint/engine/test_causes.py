"""Figures taken apart at the gate: they close, follow own processes only, and are shared anew exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.causes import ALONE, Shared, Taken, at_the_gate, shared_anew
from footprint.engine.contributions import entries
from footprint.engine.equations import Equations
from footprint.engine.errors import WrongShape
from footprint.engine.solve import solve_tolerant


def network(seed: int, n: int = 12) -> tuple[Taken, np.ndarray]:
    """Products of three groups, and factors that take nothing; no loops."""
    rng = np.random.default_rng(seed)
    group = np.concatenate([np.zeros(4, dtype=np.int64), rng.integers(1, 4, n - 4)])
    pairs = [(c, s) for c in range(4, n) for s in range(c) if rng.random() < 0.4]
    consumer, supplier = (np.array([pair[at] for pair in pairs], dtype=np.int64) for at in (0, 1))
    amount, direct = rng.uniform(0.1, 1.0, len(pairs)), rng.uniform(0, 1, (n, 1))
    score = solve_tolerant(Equations(n, consumer, supplier, amount, direct)).intensity[:, 0]
    label = rng.integers(0, 2, len(pairs))
    brought = np.zeros((len(pairs), 3))
    brought[np.arange(len(pairs)), label] = score[supplier]
    return Taken(consumer, supplier, amount, brought, np.hstack([np.zeros((n, 2)), direct]), group), score


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_causes_sum_to_the_figure_and_agree_with_the_boundary_of_one(seed: int) -> None:
    taken, score = network(seed)
    found = at_the_gate(taken)
    assert found.sum(axis=1) == pytest.approx(score, rel=1e-9)
    equations = Equations(len(score), taken.consumer, taken.supplier, taken.amount, taken.direct[:, 2:])
    root = len(score) - 1
    alone = entries(equations, score[:, None], root, taken.group == taken.group[root])
    assert found[root, 2] == pytest.approx(alone.emitted.sum(), rel=1e-9)


def test_by_hand() -> None:
    """Product 2 takes 0.5 of product 1, both of one company, which takes 2 of factor 0 (3 kg) as feed."""
    taken = Taken(
        np.array([1, 2]), np.array([0, 1]), np.array([2.0, 0.5]), np.array([[3.0, 0.0], [0.0, 0.0]]),
        np.array([[0.0, 0.0], [0.0, 0.4], [0.0, 1.0]]), np.array([0, 7, 7]),
    )  # fmt: skip
    assert at_the_gate(taken) == pytest.approx(np.array([[0.0, 0.0], [6.0, 0.4], [3.0, 1.2]]))


def test_shares_by_hand() -> None:
    """10 of product 1 and 30 of product 2 by one process, which takes 8 of factor 0 and emits 4."""
    member = Shared(
        np.array([ALONE, 0, 0]), np.array([1.0, 10.0, 30.0]), np.ones(3), np.array([0.0, 0.25, 0.75])
    )
    by_value = Taken(
        np.array([1, 2]), np.array([0, 0]), np.array([0.6, 2.0 / 30]), np.array([[1.0], [1.0]]),
        np.array([[0.0], [0.3], [1.0 / 30]]), np.array([0, 1, 1]),
    )  # fmt: skip
    by_mass = shared_anew(by_value, member)
    sums = np.zeros(3)
    np.add.at(sums, by_mass.consumer, by_mass.amount)
    assert sums == pytest.approx([0.0, 0.2, 0.2])
    assert by_mass.direct[:, 0] == pytest.approx([0.0, 0.1, 0.1])
    assert at_the_gate(by_mass)[1:, 0] == pytest.approx([0.3, 0.3])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_shares_in_force_change_nothing_and_any_shares_keep_the_whole(seed: int) -> None:
    rng = np.random.default_rng(seed)
    taken, _score = network(seed)
    n = len(taken.group)
    process = np.full(n, ALONE)
    process[[5, 6]], process[[8, 9, 10]] = 1, 0
    made, share = rng.uniform(1, 9, n), np.zeros(n)
    for number in (0, 1):
        at = process == number
        share[at] = rng.dirichlet(np.ones(at.sum()))
    found = shared_anew(taken, Shared(process, made, np.ones(n), share))
    for number in (0, 1):
        at = process == number
        before = (taken.direct[at] * made[at, None]).sum(axis=0)
        assert (found.direct[at] * made[at, None]).sum(axis=0) == pytest.approx(before)
        whole, again = (
            (each.amount * made[each.consumer])[at[each.consumer]].sum() for each in (taken, found)
        )
        assert again == pytest.approx(whole)
    twice = shared_anew(found, Shared(process, made, np.ones(n), share))
    assert at_the_gate(twice) == pytest.approx(at_the_gate(found), nan_ok=True)


def test_what_does_not_fit_is_refused() -> None:
    taken, _score = network(1)
    n = len(taken.group)
    with pytest.raises(WrongShape):
        at_the_gate(
            Taken(taken.consumer, taken.supplier, taken.amount, taken.brought[1:], taken.direct, taken.group)
        )
    process = np.full(n, ALONE)
    process[[5, 6]] = 0
    with pytest.raises(WrongShape):
        shared_anew(taken, Shared(process, np.ones(n), np.ones(n), np.full(n, 0.4)))
