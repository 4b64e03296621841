"""First-order uncertainty: worked examples, sampling, and the two ways to get it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.equations import Equations
from footprint.engine.errors import NoBasis, NonFinite, OutOfBounds, OutOfRange, WrongShape
from footprint.engine.lognormal import interval, probability_below
from footprint.engine.plan import make_plan
from footprint.engine.solve import solve
from footprint.engine.uncertainty import ALONE, Uncertain, shared_loadings, spread, spreads
from tests.footprint.engine.reference import random_network


@pytest.mark.parametrize(("rho", "probability"), [(0.0, 0.793), (0.8, 0.966)])
def test_two_products_with_and_without_a_common_background(rho: float, probability: float) -> None:
    """1.80 against 2.00, both with a GSD2 of 1.2."""
    assert probability_below(1.80, 2.00, 1.2, 1.2, rho) == pytest.approx(probability, abs=5e-4)


def test_certain_figures_compare_as_numbers() -> None:
    assert probability_below(1.0, 2.0, 1.0, 1.0) == 1.0
    assert probability_below(2.0, 1.0, 1.0, 1.0) == 0.0
    assert probability_below(1.0, 1.0, 1.2, 1.2, 1.0) == 0.5


def test_the_interval_of_a_lognormal() -> None:
    ends = interval([2.0, -1.0], [1.44, 1.44])
    assert ends[0] == pytest.approx(2.0 * 1.2 ** np.array([-1.959964, 1.959964]), rel=1e-6)
    assert np.isnan(ends[1]).all()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: interval([1.0], [1.1], 1.0),
        lambda: probability_below(-1.0, 1.0, 1.1, 1.1),
        lambda: probability_below(1.0, 1.0, 1.1, 1.1, 1.5),
    ],
)
def test_impossible_spreads_are_refused(wrong: object) -> None:
    with pytest.raises(OutOfBounds):
        wrong()  # type: ignore[operator]


class Case:
    """A small network whose links and direct parts are all uncertain, half of them in groups."""

    def __init__(self, seed: int, n: int = 12, widest: float = 1.2, credits: float = 0.0) -> None:
        draw = np.random.default_rng(seed)
        self.equations = random_network(seed, n, 2.0, backward=0.2, credits=credits, columns=1)
        self.equations = self.equations.with_direct(self.equations.direct + 0.5)
        self.plan = make_plan(self.equations)
        links = len(self.equations.amount)
        product = np.repeat(np.arange(n), 2)
        part = self.equations.direct[product, 0] * np.tile([0.3, 0.7], n)
        self.uncertain = Uncertain(
            link_gsd2=draw.uniform(1.0, widest, links), link_group=draw.integers(ALONE, 2, links),
            product=product, ghg_kg=part, gsd2=draw.uniform(1.0, widest, 2 * n),
            group=draw.integers(ALONE, 4, 2 * n), group_gsd2=draw.uniform(1.05, widest, 4),
        )  # fmt: skip
        self.figures = solve(self.equations, self.plan).intensity[:, 0]

    def sample(self, times: int) -> np.ndarray:
        """(times, n) figures with every input drawn from its lognormal; groups drawn once per round."""
        draw, u = np.random.default_rng(1), self.uncertain
        rounds = []
        for _ in range(times):
            shared = np.append(np.exp(draw.normal(size=4) * u.group_sd), 1.0)
            link = np.exp(draw.normal(size=len(u.link_gsd2)) * np.log(u.link_gsd2) / 2.0)
            part = np.exp(draw.normal(size=len(u.gsd2)) * np.log(u.gsd2) / 2.0)
            amount = self.equations.amount * link * shared[u.link_group]
            direct = np.bincount(u.product, weights=u.ghg_kg * part * shared[u.group])
            changed = self.equations.with_amount(amount).with_direct(direct[:, None])
            rounds.append(solve(changed, self.plan, certify=False).intensity[:, 0])
        return np.array(rounds)


def test_sampling_agrees_with_the_first_order() -> None:
    case = Case(3)
    logs = np.log(case.sample(4000))
    found = [spread(case.equations, case.uncertain, case.figures, node) for node in range(12)]
    assert [one.sd for one in found] == pytest.approx(logs.std(axis=0), rel=0.06)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.2]))
def test_all_at_once_is_one_by_one(seed: int, credits: float) -> None:
    case = Case(seed, widest=2.0, credits=credits)
    loading = shared_loadings(case.equations, case.plan, case.uncertain, case.figures)
    exact = spreads(case.equations, case.plan, case.uncertain, case.figures, exact=True)
    fast = spreads(case.equations, case.plan, case.uncertain, case.figures)
    for node in range(case.equations.n):
        one = spread(case.equations, case.uncertain, case.figures, node)
        assert loading[node] * case.uncertain.group_sd == pytest.approx(one.shared, rel=1e-8, abs=1e-9)
        assert exact.gsd2_low[node] == pytest.approx(one.gsd2, rel=1e-8)
        assert fast.gsd2_low[node] <= one.gsd2 * (1 + 1e-9)
        assert fast.gsd2_high[node] >= one.gsd2 * (1 - 1e-9)


def test_a_chain_has_one_route_and_needs_no_enclosure() -> None:
    chain = Equations(3, [1, 2], [0, 1], [2.0, 3.0], [[1.0], [1.0], [1.0]])
    figures = solve(chain).intensity[:, 0]
    inputs = Uncertain(
        np.full(2, 1.3), np.full(2, ALONE), np.arange(3), np.ones(3), np.full(3, 1.1),
        np.full(3, ALONE), np.empty(0),
    )  # fmt: skip
    found = spreads(chain, make_plan(chain), inputs, figures)
    one = spread(chain, inputs, figures, 2)
    assert found.gsd2_low[2] == pytest.approx(one.gsd2)
    assert found.gsd2_high[2] > one.gsd2
    parts = np.append(np.log(1.1) * np.array([6, 3, 1]), np.log(1.3) * np.array([6, 9])) / 10
    assert one.gsd2 == pytest.approx(np.exp(np.sqrt((parts**2).sum())))


def test_members_of_a_group_are_added_before_they_are_squared() -> None:
    """Ten equal parts from one factor are as uncertain as the factor; ten factors are less so."""
    lone = Equations(1, [], [], [], [[10.0]])
    for group, expected in ((np.zeros(10, int), 1.5), (np.arange(10), np.exp(np.log(1.5) / np.sqrt(10)))):
        inputs = Uncertain(np.empty(0), np.empty(0, int), np.zeros(10, int), np.ones(10), np.ones(10),
                           group, np.full(10, 1.5))  # fmt: skip
        assert spread(lone, inputs, np.array([10.0]), 0).gsd2 == pytest.approx(expected)


def test_missing_and_empty_figures() -> None:
    case = Case(4)
    figures = case.figures.copy()
    figures[0], figures[1] = np.nan, 0.0
    with pytest.raises(NonFinite):
        spread(case.equations, case.uncertain, figures, 0)
    with pytest.raises(NoBasis):
        spread(case.equations, case.uncertain, figures, 1)
    found = spreads(case.equations, case.plan, case.uncertain, figures)
    assert np.isnan(found.gsd2_low[:2]).all()
    assert np.isfinite(found.gsd2_low[2:]).all()


def test_inputs_of_another_network_are_refused() -> None:
    case, good = Case(4), Case(4).uncertain
    fields = {name: getattr(good, name) for name in Uncertain.__dataclass_fields__}
    for name, value, error in (
        ("link_gsd2", good.link_gsd2[1:], WrongShape),
        ("ghg_kg", good.ghg_kg[1:], WrongShape),
        ("product", good.product + 5, OutOfRange),
        ("group", good.group + 9, OutOfRange),
        ("gsd2", good.gsd2 - 1.0, OutOfBounds),
    ):
        with pytest.raises(error):
            spread(case.equations, Uncertain(**{**fields, name: value}), case.figures, 0)
