"""Many samples side by side are many solves, however they are cut."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine import Network, merge, montecarlo
from footprint.engine.equations import Equations
from footprint.engine.errors import OutOfBounds, WrongShape
from footprint.engine.montecarlo import SampleBlock, summarise
from footprint.engine.sampling import LANES, Spread, draw
from footprint.engine.solve import solve_tolerant
from tests.footprint.engine.reference import gap, networks, random_network

FIELDS = ("mean", "sd", "low", "median", "high", "refused")


def sampled(equations: Equations, spread: Spread, sample: int) -> Equations:
    """The equations of one sample."""
    lanes = np.empty((len(equations.amount), LANES)), np.empty((equations.n, LANES))
    draw(spread.link_stream, spread.link_sigma, equations.amount, sample // LANES, lanes[0])
    draw(
        spread.burden_stream[:, 0], spread.burden_sigma[:, 0], np.ones(equations.n), sample // LANES, lanes[1]
    )
    amount, factor = (part[:, sample % LANES] for part in lanes)
    return equations.with_amount(amount).with_direct(equations.direct * factor[:, None])


@settings(max_examples=25, deadline=None)
@given(networks(largest=120), st.floats(1.0, 4.0))
def test_every_sample_is_a_solve_of_its_own(equations: Equations, gsd2: float) -> None:
    """Chains, loops of all sizes and credits; wide enough for loops to fail in some samples."""
    network = Network(equations)
    spread = network.spread(gsd2, 1.3, seed=7)
    values = network.sample_block(spread, 10, 12).values
    for sample in (10, 15, 16, 21):
        expected = solve_tolerant(sampled(equations, spread, sample)).intensity
        found = values[:, :, sample - 10]
        assert (np.isnan(found) == np.isnan(expected)).all()
        assert gap(np.nan_to_num(found), np.nan_to_num(expected)) < 1e-11


@settings(max_examples=15, deadline=None)
@given(networks(largest=90), st.lists(st.integers(1, 69), unique=True, max_size=3))
def test_the_cutting_into_blocks_leaves_no_trace(equations: Equations, cuts: list[int]) -> None:
    network = Network(equations)
    spread = network.spread(1.5, 1.2, seed=3)
    whole = network.monte_carlo(1.5, 1.2, 70, 3)
    ends = [0, *sorted(cuts), 70]
    blocks = [network.sample_block(spread, a, b - a) for a, b in itertools.pairwise(ends)]
    parts = merge(reversed(blocks))
    for name in FIELDS:
        assert getattr(parts, name).tobytes() == getattr(whole, name).tobytes()


@pytest.mark.parametrize("rows", [2 * 60, 60, 25, 1])
def test_in_little_room_columns_and_products_come_in_parts(
    monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """Never more rows of samples at a time than fit, and the same bits."""
    network = Network(random_network(5, 60, 3.0, backward=0.2, columns=5))
    whole = network.monte_carlo(1.5, np.full((60, 5), 1.3), 40, 1)
    monkeypatch.setattr(montecarlo, "ROOM", 8 * 40 * rows)
    kept = []
    sample = montecarlo.sample_block
    monkeypatch.setattr(montecarlo, "sample_block", lambda *a, **k: kept.append(sample(*a, **k)) or kept[-1])
    parts = network.monte_carlo(1.5, np.full((60, 5), 1.3), 40, 1)
    assert max(block.values.shape[0] * block.values.shape[1] for block in kept) <= rows
    for name in FIELDS:
        assert getattr(parts, name).tobytes() == getattr(whole, name).tobytes()


def test_one_product_is_lognormal_around_its_median() -> None:
    network = Network.from_arrays([], [], [], [[2.0]])
    found = network.monte_carlo(1.0, 1.44, 200_000, 5)
    sigma = np.log(1.44) / 2
    assert found.median[0, 0] == pytest.approx(2.0, rel=3e-3)
    assert found.mean[0, 0] == pytest.approx(2.0 * np.exp(sigma**2 / 2), rel=3e-3)
    deviation = found.mean[0, 0] * np.sqrt(np.exp(sigma**2) - 1)
    assert found.sd[0, 0] == pytest.approx(deviation, rel=1e-2)
    assert found.low[0, 0] == pytest.approx(2.0 * np.exp(-1.959964 * sigma), rel=5e-3)
    assert found.high[0, 0] == pytest.approx(2.0 * np.exp(1.959964 * sigma), rel=5e-3)
    assert found.samples == 200_000
    assert found.refused[0, 0] == 0


def test_without_uncertainty_every_sample_is_the_figure() -> None:
    equations = random_network(3, 100, 3.0, backward=0.1)
    found = Network(equations).monte_carlo(samples=20)
    assert gap(found.mean, Network(equations).solve()) < 1e-12
    assert (found.sd <= 1e-14 * np.abs(found.mean)).all()


def pair() -> Network:
    """Two products that take one unit each of a third and nothing else."""
    return Network.from_arrays([0, 0], [1, 2], [1.0, 1.0], [[1.0], [0.0], [0.0]])


def test_shared_labels_move_together_and_others_do_not() -> None:
    network = pair()
    together = network.sample_block(network.spread(1.5, 1.0, 1, groups_edges=[4, 4]), 0, 500).values[:, 0]
    assert np.array_equal(together[1], together[2])
    apart = network.sample_block(network.spread(1.5, 1.0, 1, groups_edges=[-1, -1]), 0, 500).values[:, 0]
    assert abs(np.corrcoef(apart[1], apart[2])[0, 1]) < 0.15
    assert np.array_equal(apart, network.sample_block(network.spread(1.5, 1.0, 1), 0, 500).values[:, 0])


def test_a_link_and_a_burden_can_share_a_sample() -> None:
    network = Network.from_arrays([0], [1], [1.0], [[1.0], [0.0], [1.0]])
    spread = network.spread(1.5, [1.0, 1.0, 1.5], 1, groups_edges=[9], groups_direct=[-1, -1, 9])
    values = network.sample_block(spread, 0, 50).values[:, 0]
    assert values[1] == pytest.approx(values[2], rel=1e-14)
    assert np.ptp(values[1]) > 0.0


def test_columns_of_one_product_move_together_unless_given_one_by_one() -> None:
    network = Network.from_arrays([], [], [], [[1.0, 1.0]])
    row = network.sample_block(network.spread(1.0, [1.5], 1), 0, 200).values[0]
    assert np.array_equal(row[0], row[1])
    each = network.sample_block(network.spread(1.0, [[1.5, 1.5]], 1), 0, 200).values[0]
    assert abs(np.corrcoef(each)[0, 1]) < 0.25


def test_a_link_keeps_its_samples_when_others_come_and_go() -> None:
    network = pair()
    before = network.sample_block(network.spread(1.5, 1.1, 1), 0, 40).values
    network.update(edges=([1], [2], [0.5]))
    after = network.sample_block(network.spread(1.5, 1.1, 1), 0, 40).values
    assert np.array_equal(before[:2], after[:2])
    assert not np.array_equal(before[2], after[2])


def test_some_links_by_name() -> None:
    network = pair()
    named = network.monte_carlo(([0], [2], [1.5]), 1.0, 50)
    assert named.sd[1, 0] == 0.0
    assert named.sd[2, 0] > 0.0
    with pytest.raises(WrongShape):
        network.monte_carlo(([1], [2], [1.5]), 1.0, 50)


@pytest.mark.parametrize("gsd2_direct", [1.4, np.full((50, 3), 1.4)])
def test_a_score_is_the_weighed_columns(gsd2_direct: object) -> None:
    network = Network(random_network(8, 50, 3.0, backward=0.2))
    spread, weights = network.spread(1.2, gsd2_direct, 2), [1.0, 28.0, 265.0]
    columns = network.sample_block(spread, 0, 33).values
    score = network.sample_block(spread, 0, 33, weights=weights).values[:, 0]
    assert score == pytest.approx(np.einsum("ncs,c->ns", columns, weights), rel=1e-12)


@pytest.mark.parametrize("size", [1, 2, 60])
def test_samples_in_which_a_loop_fails_are_counted_and_left_out(size: int) -> None:
    """A loop that yields little more than it uses, fed by 0 and feeding the last product."""
    ring = np.arange(1, size + 1)
    network = Network.from_arrays(
        [*np.roll(ring, 1), 0, size], [*ring, 1, size + 1], [0.9] * size + [1.0, 1.0], np.ones((size + 2, 1))
    )
    spread = network.spread(1.5, 1.0, 4, groups_edges=[0] * (size + 2))
    values = network.sample_block(spread, 0, 64).values[:, 0]
    factor = values[0] * np.nan
    for sample in range(64):
        found = solve_tolerant(sampled(network.equations, spread, sample))
        assert np.isnan(values[:, sample]).tolist() == (found.refused_by >= 0).tolist()
        factor[sample] = found.refused_by[-1] < 0
    summary = network.monte_carlo(1.5, 1.0, 64, 4, groups_edges=[0] * (size + 2))
    failed = 64 - int(factor.sum())
    assert 0 < failed < 64
    assert summary.refused[:, 0].tolist() == [0] + [failed] * (size + 1)
    assert summary.mean[-1, 0] == pytest.approx(np.nanmean(values[-1]))


def test_the_summary_is_that_of_numpy() -> None:
    values = np.random.default_rng(1).lognormal(0.0, 1.0, (4, 3, 101))
    values[1, 1, 7], values[2] = np.inf, np.nan
    found = summarise(values.copy())
    some = np.where(np.isfinite(values), values, np.nan)[[0, 1, 3]]
    assert found.mean[[0, 1, 3]] == pytest.approx(np.nanmean(some, axis=2), rel=1e-13)
    assert found.sd[[0, 1, 3]] == pytest.approx(np.nanstd(some, axis=2, ddof=1), rel=1e-12)
    for name, share in (("low", 2.5), ("median", 50), ("high", 97.5)):
        assert getattr(found, name)[[0, 1, 3]] == pytest.approx(
            np.nanpercentile(some, share, axis=2), rel=1e-13
        )
    assert found.refused[1].tolist() == [0, 1, 0]
    assert found.refused[2].tolist() == [101] * 3
    assert np.isnan(found.mean[2]).all()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"gsd2_edges": 0.9}, OutOfBounds),
        ({"gsd2_edges": 1e61}, OutOfBounds),
        ({"gsd2_direct": np.nan}, OutOfBounds),
        ({"gsd2_edges": [1.0]}, WrongShape),
        ({"gsd2_direct": [1.0]}, WrongShape),
        ({"groups_edges": [0.5, 0.5]}, WrongShape),
        ({"weights": [1.0, 2.0]}, WrongShape),
    ],
)
def test_what_does_not_fit_is_refused(arguments: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        pair().monte_carlo(samples=4, **arguments)


def test_blocks_with_a_gap_are_refused() -> None:
    block = np.ones((2, 1, 5))
    with pytest.raises(WrongShape):
        merge([SampleBlock(0, block), SampleBlock(6, block)])
    with pytest.raises(WrongShape):
        merge([])
    with pytest.raises(OutOfBounds):
        pair().sample_block(pair().spread(), -1, 5)
