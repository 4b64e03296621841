"""The difference of two runs by cause: it closes, has no direction and no order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.bridge import Bridge, Term, bridge, shapley
from footprint.engine.equations import Equations
from footprint.engine.errors import NonFinite, NotCharacterised, NotProductive, OutOfRange, WrongShape
from footprint.engine.snapshot import Cause, Role, Snapshot
from footprint.engine.solve import solve
from tests.footprint.engine.reference import random_network

CO2, GRID, DIESEL, TRADER, STEAM, PRODUCT = range(6)
LINES = ("consumer", "supplier", "line", "share", "taken", "made", "cause")


def run(**changes: Any) -> Snapshot:
    """A product from steam, a trader's material and its own CO2; steam takes fuel, power and product."""
    given: dict[str, Any] = {
        "role": [Role.FACTOR, Role.FACTOR, Role.FACTOR, Role.OUTSIDE, Role.PROCESS, Role.PROCESS],
        "direct": [[1.0, 0.0], [0.5, 0.001], [3.2, 0.002], [1.5, 0.01], [0.0, 0.0], [0.0, 0.0]],
        "weights": [1.0, 28.0],
        "consumer": [STEAM, STEAM, STEAM, PRODUCT, PRODUCT, PRODUCT],
        "supplier": [DIESEL, GRID, PRODUCT, STEAM, TRADER, CO2],
        "line": [1, 2, 3, 1, 2, 3],
        "share": [1.0, 1.0, 1.0, 0.6, 0.6, 0.6],
        "taken": [20.0, 5.0, 4.0, 300.0, 250.0, 40.0],
        "made": [100.0, 100.0, 100.0, 200.0, 200.0, 200.0],
    }
    for name, value in changes.items():
        if isinstance(value, dict):
            given[name] = [value.get(at, old) for at, old in enumerate(given[name])]
        else:
            given[name] = value
    return Snapshot.of(**given)


def figure(of: Snapshot, root: int = PRODUCT) -> float:
    equations = Equations(of.n, of.consumer, of.supplier, of.amount, of.direct)
    return float(solve(equations).intensity[root] @ of.weights)


def causes(found: Bridge) -> set[Cause]:
    """The causes that amount to something."""
    size = 1e-12 * (abs(found.before) + abs(found.after))
    return {cause for cause, change in found.totals().items() if abs(change) > size}


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"taken": {3: 330.0}}, Cause.ACTIVITY),
        ({"made": {3: 180.0, 4: 180.0, 5: 180.0}}, Cause.ACTIVITY),
        ({"share": {3: 0.7, 4: 0.7, 5: 0.7}}, Cause.ALLOCATION),
        ({"direct": {GRID: [0.55, 0.002]}}, Cause.FACTOR),
        ({"direct": {TRADER: [1.4, 0.0]}}, Cause.SUPPLIER),
        ({"supplier": {0: GRID}}, Cause.FACTOR),
        ({"supplier": {4: GRID}}, Cause.SUPPLIER),
        ({"direct": {STEAM: [0.3, 0.0]}}, Cause.ACTIVITY),
        ({"weights": [1.0, 27.9]}, Cause.GWP),
    ],
)
def test_one_cause_alone_explains_everything(change: dict[str, Any], cause: Cause) -> None:
    before, after = run(), run(**change)
    found = bridge(before, after, PRODUCT)
    assert causes(found) == {cause}
    assert found.before == pytest.approx(figure(before), rel=1e-12)
    assert found.after == pytest.approx(figure(after), rel=1e-12)
    assert found.totals()[cause] == pytest.approx(figure(after) - figure(before), rel=1e-9)


def test_one_changed_amount_is_one_row() -> None:
    found = bridge(run(), run(taken={3: 330.0}), PRODUCT)
    assert found.cause.tolist() == [Cause.ACTIVITY]
    assert found.term.tolist() == [Term.TAKEN]
    assert (found.consumer[0], found.line[0], found.supplier[0], found.previous[0]) == (
        PRODUCT,
        1,
        STEAM,
        STEAM,
    )


def test_keys_of_lines_may_be_as_large_as_numbers_get() -> None:
    far = [2**62 + at for at in (1, 2, 3, 1, 2, 3)]
    found = bridge(run(line=far), run(line=far, taken={3: 330.0}), PRODUCT)
    assert found.line.tolist() == [2**62 + 1]
    assert found.change == pytest.approx(bridge(run(), run(taken={3: 330.0}), PRODUCT).change)


def without(of: Snapshot, *lines: int) -> Snapshot:
    kept = np.setdiff1d(np.arange(len(of.line)), lines)
    return replace(of, **{name: getattr(of, name)[kept] for name in LINES})


def test_a_line_on_one_side_only_is_structure() -> None:
    found = bridge(run(), without(run(), 1), PRODUCT)
    assert causes(found) == {Cause.STRUCTURE}
    assert found.supplier.tolist() == [-1]
    assert found.previous.tolist() == [GRID]
    assert found.change[0] < 0.0


def test_a_line_that_a_method_leaves_out_is_method() -> None:
    marked = run(cause=[-1, -1, -1, -1, Cause.METHOD, -1])
    for pair in ((marked, without(run(), 4)), (without(run(), 4), marked)):
        assert causes(bridge(*pair, PRODUCT)) == {Cause.METHOD}


def test_a_burden_can_be_said_to_be_of_the_method() -> None:
    after = run(direct={DIESEL: [3.2, 0.0]}, direct_cause=[-1, -1, Cause.METHOD, -1, -1, -1])
    assert causes(bridge(run(), after, PRODUCT)) == {Cause.METHOD}


def test_a_new_version_of_a_factor_that_only_one_run_knows_is_factor_and_nothing_else() -> None:
    before = run(present=[True, False, True, True, True, True], supplier={1: DIESEL}, direct={GRID: [0, 0]})
    after = run()
    found = bridge(before, after, PRODUCT)
    assert causes(found) == {Cause.FACTOR}
    assert (found.supplier[0], found.previous[0]) == (GRID, DIESEL)
    assert found.after - found.before == pytest.approx(figure(after) - figure(before), rel=1e-9)


def test_a_process_that_only_one_run_knows_is_structure_and_nothing_else() -> None:
    """Before, the product takes no steam, and there is no steam."""
    before = without(run(direct={STEAM: [9.0, 9.0]}), 0, 1, 2, 3)
    before = replace(before, present=np.array([True, True, True, True, False, True]))
    found = bridge(before, run(), PRODUCT)
    assert causes(found) == {Cause.STRUCTURE}
    assert found.consumer.tolist() == [PRODUCT]


def test_the_gas_is_named_where_emissions_are_lines() -> None:
    found = bridge(run(), run(weights=[2.0, 28.0]), PRODUCT)
    assert set(found.consumer.tolist()) == {CO2, GRID, DIESEL, TRADER}
    assert set(found.term.tolist()) == {Term.WEIGHT}


def test_a_gas_without_weight_is_refused_only_where_it_occurs() -> None:
    clean = {"direct": [[1.0, 0.0], [0.5, 0.0], [3.2, 0.0], [1.5, 0.0], [0.0, 0.0], [0.0, 0.0]]}
    found = bridge(run(**clean), run(**clean, weights=[1.1, np.nan]), PRODUCT)
    assert found.after == pytest.approx(1.1 * found.before)
    with pytest.raises(NotCharacterised) as refused:
        bridge(run(), run(weights=[1.0, np.nan]), PRODUCT)
    assert refused.value.nodes == (1,)


def random_run(seed: int, n: int, base: Equations, draw: np.random.Generator) -> Snapshot:
    """A run on the links of a network, with a good part of lines, amounts, suppliers and leaves moved."""
    kept = draw.random(len(base.amount)) < 0.85
    consumer, supplier, amount = base.consumer[kept], base.supplier[kept].copy(), base.amount[kept]
    moved = draw.random(len(supplier)) < 0.1
    supplier[moved] = draw.integers(0, n, int(moved.sum()))
    made, share = draw.uniform(0.5, 2.0, n)[consumer], draw.uniform(0.3, 1.0, n)[consumer]
    absent = (draw.random(n) < 0.1) & (np.arange(n) != n - 1)
    there = ~(absent[consumer] | absent[supplier])
    return Snapshot.of(
        role=np.random.default_rng(seed).integers(0, 3, n),
        present=~absent,
        direct=base.direct * draw.choice([1.0, 1.2], (n, 1)) * ~absent[:, None],
        weights=[1.0, *draw.uniform(20.0, 30.0, base.columns - 1)],
        consumer=consumer[there],
        supplier=supplier[there],
        line=np.flatnonzero(kept)[there],
        share=share[there],
        taken=(amount * made)[there] * draw.choice([0.8, 1.0], int(there.sum())),
        made=made[there],
        cause=draw.choice([-1, -1, -1, Cause.METHOD], int(there.sum())),
    )


def pair(seed: int, n: int, backward: float) -> tuple[Snapshot, Snapshot]:
    base, draw = random_network(seed, n, 3.0, backward=backward), np.random.default_rng(seed)
    return random_run(seed, n, base, draw), random_run(seed, n, base, draw)


sizes = st.integers(2, 90)
turned = st.sampled_from([0.0, 0.1, 0.5])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), sizes, turned)
def test_any_two_runs_close_and_the_way_back_is_the_opposite(seed: int, n: int, backward: float) -> None:
    before, after = pair(seed, n, backward)
    there, back = bridge(before, after, n - 1), bridge(after, before, n - 1)
    size = figure(before, n - 1) + figure(after, n - 1) + 1e-300
    assert abs(there.before - figure(before, n - 1)) <= 1e-9 * size
    assert abs(there.after - figure(after, n - 1)) <= 1e-9 * size
    assert abs(there.change.sum() - (there.after - there.before)) <= 1e-9 * size
    for cause, change in there.totals().items():
        assert abs(change + back.totals()[cause]) <= 1e-9 * size


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), sizes, turned)
def test_neither_order_nor_numbering_matters(seed: int, n: int, backward: float) -> None:
    before, after = pair(seed, n, backward)
    draw = np.random.default_rng(seed)
    name = draw.permutation(n)
    twins = []
    for side in (before, after):
        order = draw.permutation(len(side.line))
        lines = {field: getattr(side, field)[order] for field in LINES}
        lines["consumer"], lines["supplier"] = name[lines["consumer"]], name[lines["supplier"]]
        nodes = {
            field: getattr(side, field)[np.argsort(name)]
            for field in ("role", "present", "direct", "direct_cause")
        }
        twins.append(replace(side, **lines, **nodes))
    one, other = bridge(before, after, n - 1), bridge(twins[0], twins[1], int(name[n - 1]))
    size = abs(one.before) + abs(one.after) + 1e-300
    for cause, change in one.totals().items():
        assert abs(change - other.totals()[cause]) <= 1e-9 * size


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), sizes, turned)
def test_a_run_does_not_differ_from_itself(seed: int, n: int, backward: float) -> None:
    before, _ = pair(seed, n, backward)
    assert bridge(before, before, n - 1).change.tolist() == []


def test_the_shapley_value_of_three_factors() -> None:
    old, new = np.array([[2.0, 3.0, 5.0]]), np.array([[4.0, 3.5, 6.0]])
    found = shapley(old, new)
    assert found.sum() == pytest.approx(4 * 3.5 * 6 - 30)
    assert found[0, 0] == pytest.approx(2 * ((3 * 5 + 3.5 * 6) / 3 + (3 * 6 + 3.5 * 5) / 6))


def test_a_run_that_cannot_be_solved_names_its_loop() -> None:
    with pytest.raises(NotProductive) as refused:
        bridge(run(), run(taken={2: 4000.0}), PRODUCT)
    assert refused.value.members == (STEAM, PRODUCT)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"made": {0: 0.0}}, NonFinite),
        ({"direct": {GRID: [np.nan, 0.0]}}, NonFinite),
        ({"line": [1, 2, 3, 1, 2, -1]}, WrongShape),
        ({"share": [1.0]}, WrongShape),
        ({"weights": [1.0]}, WrongShape),
        ({"present": [True]}, WrongShape),
        ({"cause": [9] * 6}, WrongShape),
        ({"present": [True, True, True, False, True, True]}, OutOfRange),
        ({"supplier": {0: 6}}, OutOfRange),
    ],
)
def test_a_run_that_does_not_fit_is_refused(change: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        run(**change)


def test_runs_that_do_not_fit_each_other_are_refused() -> None:
    with pytest.raises(WrongShape, match="same nodes"):
        bridge(run(), run(direct=[[1.0]] * 6, weights=[1.0]), PRODUCT)
    with pytest.raises(WrongShape, match="line 1 twice"):
        bridge(run(), run(line=[1, 1, 3, 1, 2, 3]), PRODUCT)
    with pytest.raises(OutOfRange):
        bridge(run(), run(), 6)
    gone = replace(without(run(), 2, 3, 4, 5), present=np.array([True] * 5 + [False]))
    with pytest.raises(OutOfRange):
        bridge(run(), gone, PRODUCT)
