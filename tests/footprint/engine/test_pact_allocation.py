"""The tree of PACT over recorded answers, its published examples, and its knife edge."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.engine.allocation import Basis, Outputs, Quantity, allocate
from footprint.engine.errors import MixedUnits, OutOfBounds, Unanswered, WrongShape
from footprint.engine.pact_allocation import (
    KNIFE_EDGE,
    Answers,
    Method,
    Question,
    decide,
    price_ratio,
)


def ordered(prices: object, physical: Basis = Basis.MASS) -> Basis | None:
    """By prices alone."""
    given = tuple(np.asarray(prices, dtype=float).tolist())
    return decide(Answers(len(given), False, False, {2025: given}, physical)).basis


def test_garments_by_mass() -> None:
    """PACT Methodology v3, garment example: 0.5 and 1.0 kg, value ratio 1.5, 10 t CO2e."""
    assert ordered([1.5, 1.0]) is Basis.MASS
    tonnes = 10.0 * allocate(Outputs(2, {Basis.MASS: Quantity.of([0.5, 1.0])}), Basis.MASS)
    assert tonnes == pytest.approx([10 / 3, 20 / 3], rel=1e-15)


PRICES, MASSES = np.array([500.0, 10.0, 400.0]), np.array([1.5, 30.0, 0.5])
"""PACT Methodology v3, mine example: million dollars per tonne, tonnes; 10,000 t CO2e."""


def test_the_mine_as_printed_weighs_prices_without_masses() -> None:
    assert price_ratio(PRICES) == 50.0
    tonnes = 10_000 * allocate(Outputs(3, {Basis.CUSTOM: Quantity.of(PRICES)}), Basis.CUSTOM)
    assert tonnes == pytest.approx([5494.5, 109.9, 4395.6], abs=0.05)


def test_the_mine_by_revenue_weighs_price_times_quantity() -> None:
    assert ordered(PRICES) is Basis.ECONOMIC
    revenue = PRICES * MASSES
    assert revenue.tolist() == [750.0, 300.0, 200.0]
    tonnes = 10_000 * allocate(Outputs(3, {Basis.ECONOMIC: Quantity.of(revenue)}), Basis.ECONOMIC)
    assert tonnes == pytest.approx([6000.0, 2400.0, 1600.0], rel=1e-15)


@pytest.mark.parametrize("prices", [[14_000, 2_800], [0.5, 0.1], [1.1, 0.22], [3.3, 0.66], [5, 1, 3]])
def test_a_ratio_of_exactly_five_is_physical(prices: list[float]) -> None:
    assert ordered(prices, Basis.ENERGY) is Basis.ENERGY


@pytest.mark.parametrize("prices", [[14_140, 2_800], [5.0000001, 1.0], [7.0, 0.0]])
def test_a_ratio_above_five_is_economic(prices: list[float]) -> None:
    assert ordered(prices) is Basis.ECONOMIC


def answers(**given: object) -> Answers:
    """Everything answered with no, unless said otherwise."""
    known: dict[str, object] = {
        "co_products": 2, "subdivision_possible": False, "dominant_displaced": False,
        "prices": {2023: (3.0, 1.0), 2024: (4.0, 1.0), 2025: (5.0, 1.0)},
    }  # fmt: skip
    return Answers(**{**known, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "method", "basis", "asked"),
    [
        ({"co_products": 1, "prices": None}, Method.SINGLE, Basis.NONE, 1),
        ({"frozen": Basis.HYDROGEN}, Method.FROZEN, Basis.HYDROGEN, 2),
        ({"subdivision_possible": True}, Method.SUBDIVISION, Basis.CAUSAL, 3),
        ({"dominant_displaced": True}, Method.SUBSTITUTION, None, 4),
        ({"prices": {2025: (6.0, 1.0)}}, Method.ECONOMIC, Basis.ECONOMIC, 5),
        ({}, Method.PHYSICAL, Basis.MASS, 6),
        ({"physical": Basis.ENERGY}, Method.PHYSICAL, Basis.ENERGY, 6),
        ({"physical": None}, Method.ECONOMIC, Basis.ECONOMIC, 6),
        ({"physical": None, "prices": None}, Method.OTHER, None, 6),
        ({"prices": None}, Method.PHYSICAL, Basis.MASS, 6),
    ],
)
def test_every_end_of_the_tree(
    given: dict[str, object], method: Method, basis: Basis | None, asked: int
) -> None:
    found = decide(answers(**given))
    assert (found.method, found.basis) == (method, basis)
    assert [step.question for step in found.steps] == list(Question)[:asked]


def test_the_steps_carry_their_numbers() -> None:
    found = decide(answers())
    step = next(step for step in found.steps if step.question is Question.PRICE_RATIO)
    assert step.answer is False
    assert step.evidence == {"ratio": 4.0, "limit": 5.0, "years": 3.0}
    assert found.enough_years
    assert not found.flip_warning


def test_a_method_that_hangs_on_the_year_is_warned_of() -> None:
    """Knife edge: at exactly five it is physical, one per cent more and it is economic."""
    prices = {2022: (14_000.0, 2_800.0), 2023: (14_140.0, 2_800.0), 2024: (11_000.0, 2_800.0)}
    found = decide(answers(prices=prices))
    assert found.basis is Basis.MASS
    assert found.ratios == pytest.approx({2022: 5.0, 2023: 5.05, 2024: 11 / 2.8})
    assert found.flips == (2023,)


def test_a_frozen_method_holds_and_still_says_when_prices_would_flip_it() -> None:
    found = decide(answers(frozen=Basis.ECONOMIC, subdivision_possible=None))
    assert found.method is Method.FROZEN
    assert found.flips == (2023, 2024, 2025)


@pytest.mark.parametrize(
    ("given", "question"),
    [
        ({"subdivision_possible": None}, Question.SUBDIVISION),
        ({"dominant_displaced": None}, Question.SUBSTITUTION),
        ({"prices": {}}, Question.PRICE_RATIO),
        ({"prices": {2024: (1.0, float("nan"))}}, Question.PRICE_RATIO),
    ],
)
def test_an_open_question_stops_the_walk(given: dict[str, object], question: Question) -> None:
    with pytest.raises(Unanswered) as refused:
        decide(answers(**given))
    assert refused.value.question == question


def test_incomplete_years_do_not_count() -> None:
    found = decide(answers(prices={2024: (9.0, float("nan")), 2025: (2.0, 1.0)}))
    assert found.ratios == {2025: 2.0}
    assert not found.enough_years
    with pytest.raises(WrongShape):
        decide(answers(prices={2025: (1.0, 2.0, 3.0)}))


def test_a_frozen_method_does_not_excuse_mixed_units() -> None:
    found = decide(answers(frozen=Basis.MASS))
    assert found.basis is not None
    with pytest.raises(MixedUnits):
        allocate(Outputs(2, {Basis.MASS: Quantity.of([1, 2], ["kg", "t"])}), found.basis)


@given(st.floats(1.0, 100.0, exclude_min=True), st.floats(1.0, 100.0))
def test_the_limit_of_the_method_decides_and_is_written_down(limit: float, ratio: float) -> None:
    """A ratio that reaches the limit is physical, whatever the limit; years flip by the same limit."""
    decision = decide(answers(prices={2025: (ratio, 1.0)}), limit)
    expected = Method.ECONOMIC if ratio > limit * (1.0 + KNIFE_EDGE) else Method.PHYSICAL
    assert decision.method is expected
    step = next(each for each in decision.steps if each.question is Question.PRICE_RATIO)
    assert step.evidence["limit"] == limit
    assert not decision.flip_warning


def test_questions_are_asked_in_the_order_of_the_method() -> None:
    physical_first = (Question.SEVERAL, Question.FROZEN, Question.PHYSICAL, Question.PRICE_RATIO)
    apart = answers(prices={2025: (9.0, 1.0)}, subdivision_possible=None)
    assert decide(apart, questions=physical_first).method is Method.PHYSICAL
    assert decide(answers(prices={2025: (9.0, 1.0)})).method is Method.ECONOMIC
    none = answers(prices={2025: (2.0, 1.0)}, physical=None)
    assert decide(none, questions=physical_first).method is Method.ECONOMIC


def test_a_limit_of_one_orders_nothing() -> None:
    with pytest.raises(OutOfBounds):
        decide(answers(), 1.0)
