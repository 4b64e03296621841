"""Balances of processes and sites, and the stream they point at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.closure import (
    BASES,
    Flows,
    Kind,
    Limits,
    Verdict,
    balance,
    site_balance,
)
from footprint.engine.errors import NonFinite, OutOfBounds, OutOfRange, WrongShape
from footprint.engine.suspicion import FACTORS, Slip, suspects

LIMITS = Limits(amber=(0.01, 0.02, 0.02), red=(0.03, 0.05, 0.05))
IN, OUT, CO2, LOSS, STOCK = Kind.INPUT, Kind.OUTPUT, Kind.EMISSION, Kind.LOSS, Kind.STOCK
NAN = float("nan")


def boiler() -> list[list[float]]:
    """Methane burnt with oxygen: 16 + 64 = 44 + 36 kg; 800 MJ; 12 kg C. Rows: kind, mass, energy, carbon."""
    return [[IN, 16, 800, 12], [IN, 64, 0, 0], [OUT, 0, 720, 0], [CO2, 44, 0, 12], [LOSS, 36, 80, 0]]


def flows(rows: list[list[float]], process: object = 0, lhv: object = None) -> Flows:
    table = np.array(rows, dtype=float)
    of = np.broadcast_to(np.asarray(process), len(table))
    return Flows(of, np.arange(len(table)), table[:, 0], table[:, 1:], lhv)  # type: ignore[arg-type]


def test_a_boiler_closes_on_every_basis() -> None:
    found = balance(flows(boiler()), LIMITS)
    assert found.key.tolist() == [0]
    assert found.inflow.tolist() == found.outflow.tolist() == [[80, 800, 12]]
    assert found.verdict.tolist() == [[Verdict.CLOSED] * 3]
    assert suspects(flows(boiler()), found, LIMITS) == ()


@pytest.mark.parametrize(
    ("out_kg", "verdict"),
    [(99.1, Verdict.CLOSED), (100.9, Verdict.CLOSED), (98.0, Verdict.AMBER), (103.5, Verdict.RED)],
)
def test_limits_are_those_of_the_rule(out_kg: float, verdict: Verdict) -> None:
    found = balance(flows([[IN, 100, 0, 0], [OUT, out_kg, 0, 0]]), LIMITS)
    assert found.verdict[0, 0] == verdict
    assert found.gap[0, 0] == pytest.approx((100 - out_kg) / 100)


def test_stock_may_shrink_and_losses_count() -> None:
    found = balance(flows([[IN, 90, 0, 0], [STOCK, -10, 0, 0], [OUT, 95, 0, 0], [LOSS, 5, 0, 0]]), LIMITS)
    assert found.gap[0].tolist() == [0.0, 0.0, 0.0]


def test_something_out_of_nothing_is_red() -> None:
    found = balance(flows([[IN, 1, 0, 0], [OUT, 1, 5, 0]]), LIMITS)
    assert found.gap[0, 1] == -np.inf
    assert found.verdict[0].tolist() == [Verdict.CLOSED, Verdict.RED, Verdict.CLOSED]
    assert found.worst.tolist() == [Verdict.RED]


def test_what_is_unknown_is_named_and_not_judged() -> None:
    rows = boiler()
    rows[1][1] = NAN
    rows[4][2] = NAN
    found = balance(flows(rows), LIMITS)
    assert found.verdict[0].tolist() == [Verdict.NOT_ASSESSABLE, Verdict.NOT_ASSESSABLE, Verdict.CLOSED]
    assert found.missing == {(0, 0): (1,), (0, 1): (4,)}
    assert np.isnan(found.gap[0, :2]).all()
    assert found.worst.tolist() == [Verdict.CLOSED]
    blind = balance(flows([[IN, NAN, NAN, NAN]]), LIMITS)
    assert blind.worst.tolist() == [Verdict.NOT_ASSESSABLE]


def site() -> Flows:
    """Process 0 makes 100 of stream 7 (carbon unknown), 60 go to process 1, 40 are sold."""
    return Flows(
        process=np.array([0, 0, 1, 1, 1]), stream=np.array([5, 7, 7, 8, 9]),
        kind=np.array([IN, OUT, IN, OUT, LOSS]),
        amount=np.array([[100, 0, 80], [100, 0, NAN], [100, 0, NAN], [97, 0, 78], [3, 0, 2]]),
    )  # fmt: skip


def test_streams_between_processes_of_a_site_cancel() -> None:
    found = site_balance(site(), [4, 4], LIMITS)
    assert found.key.tolist() == [4]
    assert found.inflow[0].tolist() == [100, 0, 80]
    assert found.outflow[0].tolist() == [100, 0, 80]
    assert found.verdict[0].tolist() == [Verdict.CLOSED] * 3
    assert found.missing == {}


def test_the_same_stream_between_sites_does_not_cancel() -> None:
    found = site_balance(site(), [4, 6], LIMITS)
    assert found.key.tolist() == [4, 6]
    assert found.verdict[:, 2].tolist() == [Verdict.NOT_ASSESSABLE] * 2
    assert found.missing == {(0, 2): (1,), (1, 2): (2,)}
    with pytest.raises(OutOfRange):
        site_balance(site(), [4], LIMITS)


def test_what_is_left_of_an_internal_stream_leaves_the_site() -> None:
    sold = Flows([0, 0, 1, 1], [5, 7, 7, 8], [IN, OUT, IN, OUT],
                 [[100, 0, 0], [100, 0, 0], [60, 0, 0], [60, 0, 0]])  # fmt: skip
    found = site_balance(sold, [0, 0], LIMITS)
    assert found.outflow[0, 0] == 100.0
    assert found.gap[0, 0] == 0.0
    bought = Flows([0, 0, 1, 1], [5, 7, 7, 8], [IN, OUT, IN, OUT],
                   [[100, 0, 0], [100, 0, 0], [130, 0, 0], [130, 0, 0]])  # fmt: skip
    assert site_balance(bought, [0, 0], LIMITS).inflow[0, 0] == 130.0


def test_stock_of_a_site_keeps_its_sign() -> None:
    shrinking = Flows([0, 0, 0], [1, 2, 3], [IN, STOCK, OUT], [[90, 0, 0], [-10, 0, 0], [100, 0, 0]])
    assert site_balance(shrinking, [0], LIMITS).gap[0, 0] == 0.0


@pytest.mark.parametrize(
    ("row", "column", "factor", "slip"),
    [
        (0, 2, 1e-3, Slip.THOUSAND_TOO_LITTLE),
        (2, 2, 1 / 3.6, Slip.KWH_AS_MJ),
        (3, 3, 44 / 12, Slip.CO2_AS_CARBON),
        (0, 2, 1 / 50, Slip.MASS_AS_ENERGY),
        (0, 1, 50, Slip.ENERGY_AS_MASS),
    ],
)
def test_a_slip_is_recognised(row: int, column: int, factor: float, slip: Slip) -> None:
    rows = boiler()
    true = rows[row][column]
    rows[row][column] *= factor
    wrong = flows(rows, process=3, lhv=[50, NAN, NAN, NAN, NAN])
    named = suspects(wrong, balance(wrong, LIMITS), LIMITS)
    assert [(one.process, one.basis, one.flow, one.slip) for one in named] == [
        (3, BASES[column - 1], row, slip)
    ]
    assert named[0].corrected == pytest.approx(true)
    assert named[0].remaining < 1e-6


def test_without_a_slip_the_largest_stream_of_the_heavier_side_is_named() -> None:
    rows = boiler()
    rows[1][1] = 70
    wrong = flows(rows)
    (named,) = suspects(wrong, balance(wrong, LIMITS), LIMITS)
    assert (named.flow, named.slip, named.recorded) == (1, Slip.NONE, 70.0)
    assert named.remaining == pytest.approx(6 / 86)


def closed_process(seed: int, streams: int) -> np.ndarray:
    """Random streams of one to three magnitudes that close exactly on every basis."""
    draw = np.random.default_rng(seed)
    share_in = draw.dirichlet(np.ones(streams), 3).T
    share_out = draw.dirichlet(np.ones(streams), 3).T
    total = 10.0 ** draw.uniform(0, 6, 3)
    kinds = draw.choice([OUT, CO2, LOSS], streams)
    return np.concatenate([np.column_stack([np.full(streams, IN), share_in * total]),
                           np.column_stack([kinds, share_out * total])])  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(1, 4))
def test_a_closed_process_stays_closed(seed: int, streams: int, processes: int) -> None:
    tables = [closed_process(seed + k, streams) for k in range(processes)]
    rows = np.concatenate(tables)
    whole = flows(rows.tolist(), process=np.repeat(np.arange(processes), 2 * streams))
    found = balance(whole, LIMITS)
    assert (found.verdict == Verdict.CLOSED).all()
    assert (site_balance(whole, np.zeros(processes), LIMITS).verdict == Verdict.CLOSED).all()
    assert suspects(whole, found, LIMITS) == ()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 8), st.sampled_from(sorted(FACTORS)))
def test_one_perturbed_stream_is_named(seed: int, streams: int, slip: Slip) -> None:
    """Among several streams of each side, the one that closes the balance exactly."""
    rows = closed_process(seed, streams)
    row, basis = seed % len(rows), seed % 3
    if rows[row, 1 + basis] < 0.05 * rows[:, 1 + basis].sum():
        return
    rows[row, 1 + basis] *= FACTORS[slip]
    wrong = flows(rows.tolist())
    (named,) = suspects(wrong, balance(wrong, LIMITS), LIMITS)
    assert (named.flow, named.slip) == (row, slip)
    assert named.remaining < 1e-9


def test_impossible_flows_are_refused() -> None:
    with pytest.raises(OutOfBounds):
        flows([[IN, -1, 0, 0]])
    with pytest.raises(OutOfBounds):
        flows([[9, 1, 0, 0]])
    with pytest.raises(NonFinite):
        flows([[IN, np.inf, 0, 0]])
    with pytest.raises(WrongShape):
        Flows(np.zeros(2, int), np.zeros(1, int), np.zeros(1, int), np.zeros((1, 3)))
