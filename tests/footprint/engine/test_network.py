"""A living network: whatever happens to it, its figures have the bits of a full solve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine import Network
from footprint.engine.equations import Equations
from footprint.engine.errors import EngineError, NonFinite, NotProductive, OutOfRange, WrongShape
from footprint.engine.plan import closure
from footprint.engine.solve import Status, solve, solve_tolerant
from tests.footprint.engine.reference import dense_solve, gap, networks, random_network

Edit = tuple[tuple[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def living(equations: Equations) -> Network:
    return Network.from_arrays(equations.supplier, equations.consumer, equations.amount, equations.direct)


def random_edit(draw: np.random.Generator, network: Network, strongest: float) -> Edit:
    """Other values, links taken away, links added anywhere (which may close a loop), other burdens."""
    edges = network.edges
    some = draw.integers(0, max(len(edges.amount), 1), draw.integers(0, 4) if len(edges.amount) else 0)
    new = draw.integers(0, network.n, (2, draw.integers(0, 3)))
    factor = draw.choice([0.0, 0.5, 0.9, 1.0, strongest], len(some))
    amount = np.append(edges.amount[some] * factor, draw.uniform(0.0, 0.05 * strongest, new.shape[1]))
    nodes = draw.integers(0, network.n, draw.integers(0, 3))
    rows = network.equations.direct[nodes] * draw.choice([0.0, 1.0, 1.5], (len(nodes), 1))
    return (np.append(edges.supplier[some], new[0]), np.append(edges.consumer[some], new[1]), amount), (
        nodes,
        rows,
    )


@settings(max_examples=80, deadline=None)
@given(networks(largest=120), st.integers(0, 2**32 - 1))
def test_any_sequence_of_edits_is_a_full_solve_bit_for_bit(equations: Equations, seed: int) -> None:
    """Values, links that come and go, loops that close and dissolve, loops that are refused and heal."""
    draw, network = np.random.default_rng(seed), living(equations)
    network.solve_tolerant()
    for strongest in (1.0, 30.0, 0.01, 1.0):
        before, why = network.intensities, [str(network.reason(v)) for v in range(network.n)]
        kept = before.copy()
        edges, direct = random_edit(draw, network, strongest)
        changed = network.update_tolerant(edges, direct)
        whole = solve_tolerant(network.equations)
        assert network.intensities.tobytes() == whole.intensity.tobytes()
        assert network.status().tolist() == whole.status().tolist()
        reasons = [str(network.reason(v)) for v in range(network.n)]
        assert reasons == [str(whole.reason(v)) for v in range(network.n)]
        moved = ((before != whole.intensity) & ~(np.isnan(before) & np.isnan(whole.intensity))).any(axis=1)
        other = moved | (np.array(reasons) != np.array(why))
        assert changed.tolist() == np.flatnonzero(other).tolist()
        assert before.tobytes() == kept.tobytes()
        assert network.loops == whole.loops


@settings(max_examples=40, deadline=None)
@given(networks(largest=120), st.integers(0, 2**32 - 1))
def test_an_update_is_all_or_nothing(equations: Equations, seed: int) -> None:
    draw, network = np.random.default_rng(seed), living(equations)
    network.solve()
    for strongest in (30.0, 1.0, 30.0):
        before, data = network.intensities, network.equations
        edges, direct = random_edit(draw, network, strongest)
        try:
            network.update(edges, direct)
        except EngineError as refusal:
            assert refusal.nodes
            assert network.intensities.tobytes() == before.tobytes()
            assert network.equations.amount.tobytes() == data.amount.tobytes()
            assert network.equations.direct.tobytes() == data.direct.tobytes()
        assert network.intensities.tobytes() == solve(network.equations).intensity.tobytes()
        assert not network.status().any()


def chain() -> Network:
    """0 -> 1 -> 2 -> 3, half of each in the next."""
    return Network.from_arrays([0, 1, 2], [1, 2, 3], [0.5, 0.5, 0.5], np.ones((4, 2)))


def test_a_network_of_arrays_adds_up_links_between_the_same_products() -> None:
    network = Network.from_arrays([0, 0, 1], [1, 1, 2], [0.25, 0.25, 0.0], np.ones((3, 1)))
    assert [part.tolist() for part in network.edges] == [[0], [1], [0.5]]
    assert network.solve().tolist() == [[1.0], [1.5], [1.0]]
    assert network.residual == 0.0


def test_an_edit_of_each_kind() -> None:
    network = chain()
    assert network.update(edges=([1], [2], [0.25])).tolist() == [2, 3]
    assert network.update(edges=([1], [2], [0.25])).tolist() == []
    assert network.update(direct=([3], [[2.0, 2.0]])).tolist() == [3]
    assert network.update(edges=([2], [3], [0.0])).tolist() == [3]
    assert network.update(edges=([2], [3], [0.0])).tolist() == []
    assert network.update(edges=([0], [3], [1.0])).tolist() == [3]
    assert network.intensities[3].tolist() == [3.0, 3.0]
    assert network.positions([0, 2], [3, 3]).tolist() == [2, -1]


def test_what_is_named_twice_counts_as_named_last() -> None:
    network = chain()
    network.update(edges=([0, 0], [1, 1], [9.0, 0.25]), direct=([0, 0], [[9.0, 9.0], [2.0, 2.0]]))
    assert network.rows([0, 1]).tolist() == [[2.0, 2.0], [1.5, 1.5]]


def test_a_loop_closes_is_refused_and_heals() -> None:
    network = chain()
    network.update(edges=([3], [1], [0.4]))
    assert network.loops == ((1, 2, 3),)
    assert gap(network.intensities, dense_solve(network.equations)) < 1e-14
    with pytest.raises(NotProductive) as refused:
        network.update(edges=([3], [1], [4.0]))
    assert refused.value.members == (1, 2, 3)
    assert network.update_tolerant(edges=([3], [1], [4.0])).tolist() == [1, 2, 3]
    assert network.status().tolist() == [Status.SOLVED, Status.REFUSED, Status.REFUSED, Status.REFUSED]
    assert network.reason(2).nodes == (1, 2, 3)
    assert network.reason(0) is None
    assert np.isnan(network.intensities[1:]).all()
    assert network.update_tolerant(direct=([2], [[5.0, 5.0]])).tolist() == []
    assert network.update(edges=([3], [1], [0.0])).tolist() == [1, 2, 3]
    assert network.loops == ()
    assert not network.status().any()


def test_a_refused_network_raises_when_solved_strictly_and_goes_on_tolerantly() -> None:
    network = Network.from_arrays([0, 1, 1], [1, 0, 2], [2.0, 2.0, 1.0], np.ones((4, 1)))
    with pytest.raises(NotProductive):
        network.solve()
    assert np.isnan(network.solve_tolerant()).ravel().tolist() == [True, True, True, False]
    assert network.status().tolist() == [1, 1, 2, 0]


def test_grown_products_take_part() -> None:
    network = chain()
    network.solve()
    assert network.grow(np.full((2, 2), 3.0)).tolist() == [4, 5]
    assert network.intensities[4:].tolist() == [[3.0, 3.0]] * 2
    assert network.update(edges=([4, 5], [0, 4], [1.0, 0.5])).tolist() == [0, 1, 2, 3, 4]
    assert network.intensities.tobytes() == solve(network.equations).intensity.tobytes()
    with pytest.raises(WrongShape):
        network.grow([[1.0]])


def test_arrays_given_out_stay_as_they_are() -> None:
    network = chain()
    first, data, edges = network.solve(), network.equations, network.edges
    network.update(edges=([0], [1], [0.75]))
    assert first[1].tolist() == [1.5, 1.5]
    assert data.amount.tolist() == edges.amount.tolist() == [0.5, 0.5, 0.5]
    with pytest.raises(ValueError, match="read-only"):
        network.intensities[0] = 0.0


def test_the_error_is_bounded() -> None:
    network = living(random_network(7, 300, 4.0, backward=0.2))
    bound = network.bound()
    assert bound is not None
    assert gap(network.intensities, dense_solve(network.equations)) <= bound + 1e-12


@pytest.mark.parametrize(
    ("edges", "direct", "error"),
    [
        (([9], [0], [1.0]), None, OutOfRange),
        (([0], [-1], [1.0]), None, OutOfRange),
        (([0], [1], [np.nan]), None, NonFinite),
        (([0], [1], [1.0, 2.0]), None, WrongShape),
        (None, ([1], [[np.inf, 0.0]]), NonFinite),
        (None, ([1], [[1.0, 2.0, 3.0]]), WrongShape),
        (None, ([7], [[1.0, 2.0]]), OutOfRange),
    ],
)
def test_an_edit_that_cannot_be_is_refused_and_changes_nothing(edges, direct, error) -> None:
    network = chain()
    before = network.solve()
    with pytest.raises(error):
        network.update(edges, direct)
    assert network.intensities.tobytes() == before.tobytes()


def test_an_empty_network() -> None:
    network = Network.from_arrays([], [], [], np.empty((0, 3)))
    assert network.solve().shape == (0, 3)
    assert network.update().tolist() == []
    assert network.grow(np.ones((1, 3))).tolist() == [0]


def test_a_doubtful_loop_is_proven_again_when_its_credits_weaken() -> None:
    ring, strong = [0, 1, 2, 3, 0, 1, 2, 3], np.array([2.0, -2.0] * 4)
    network = Network.from_arrays([1, 2, 3, 0, 3, 0, 1, 2], ring, strong, np.ones((4, 1)))
    network.solve()
    assert network.bound() is None
    edges = network.edges
    network.update(edges=(edges.supplier, edges.consumer, edges.amount * 0.1))
    assert network.bound() < 1e-12
    network.update(edges=(*edges[:2], edges.amount))
    assert network.bound() is None


def test_only_what_moves_is_reported() -> None:
    network = Network(random_network(4, 200, 1.5, backward=0.05))
    before, row = network.solve(), network.equations.direct[40]
    changed = network.update(direct=([40], [row + 1.0]))
    assert changed.tolist() == closure(network.equations.consumers, [40]).tolist()
    assert changed.tolist() == np.flatnonzero((network.intensities != before).any(axis=1)).tolist()


@settings(max_examples=30, deadline=None)
@given(networks(largest=120), st.integers(0, 2**32 - 1))
def test_a_copy_and_its_original_go_their_own_ways(equations: Equations, seed: int) -> None:
    draw, network = np.random.default_rng(seed), living(equations)
    network.solve_tolerant()
    for strongest in (1.0, 30.0, 0.01):
        other, data = network.copy(), network.equations
        figures, states = network.intensities, network.status().tolist()
        other.update_tolerant(*random_edit(draw, other, strongest))
        whole = solve_tolerant(other.equations)
        assert other.intensities.tobytes() == whole.intensity.tobytes()
        assert other.refused_by.tolist() == whole.refused_by.tolist()
        assert [str(one) for one in other.refusals] == [str(one) for _, one in sorted(whole.refusals.items())]
        assert network.equations.amount.tobytes() == data.amount.tobytes()
        assert network.intensities.tobytes() == figures.tobytes()
        assert network.status().tolist() == states
        network = other


def test_links_of_some_products() -> None:
    network = chain()
    network.update(edges=([0], [3], [0.25]))
    assert [part.tolist() for part in network.links_to([3, 0, 1])] == [[0, 2, 0], [3, 3, 1], [0.25, 0.5, 0.5]]
