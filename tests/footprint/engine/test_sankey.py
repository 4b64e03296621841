"""Flows through a site: they balance or say where not, and nothing that is merged opens a node."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.embodied import embodied
from footprint.engine.equations import Equations
from footprint.engine.errors import NonFinite, NotClosed, OutOfBounds, OutOfRange, WrongShape
from footprint.engine.plan import make_plan
from footprint.engine.sankey import Closing, Drawing, Flows, Kind, balances, drawing, grouped, merged
from footprint.engine.score import Scored, weigh
from footprint.engine.solve import solve, solve_tolerant
from tests.footprint.engine.reference import random_network

BOILER, CRACKER, GAS, MARKET, AIR, WASTE = range(6)
KINDS = [Kind.PROCESS, Kind.PROCESS, Kind.OUTSIDE, Kind.OUTSIDE, Kind.EMISSION, Kind.LOSS]
nan = float("nan")


def site(*more: tuple[int, int, float, float]) -> Flows:
    """Naphtha and gas come in; fuel gas and steam go around; on mass and carbon."""
    rows = [
        (GAS, BOILER, 10.0, 7.5), (GAS, CRACKER, 100.0, 85.0), (CRACKER, BOILER, 5.0, 4.0),
        (BOILER, CRACKER, 2.0, 0.0), (BOILER, AIR, 13.0, 11.5), (CRACKER, MARKET, 96.5, 80.5),
        (CRACKER, WASTE, 0.5, 0.5), *more,
    ]  # fmt: skip
    source, target, mass, carbon = zip(*rows, strict=True)
    return Flows.of(KINDS, ("mass", "carbon"), source, target, np.array([mass, carbon]).T)


def test_what_closes_and_what_does_not() -> None:
    found = balances(site((GAS, CRACKER, 1.0, 0.0)), 1e-9)
    assert found.into[:2].tolist() == [[15.0, 11.5], [103.0, 85.0]]
    assert found.out[:2].tolist() == [[15.0, 11.5], [102.0, 85.0]]
    assert found.imbalance[CRACKER].tolist() == [1.0, 0.0]
    assert found.relative[CRACKER, 0] == pytest.approx(1 / 103)
    assert found.state[:2].tolist() == [[Closing.CLOSES, Closing.CLOSES], [Closing.OPEN, Closing.CLOSES]]
    assert (found.state[2:] == Closing.BOUNDARY).all()
    assert balances(site((GAS, CRACKER, 1.0, 0.0)), [0.01, 0.0]).state[CRACKER, 0] == Closing.CLOSES


def test_an_unknown_flow_leaves_a_balance_unknown_on_its_basis_only() -> None:
    found = balances(site((GAS, CRACKER, 1.0, nan)), 1e-9)
    assert found.state[CRACKER].tolist() == [Closing.OPEN, Closing.UNKNOWN]
    assert found.unknown[CRACKER].tolist() == [0, 1]
    assert found.into[CRACKER].tolist() == [103.0, 85.0]


def test_a_negative_flow_runs_the_other_way() -> None:
    turned = site((CRACKER, GAS, -1.0, 0.0))
    assert balances(turned, 0.1).into[CRACKER, 0] == 103.0
    found = drawing(turned, "mass")
    row = found.flow.tolist().index(7)
    assert (found.source[row], found.target[row], found.amount[row]) == (GAS, CRACKER, 1.0)


def test_cycles_are_marked_at_their_lightest_flow() -> None:
    found = drawing(site(), "mass")
    assert np.array_equal(found.amount, np.sort(found.amount)[::-1])
    back = found.flow[found.back]
    assert back.tolist() == [3]
    assert not drawing(site(), "carbon").back.any()
    assert drawing(site((CRACKER, CRACKER, 50.0, 0.0)), "mass").back[2]


def test_small_flows_over_the_boundary_join_and_processes_keep_their_balance() -> None:
    flows = site((GAS, CRACKER, 0.4, 0.1), (WASTE, CRACKER, 0.2, 0.1), (CRACKER, MARKET, 0.6, 0.2))
    found = merged(flows, "mass", 0.02)
    assert found.kind.tolist()[6:] == [Kind.OUTSIDE, Kind.OUTSIDE, Kind.LOSS, Kind.LOSS]
    rows = {
        (int(s), int(t)): a.tolist() for s, t, a in zip(found.source, found.target, found.amount, strict=True)
    }
    assert rows[(CRACKER, MARKET)] == [96.5, 80.5]
    assert rows[(CRACKER, 7)] == pytest.approx([0.6, 0.2])
    assert rows[(CRACKER, 9)] == [0.5, 0.5]
    assert rows[(CRACKER, BOILER)] == [5.0, 4.0]
    before, after = balances(flows, 1.0), balances(found, 1.0)
    assert np.allclose(before.into[:2], after.into[:2], rtol=1e-14)
    assert np.allclose(before.out[:2], after.out[:2], rtol=1e-14)


def test_unknown_flows_are_not_merged_away() -> None:
    found = merged(site((WASTE, CRACKER, nan, 0.1)), "mass", 0.5)
    assert balances(found, 1.0).unknown[CRACKER].tolist() == [1, 0]
    assert (WASTE, CRACKER) in zip(found.source.tolist(), found.target.tolist(), strict=True)


def test_co_products_join_in_their_process() -> None:
    found = grouped(
        site(), [0, 0, 1, 2, 3, 4], [Kind.PROCESS, Kind.OUTSIDE, Kind.OUTSIDE, Kind.EMISSION, Kind.LOSS]
    )
    assert balances(found, 1e-9).into[0].tolist() == [117.0, 96.5]
    assert drawing(found, "mass").back.sum() == 1
    assert len(found.source) == 5


def test_a_whole_network_is_no_diagram() -> None:
    ring = np.arange(4001)
    flows = Flows.of(ring * 0, ("x",), ring, np.roll(ring, 1), np.ones(4001))
    with pytest.raises(OutOfBounds, match="4001 nodes stand in cycles"):
        drawing(flows, "x")


def acyclic(found: Drawing, n: int) -> bool:
    ahead = ~found.back
    links = Equations(n, found.source[ahead], found.target[ahead], np.ones(ahead.sum()), np.zeros((n, 1)))
    return not make_plan(links).loop_members


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 25), st.integers(0, 80))
def test_without_the_marked_flows_there_is_no_cycle_and_each_mark_is_needed(
    seed: int, n: int, count: int
) -> None:
    draw = np.random.default_rng(seed)
    flows = Flows.of(draw.integers(0, 4, n), ("x",), draw.integers(0, n, count), draw.integers(0, n, count),
                     draw.normal(size=count))  # fmt: skip
    found = drawing(flows, "x")
    assert acyclic(found, n)
    for mark in np.flatnonzero(found.back)[:5]:
        back = found.back.copy()
        back[mark] = False
        assert not acyclic(Drawing("x", found.source, found.target, found.amount, back, found.flow), n)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.sampled_from([0.0, 0.01, 0.3]))
def test_merging_and_grouping_keep_what_passes_a_process(seed: int, n: int, cutoff: float) -> None:
    draw = np.random.default_rng(seed)
    flows = Flows.of(draw.integers(0, 4, n), ("x", "y"), draw.integers(0, n, 60), draw.integers(0, n, 60),
                     draw.lognormal(0, 2, (60, 2)))  # fmt: skip
    before, after = balances(flows, 0.0), balances(merged(flows, "x", cutoff), 0.0)
    inner = flows.kind == Kind.PROCESS
    assert np.allclose(before.into[inner], after.into[:n][inner], rtol=1e-12)
    assert np.allclose(before.out[inner], after.out[:n][inner], rtol=1e-12)
    assert np.allclose(before.imbalance.sum(axis=0), 0.0, atol=1e-9 * before.into.sum())


def scored(equations: Equations) -> Scored:
    return weigh(equations, solve(equations).intensity, np.ones(equations.columns))


def test_embodied_emissions_of_a_site_by_hand() -> None:
    """Outside 0 sells to 1; 1 gives all it makes to 2, which sells."""
    equations = Equations(3, [1, 2], [0, 1], [2.0, 0.5], [[1.0], [3.0], [0.5]])
    found = embodied(scored(equations), [1, 2], [5.0, 10.0])
    assert found.product.tolist() == [1, 2, 0, -1, -1]
    assert found.delivered.tolist() == [0.0, 10.0]
    kinds = [Kind.PROCESS, Kind.PROCESS, Kind.OUTSIDE, Kind.EMISSION, Kind.OUTSIDE]
    assert found.flows.kind.tolist() == kinds
    rows = list(zip(found.flows.source, found.flows.target, found.flows.amount[:, 0], strict=True))
    assert rows == [(2, 0, 10.0), (0, 1, 25.0), (3, 0, 15.0), (3, 1, 5.0), (0, 4, 0.0), (1, 4, 30.0)]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 80), st.sampled_from([0.0, 0.3]))
def test_embodied_emissions_close_at_every_process(seed: int, n: int, credits: float) -> None:
    """With loops and credits, and whatever amounts are made."""
    equations = random_network(seed, n, 3.0, backward=0.2, credits=credits)
    draw = np.random.default_rng(seed)
    nodes = draw.permutation(n)[: max(n // 3, 1)]
    found = embodied(scored(equations), nodes, draw.uniform(0.0, 1e6, len(nodes)))
    state = balances(found.flows, 1e-9).state[:, 0]
    assert (state[: len(nodes)] == Closing.CLOSES).all()
    assert (drawing(found.flows, "co2e").amount > 0.0).all()


def test_a_site_that_takes_more_than_it_makes_gets_the_rest_from_outside() -> None:
    equations = Equations(2, [1], [0], [2.0], [[1.0], [1.0]])
    found = embodied(scored(equations), [0, 1], [5.0, 10.0])
    assert found.delivered.tolist() == [-15.0, 10.0]
    shown = drawing(found.flows, "co2e")
    assert (3, 0, 15.0) in zip(
        shown.source.tolist(), shown.target.tolist(), shown.amount.tolist(), strict=True
    )


def test_figures_of_another_state_do_not_close() -> None:
    equations = Equations(2, [1], [0], [2.0], [[1.0], [1.0]])
    stale = Scored(equations, equations.direct[:, 0], np.array([1.0, 3.5]))
    with pytest.raises(NotClosed) as refused:
        embodied(stale, [1], [1.0])
    assert refused.value.nodes == (1,)


def test_a_supplier_without_figure_is_named() -> None:
    equations = Equations(3, [0, 1, 2], [0, 0, 1], [1.5, 1.0, 1.0], np.ones((3, 1)))
    source = weigh(equations, solve_tolerant(equations).intensity)
    with pytest.raises(NonFinite) as refused:
        embodied(source, [2], [1.0])
    assert refused.value.nodes == (2, 1)


def test_what_does_not_fit_is_refused() -> None:
    source = scored(Equations(2, [1], [0], [2.0], [[1.0], [1.0]]))
    for nodes, made in (([0, 1], [1.0]), ([0, 0], [1.0, 1.0])):
        with pytest.raises(WrongShape):
            embodied(source, nodes, made)
    with pytest.raises(OutOfBounds):
        embodied(source, [0], [-1.0])
    with pytest.raises(OutOfRange):
        embodied(source, [2], [1.0])
    with pytest.raises(OutOfBounds, match="not by heat"):
        drawing(site(), "heat")
    with pytest.raises(OutOfBounds):
        merged(site(), "mass", -0.1)
    with pytest.raises(OutOfBounds):
        balances(site(), -1.0)
    with pytest.raises(WrongShape):
        grouped(site(), [0, 0], [Kind.PROCESS])
    for arrays in (
        ([0], ("x",), [0], [0], [np.inf]),
        ([7], ("x",), [0], [0], [1.0]),
        ([0], ("x",), [0, 0], [0], [1.0]),
    ):
        with pytest.raises(WrongShape):
            Flows.of(*arrays)
    with pytest.raises(OutOfRange):
        Flows.of([0], ("x",), [0], [1], [1.0])
