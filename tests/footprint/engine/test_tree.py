"""The provider tree and the heaviest paths: they close at every node and hide nothing above the cut-off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.equations import Equations
from footprint.engine.errors import NonFinite, NotClosed, OutOfBounds, OutOfRange, WrongShape
from footprint.engine.paths import heaviest_paths
from footprint.engine.score import Scored, weigh
from footprint.engine.solve import solve, solve_tolerant
from footprint.engine.tree import ProviderTree, provider_tree
from tests.footprint.engine.reference import networks, random_network

GWP = np.array([1.0, 28.0, 265.0])


def scored(equations: Equations, weights: np.ndarray = GWP) -> Scored:
    return weigh(equations, solve(equations).intensity, weights)


def chain() -> Scored:
    """3 takes 2 and 1, 2 takes 1 and 0; figures 1, 2, 1 + 0.5 + 1 = 2.5 and 0 + 2.5 + 0.02."""
    equations = Equations(4, [2, 2, 3, 3], [0, 1, 2, 1], [0.5, 0.5, 1.0, 0.01], [[1.0], [2.0], [1.0], [0.0]])
    return scored(equations, np.ones(1))


def check_closed(found: ProviderTree) -> None:
    for at in range(len(found)):
        children = found.children(at)
        gap = found.direct[at] + found.score[children].sum() + found.cut[at] - found.score[at]
        size = abs(found.direct[at]) + np.abs(found.score[children]).sum() + abs(found.cut[at])
        assert abs(gap) <= 1e-9 * (size + abs(found.score[at]))


def test_a_tree_by_hand() -> None:
    found = provider_tree(chain(), 3)
    assert found.product.tolist() == [3, 2, 1, 0]
    assert found.parent.tolist() == [-1, 0, 1, 1]
    assert found.depth.tolist() == [0, 1, 2, 2]
    assert found.amount.tolist() == [1.0, 1.0, 0.5, 0.5]
    assert found.score == pytest.approx([2.52, 2.5, 1.0, 0.5])
    assert found.direct.tolist() == [0.0, 1.0, 1.0, 0.5]
    assert found.cut == pytest.approx([0.02, 0.0, 0.0, 0.0])
    assert found.cut_count.tolist() == [1, 0, 0, 0]
    assert found.complete
    assert found.route(3) == [0, 1, 3]
    assert found.share()[1] == pytest.approx(2.5 / 2.52)


@settings(max_examples=50, deadline=None)
@given(networks(largest=90), st.integers(0, 2**32 - 1))
def test_a_tree_closes_at_every_node_whatever_is_cut(equations: Equations, seed: int) -> None:
    draw = np.random.default_rng(seed)
    found = provider_tree(
        scored(equations),
        int(draw.integers(equations.n)),
        cutoff=float(draw.choice([0.0, 0.001, 0.1])),
        depth=int(draw.integers(0, 6)),
        budget=int(draw.integers(1, 200)),
    )
    check_closed(found)
    assert (found.parent[1:] < np.arange(1, len(found))).all()


@settings(max_examples=40, deadline=None)
@given(networks(largest=60, credit=False), st.integers(0, 59))
def test_a_complete_tree_has_every_provider_above_the_cut_off(equations: Equations, node: int) -> None:
    """Against plain recursion over the definition."""
    source, root = scored(equations), node % equations.n
    least = 0.02 * source.score[root]
    expected = []

    def descend(product: int, amount: float) -> None:
        expected.append((product, round(amount * source.score[product], 12)))
        links = equations.links_of(product)
        for supplier, each in zip(equations.supplier[links], equations.amount[links], strict=True):
            if amount * each * source.score[supplier] >= least > 0.0:
                descend(int(supplier), amount * each)

    descend(root, 1.0)
    found = provider_tree(source, root, cutoff=0.02, budget=100_000)
    assert found.complete
    tops = [(int(p), round(float(s), 12)) for p, s in zip(found.product, found.score, strict=True)]
    near = np.isclose(found.score, least, rtol=1e-9).any()
    assert near or len(tops) == len(expected)
    assert near or np.allclose(sorted(s for _, s in tops), sorted(s for _, s in expected), rtol=1e-9)


def test_the_heaviest_come_first_and_a_budget_keeps_them() -> None:
    source = scored(random_network(3, 200, 4.0, backward=0.1))
    whole = provider_tree(source, 199, cutoff=0.001)
    small = provider_tree(source, 199, cutoff=0.001, budget=10)
    assert not small.complete
    assert len(small) == 10
    assert np.array_equal(small.product, whole.product[:10])
    assert (np.diff(whole.score[1:]) <= 1e-12).all() or whole.score[1:].min() > 0
    check_closed(small)


def test_a_loop_is_unfolded_until_it_fades() -> None:
    """Two products take half of each other: occurrences halve from step to step."""
    equations = Equations(2, [0, 1], [1, 0], [0.5, 0.5], [[1.0], [1.0]])
    found = provider_tree(scored(equations, np.ones(1)), 0)
    assert found.product.tolist() == [0, 1] * (len(found) // 2) + [0] * (len(found) % 2)
    assert found.score.tolist() == pytest.approx([2.0 * 0.5**k for k in range(len(found))])
    assert found.share()[-1] >= 0.01 > found.share()[-1] / 2
    check_closed(found)


@settings(max_examples=25, deadline=None)
@given(networks(largest=60), st.integers(0, 2**32 - 1))
def test_units_and_numbering_change_nothing_in_a_tree(equations: Equations, seed: int) -> None:
    draw = np.random.default_rng(seed)
    unit, name = 2.0 ** draw.integers(-20, 20, equations.n), draw.permutation(equations.n)
    direct = np.empty_like(equations.direct)
    direct[name] = equations.direct * unit[:, None]
    twin = Equations(
        equations.n,
        name[equations.consumer],
        name[equations.supplier],
        equations.amount * unit[equations.consumer] / unit[equations.supplier],
        direct,
    )
    root = int(draw.integers(equations.n))
    one = provider_tree(scored(equations), root)
    other = provider_tree(scored(twin), int(name[root]))
    if not np.isclose(np.abs(one.score), one.cutoff * one.entering, rtol=1e-9).any():
        assert len(one) == len(other)
        assert np.allclose(np.sort(one.share()), np.sort(other.share()), rtol=1e-9, equal_nan=True)
        assert sorted(name[one.product].tolist()) == sorted(other.product.tolist())


def test_paths_by_hand() -> None:
    found = heaviest_paths(chain(), 3, cutoff=0.005)
    assert found.products == ((3, 2), (3, 2, 1), (3, 2, 0), (3, 1))
    assert found.emitted == pytest.approx([1.0, 1.0, 0.5, 0.02])
    assert found.amount == pytest.approx([1.0, 0.5, 0.5, 0.01])
    assert found.share.sum() == pytest.approx(1.0)
    assert found.covered == pytest.approx(1.0)
    equations = chain().equations
    assert [equations.supplier[list(links)].tolist() for links in found.links] == [[2], [2, 1], [2, 0], [1]]


@settings(max_examples=30, deadline=None)
@given(networks(largest=40, credit=False), st.integers(0, 39))
def test_no_path_above_the_cut_off_is_overlooked(equations: Equations, node: int) -> None:
    """Against the powers of the matrix: all paths, step by step, without any cut but their number."""
    source, root = scored(equations), node % equations.n
    least = 0.05 * source.score[root]
    ends, expected = [(root, 1.0)], []
    for _ in range(12):
        expected += [a * source.direct[p] for p, a in ends if a * source.direct[p] >= least > 0.0]
        ends = [
            (int(equations.supplier[k]), a * equations.amount[k])
            for p, a in ends
            for k in range(equations.indptr[p], equations.indptr[p + 1])
            if a * equations.amount[k] * source.score[equations.supplier[k]] >= 0.2 * least > 0.0
        ]
    found = heaviest_paths(source, root, cutoff=0.05, limit=10_000)
    assert found.complete
    short = np.array([e for p, e in zip(found.products, found.emitted, strict=True) if len(p) <= 12])
    assert np.allclose(short, sorted(expected, reverse=True), rtol=1e-9)
    assert (np.diff(found.emitted) <= 0.0).all()


def test_a_limit_keeps_the_heaviest_and_says_what_all_cover() -> None:
    source = chain()
    found = heaviest_paths(source, 3, cutoff=0.005, limit=2)
    assert len(found.products) == 2
    assert found.covered == pytest.approx(1.0)
    with pytest.raises(OutOfBounds):
        heaviest_paths(source, 3, limit=-1)


def test_figures_of_another_state_do_not_close() -> None:
    source = chain()
    stale = Scored(source.equations, source.direct, source.score * [1.0, 1.0, 1.01, 1.0])
    with pytest.raises(NotClosed):
        provider_tree(stale, 3)


def test_a_missing_figure_is_refused_where_it_counts_only() -> None:
    equations = Equations(3, [1, 1, 2], [0, 1, 0], [2.0, 1.0, 1.0], [[1.0], [4.0], [1.0]])
    source = weigh(equations, solve_tolerant(equations).intensity)
    assert provider_tree(source, 2).score.tolist() == [2.0, 1.0]
    with pytest.raises(NonFinite) as refused:
        provider_tree(source, 1)
    assert refused.value.nodes == (1,)


def test_a_gas_without_factor_leaves_products_without_it_alone() -> None:
    equations = Equations(3, [2], [0], [1.0], [[1.0, 0.0], [1.0, 1.0], [1.0, 0.0]])
    source = weigh(equations, solve(equations).intensity, [1.0, np.nan])
    assert source.of(2) == 2.0
    with pytest.raises(NonFinite):
        source.of(1)


def test_a_product_without_any_burden_has_a_tree_of_itself() -> None:
    equations = Equations(2, [1], [0], [1.0], np.zeros((2, 1)))
    found = provider_tree(scored(equations, np.ones(1)), 1)
    assert len(found) == 1
    assert np.isnan(found.share()).all()
    assert heaviest_paths(scored(equations, np.ones(1)), 1).products == ()


@pytest.mark.parametrize("asked", [{"cutoff": -0.1}, {"cutoff": 1.1}, {"depth": -1}, {"budget": 0}])
def test_a_tree_without_sense_is_refused(asked: dict[str, float]) -> None:
    with pytest.raises(OutOfBounds):
        provider_tree(chain(), 3, **asked)


def test_what_does_not_fit_is_refused() -> None:
    source = chain()
    with pytest.raises(OutOfRange):
        provider_tree(source, 4)
    with pytest.raises(WrongShape):
        weigh(source.equations, source.score)
    with pytest.raises(WrongShape):
        weigh(source.equations, source.score[:, None], [1.0, 2.0])
