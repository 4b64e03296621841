"""A scenario is the changed network, solved only where it can be felt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine import scenario as scenarios
from footprint.engine.equations import Equations
from footprint.engine.errors import (
    EngineError,
    NonFinite,
    NoSuchLink,
    NotProductive,
    OutOfBounds,
    OutOfRange,
    PlanMismatch,
    WrongShape,
)
from footprint.engine.levers import (
    AddToLink,
    Lever,
    ReplaceSupplier,
    ScaleDirect,
    SetDirect,
    SetLink,
)
from footprint.engine.plan import closure, make_plan
from footprint.engine.scenario import Scenario, evaluate, network_under
from footprint.engine.solve import solve, solve_tolerant
from tests.footprint.engine.reference import gap, networks, random_network

COAL, POWER, HEAT, LIME, STEEL = range(5)


@pytest.fixture(params=[0.0, 1.0], ids=["all of it solved", "a part cut out"], autouse=True)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether much of the network can move makes no difference to any answer."""
    monkeypatch.setattr(scenarios, "MOST", request.param)


def works() -> Equations:
    links = [
        (POWER, COAL, 0.5),
        (HEAT, COAL, 0.2),
        (LIME, HEAT, 3.0),
        (STEEL, LIME, 0.1),
        (STEEL, POWER, 2.0),
    ]
    return Equations(5, *map(list, zip(*links, strict=True)), [[0.1], [0.9], [0.5], [0.8], [1.0]])


def figure(*levers: Lever, node: int = STEEL) -> float:
    equations = works()
    return float(evaluate(equations, solve(equations).intensity, Scenario("", levers), [node]).after[0, 0])


COAL_Y, POWER_Y, HEAT_Y = 0.1, 0.95, 0.52
LIME_Y = 0.8 + 3 * HEAT_Y
STEEL_Y = 1.0 + 0.1 * LIME_Y + 2 * POWER_Y


@pytest.mark.parametrize(
    ("lever", "expected"),
    [
        (SetLink(STEEL, POWER, 1.0), STEEL_Y - POWER_Y),
        (SetLink(STEEL, POWER, 0.0), STEEL_Y - 2 * POWER_Y),
        (SetLink(STEEL, COAL, 4.0), STEEL_Y + 0.4),
        (AddToLink(STEEL, POWER, -0.5), STEEL_Y - 0.5 * POWER_Y),
        (AddToLink(STEEL, HEAT, 1.0), STEEL_Y + HEAT_Y),
        (ReplaceSupplier(STEEL, POWER, HEAT), STEEL_Y + 2 * (HEAT_Y - POWER_Y)),
        (ReplaceSupplier(STEEL, POWER, LIME, 2.0, 0.25), STEEL_Y - 0.5 * POWER_Y + LIME_Y),
        (SetDirect(STEEL, [0.0]), STEEL_Y - 1.0),
        (ScaleDirect(STEEL, 0.5), STEEL_Y - 0.5),
        (ScaleDirect(POWER, [2.0]), STEEL_Y + 1.8),
    ],
)
def test_levers_by_hand(lever: Lever, expected: float) -> None:
    assert figure(lever) == pytest.approx(expected, rel=1e-12)


def test_levers_are_pulled_one_after_the_other() -> None:
    one = figure(SetLink(STEEL, POWER, 4.0), ReplaceSupplier(STEEL, POWER, HEAT, 0.0, 0.5))
    other = figure(ReplaceSupplier(STEEL, POWER, HEAT, 0.0, 0.5), SetLink(STEEL, POWER, 4.0))
    assert one == pytest.approx(STEEL_Y)
    assert other == pytest.approx(STEEL_Y + 2 * POWER_Y)


def test_a_new_supplier_counts_with_its_own_change() -> None:
    """Power takes lime, which it never did, and lime changes in the same scenario."""
    found = figure(ScaleDirect(LIME, 2.0), SetLink(POWER, LIME, 0.1), node=POWER)
    assert found == pytest.approx(POWER_Y + 0.1 * (LIME_Y + 0.8))


def levers(equations: Equations, draw: np.random.Generator, count: int) -> tuple[Lever, ...]:
    """Levers that leave every loop productive: amounts shrink, or move to a supplier at a discount."""
    found: list[Lever] = []
    for _ in range(count):
        node = int(draw.integers(equations.n))
        links = equations.links_of(node)
        row = draw.uniform(0, 3, equations.columns)
        choice = int(draw.integers(5)) if links.stop > links.start else int(draw.integers(2))
        supplier = int(equations.supplier[draw.integers(links.start, links.stop)]) if choice >= 2 else -1
        found.append(
            [
                lambda n=node, r=row: SetDirect(n, r),
                lambda n=node, r=row: ScaleDirect(n, r),
                lambda n=node, s=supplier: AddToLink(n, s, 0.0),
                lambda n=node, s=supplier: SetLink(n, s, 0.0),
                lambda n=node, s=supplier: ReplaceSupplier(
                    n,
                    s,
                    int(draw.integers(equations.n)),
                    float(draw.uniform(0, 1)),
                    float(draw.uniform(0, 1)),
                ),
            ][choice]()
        )
    return tuple(found)


@settings(max_examples=60, deadline=None)
@given(networks(largest=120, credit=False), st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_a_scenario_is_the_changed_network_solved(equations: Equations, seed: int, count: int) -> None:
    draw = np.random.default_rng(seed)
    intensity = solve(equations).intensity
    kept = intensity.copy()
    try:
        scenario = Scenario("any", levers(equations, draw, count))
        whole = solve(network_under(equations, scenario)).intensity
        asked = draw.integers(0, equations.n, 5)
        found = evaluate(equations, intensity, scenario, asked)
        every = evaluate(equations, intensity, scenario, plan=make_plan(equations))
    except NoSuchLink:
        return
    assert gap(found.after, whole[asked]) <= 1e-12
    assert np.array_equal(found.before, intensity[asked])
    assert gap(every.after, whole[every.nodes]) <= 1e-12
    still = np.setdiff1d(np.arange(equations.n), every.nodes)
    assert gap(intensity[still], whole[still]) <= 1e-11
    assert np.array_equal(intensity, kept)


def test_only_what_moves_is_reported() -> None:
    equations = random_network(6, 200, 1.5, backward=0.05)
    found = evaluate(equations, solve(equations).intensity, Scenario("", (ScaleDirect(40, 2.0),)))
    assert found.nodes.tolist() == closure(equations.consumers, [40]).tolist()
    same = evaluate(equations, solve(equations).intensity, Scenario("", (ScaleDirect(40, 1.0),)))
    assert same.nodes.tolist() == []
    assert evaluate(equations, solve(equations).intensity, Scenario("nothing", ())).change.shape == (0, 3)


def test_a_loop_that_a_scenario_makes_is_solved_or_refused_by_name() -> None:
    """Lime feeds power: power <- lime <- heat <- power."""
    assert figure(AddToLink(POWER, LIME, 0.1), AddToLink(HEAT, POWER, 0.1)) > STEEL_Y
    with pytest.raises(NotProductive) as refused:
        figure(AddToLink(POWER, LIME, 10.0), AddToLink(HEAT, POWER, 0.1))
    assert refused.value.members == (POWER, HEAT, LIME)


def test_a_refused_loop_elsewhere_is_left_alone_and_can_be_mended() -> None:
    equations = Equations(5, [0, 2, 3, 4], [0, 0, 1, 3], [1.5, 1.0, 2.0, 1.0], np.ones((5, 1)))
    intensity = solve_tolerant(equations).intensity
    other = evaluate(equations, intensity, Scenario("", (ScaleDirect(1, 2.0),)), [4])
    assert other.after.tolist() == [[6.0]]
    mended = evaluate(equations, intensity, Scenario("", (SetLink(0, 0, 0.5),)), [0, 2])
    assert mended.after.tolist() == [[2.0], [3.0]]
    assert np.isnan(mended.before).all()
    joined = Scenario("", (ScaleDirect(2, 2.0), SetLink(3, 0, 1.0), SetLink(4, 1, 0.5)))
    with pytest.raises(NonFinite) as refused:
        evaluate(equations, intensity, joined, [4])
    assert refused.value.nodes == (4,)
    every = evaluate(equations, intensity, joined)
    assert every.nodes.tolist() == [3, 4]
    assert np.isnan(every.after).all()
    assert evaluate(equations, intensity, joined, [1]).after.tolist() == [[1.0]]


def test_the_network_itself_stays_as_it_is() -> None:
    equations = works()
    network_under(equations, Scenario("", (SetLink(STEEL, POWER, 1.0), SetDirect(STEEL, [9.0]))))
    assert solve(equations).intensity[STEEL, 0] == pytest.approx(STEEL_Y)


@pytest.mark.parametrize(
    ("lever", "refusal", "nodes"),
    [
        (ReplaceSupplier(STEEL, COAL, LIME), NoSuchLink, (STEEL, COAL)),
        (ReplaceSupplier(COAL, POWER, LIME), NoSuchLink, (COAL, POWER)),
        (SetLink(STEEL, 5, 1.0), OutOfRange, (5,)),
        (SetLink(9, POWER, 1.0), OutOfRange, (9,)),
        (SetLink(STEEL, POWER, float("nan")), NonFinite, (STEEL,)),
        (SetDirect(STEEL, [float("inf")]), NonFinite, (STEEL,)),
        (SetDirect(STEEL, [1.0, 2.0]), WrongShape, ()),
        (ReplaceSupplier(STEEL, POWER, HEAT, part=1.5), OutOfBounds, ()),
    ],
)
def test_a_lever_without_sense_is_refused(
    lever: Lever, refusal: type[EngineError], nodes: tuple[int, ...]
) -> None:
    with pytest.raises(refusal) as refused:
        figure(lever)
    assert refused.value.nodes == nodes


def test_a_plan_of_another_network_is_refused() -> None:
    other = make_plan(Equations(5, [1], [0], [1.0], np.ones((5, 1))))
    scenario = Scenario("", (ScaleDirect(COAL, 2.0),))
    if scenarios.MOST < 1.0:
        with pytest.raises(PlanMismatch):
            evaluate(works(), solve(works()).intensity, scenario, plan=other)
    rewired = Scenario("", (SetLink(STEEL, COAL, 1.0), SetLink(COAL, COAL, 0.5)))
    assert evaluate(works(), solve(works()).intensity, rewired, plan=make_plan(works())).nodes.tolist() == [
        COAL, POWER, HEAT, LIME, STEEL,
    ]  # fmt: skip


def test_intensities_of_another_network_are_refused() -> None:
    with pytest.raises(WrongShape):
        evaluate(works(), np.zeros((4, 1)), Scenario("", ()))
