"""Primary data shares and ratings: worked examples, and what must hold for any network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.engine.equations import Equations
from footprint.engine.errors import OutOfBounds, OutOfRange, WrongShape
from footprint.engine.plan import make_plan
from footprint.engine.quality import Parts, Quality, exempted_share, on_links, quality
from footprint.engine.representativeness import Place, Technology, geographical_score, temporal_score
from footprint.engine.solve import solve_tolerant
from tests.footprint.engine.reference import networks


def test_the_published_share_of_four_parts() -> None:
    """PACT how-to guide, 4,290 kg: 800 at 36 %, 2,400 and 90 without, 1,000 all primary: 30.0 %."""
    alone = Equations(1, [], [], [], [[4290.0]])
    parts = Parts(np.zeros(4, dtype=int), np.array([800.0, 2400.0, 90.0, 1000.0]),
                  np.array([0.36, 0.0, np.nan, 1.0]), np.full((4, 3), 2.0))  # fmt: skip
    found = quality(alone, make_plan(alone), [4290.0], parts, [])
    assert found.primary_share == pytest.approx([0.3002], abs=5e-5)


def test_a_missing_score_counts_as_the_worst() -> None:
    alone = Equations(1, [], [], [], [[2.0]])
    parts = Parts(np.zeros(2, dtype=int), np.array([3.0, -1.0]), np.ones(2),
                  np.array([[1.0, 2.0, 3.0], [np.nan, 2.0, 5.0]]))  # fmt: skip
    assert quality(alone, make_plan(alone), [2.0], parts, []).rating == pytest.approx(
        np.array([[2.0, 2.0, 3.5]])
    )


def test_a_supplier_brings_its_share_only_through_a_primary_amount() -> None:
    """Product 1 emits 1 kg (primary) and takes 3 of product 0, at 1 kg (half of it primary)."""
    equations = Equations(2, [1], [0], [3.0], [[1.0], [1.0]])
    parts = Parts(np.array([0, 0, 1]), np.array([0.5, 0.5, 1.0]), np.array([1.0, np.nan, 1.0]),
                  np.array([[1, 1, 1], [3, 3, np.nan], [1, 2, 3]], dtype=float))  # fmt: skip
    for primary_link, expected in ((1.0, 0.25 + 0.75 * 0.5), (0.0, 0.25), (0.5, 0.25 + 0.75 * 0.25)):
        found = quality(equations, make_plan(equations), [1.0, 4.0], parts, [primary_link])
        assert found.primary_share == pytest.approx([0.5, expected])
        assert found.rating == pytest.approx(np.array([[2, 2, 3], [1.75, 2.0, 3.0]]))


def test_what_stages_leave_out_adds_up() -> None:
    """1 kg left out of 9 + 1 below; the stage above takes 2 of it and leaves out another 2."""
    chain = Equations(2, [1], [0], [2.0], [[9.0], [2.0]])
    share = exempted_share(chain, make_plan(chain), np.array([9.0, 20.0]), [1.0, 2.0])
    assert share == pytest.approx([0.1, 4 / 24])
    assert exempted_share(chain, make_plan(chain), np.array([9.0, np.nan]))[0] == 0.0


def parts_of(equations: Equations, seed: int) -> Parts:
    """Two parts for every product, with gaps in what is known."""
    draw = np.random.default_rng(seed)
    product = np.repeat(np.arange(equations.n), 2)
    ghg = equations.direct[product, 0] * np.tile([0.4, 0.6], equations.n)
    primary = np.where(draw.random(len(ghg)) < 0.2, np.nan, draw.random(len(ghg)))
    score = np.where(draw.random((len(ghg), 3)) < 0.2, np.nan, draw.integers(1, 6, (len(ghg), 3)))
    return Parts(product, ghg, primary, score)


def found_for(equations: Equations, seed: int) -> tuple[np.ndarray, Quality]:
    plan = make_plan(equations)
    figures = solve_tolerant(equations, plan).intensity[:, 0]
    links = np.random.default_rng(seed).random(len(equations.amount))
    exempted = equations.direct[:, 0] * 0.03
    return figures, quality(equations, plan, figures, parts_of(equations, seed), links, exempted)


@settings(max_examples=40, deadline=None)
@given(networks(largest=80), st.integers(0, 2**32 - 1))
def test_every_figure_has_shares_and_ratings_in_their_ranges(equations: Equations, seed: int) -> None:
    figures, found = found_for(equations, seed)
    whole = np.isfinite(found.primary_share)
    made = np.abs(equations.direct[:, 0]) > 0.0
    made[equations.consumer[np.abs(equations.amount * figures[equations.supplier]) > 0.0]] = True
    assert whole.tolist() == made.tolist()
    assert ((found.primary_share[whole] >= 0) & (found.primary_share[whole] <= 1)).all()
    assert ((found.rating[whole] >= 1) & (found.rating[whole] <= 5)).all()
    assert ((found.exempted_share >= 0) & (found.exempted_share <= 1)).all()


@settings(max_examples=25, deadline=None)
@given(networks(largest=50), st.integers(0, 2**32 - 1))
def test_units_change_nothing(equations: Equations, seed: int) -> None:
    unit = 2.0 ** np.random.default_rng(seed).integers(-20, 20, equations.n)
    twin = equations.with_amount(equations.amount * unit[equations.consumer] / unit[equations.supplier])
    twin = twin.with_direct(equations.direct * unit[:, None])
    _, found = found_for(equations, seed)
    _, again = found_for(twin, seed)
    assert again.primary_share == pytest.approx(found.primary_share, rel=1e-9, abs=1e-12, nan_ok=True)
    assert again.rating == pytest.approx(found.rating, rel=1e-9, nan_ok=True)
    assert again.exempted_share == pytest.approx(found.exempted_share, rel=1e-9, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(networks(largest=50), st.floats(0, 1), st.sampled_from([1.0, 2.5, 5.0]))
def test_one_quality_everywhere_is_the_quality_of_all(
    equations: Equations, primary: float, score: float
) -> None:
    figures = solve_tolerant(equations).intensity[:, 0]
    product = np.arange(equations.n)
    parts = Parts(
        product, equations.direct[:, 0], np.full(equations.n, primary), np.full((equations.n, 3), score)
    )
    found = quality(equations, make_plan(equations), figures, parts, np.ones(len(equations.amount)))
    whole = np.isfinite(found.primary_share)
    assert found.primary_share[whole] == pytest.approx(primary, abs=1e-8)
    assert found.rating[whole] == pytest.approx(score, rel=1e-8)


def test_a_product_of_one_source_inherits() -> None:
    line = Equations(3, [1, 2], [0, 1], [4.0, 0.1], [[2.0], [0.0], [0.0]])
    parts = Parts(np.array([0]), np.array([2.0]), np.array([0.7]), np.array([[1.0, 2.0, 4.0]]))
    found = quality(line, make_plan(line), [2.0, 8.0, 0.8], parts, np.ones(2))
    assert found.primary_share == pytest.approx(0.7)
    assert found.rating == pytest.approx(np.array([[1.0, 2.0, 4.0]] * 3))


def test_products_without_a_figure_have_no_quality_and_do_no_harm() -> None:
    equations = Equations(3, [0, 0, 2], [0, 1, 1], [1.5, 1.0, 1.0], [[1.0], [1.0], [0.0]])
    parts = Parts(np.array([0, 1]), np.ones(2), np.ones(2), np.ones((2, 3)))
    found = quality(equations, make_plan(equations), [np.nan, 1.0, 1.0], parts, np.ones(3))
    assert found.primary_share == pytest.approx([np.nan, 1.0, 1.0], nan_ok=True)


def test_lines_between_the_same_two_products_become_one_link() -> None:
    equations = Equations(3, [1, 1, 2], [0, 0, 1], [1.0, 3.0, 1.0], np.ones((3, 1)))
    found = on_links(equations, [1, 1, 2, 2], [0, 0, 1, 0], [1.0, -3.0, 1.0, 9.0], [1.0, 0.0, 1.0, 1.0])
    assert found.tolist() == [0.25, 1.0]
    with pytest.raises(WrongShape):
        on_links(equations, [1], [0], [1.0], [1.0, 2.0])
    with pytest.raises(OutOfRange):
        on_links(equations, [3], [0], [1.0], [1.0])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"primary": np.array([1.5])}, OutOfBounds),
        ({"score": np.array([[0.0, 1.0, 1.0]])}, OutOfBounds),
        ({"score": np.ones((1, 2))}, WrongShape),
        ({"ghg_kg": np.ones(2)}, WrongShape),
        ({"product": np.array([9])}, OutOfRange),
    ],
)
def test_impossible_parts_are_refused(change: dict[str, np.ndarray], error: type[Exception]) -> None:
    lone = Equations(1, [], [], [], [[1.0]])
    good = {"product": np.array([0]), "ghg_kg": np.ones(1), "primary": np.ones(1), "score": np.ones((1, 3))}
    with pytest.raises(error):
        quality(lone, make_plan(lone), [1.0], Parts(**{**good, **change}), [])
    with pytest.raises(OutOfBounds):
        quality(lone, make_plan(lone), [1.0], Parts(**good), [], [-1.0])
    with pytest.raises(WrongShape):
        quality(lone, make_plan(lone), [1.0, 2.0], Parts(**good), [])


@pytest.mark.parametrize(
    ("days", "score"),
    [
        (0, 1),
        (366, 1),
        (367, 2),
        (-731, 2),
        (732, 3),
        (1096, 3),
        (1097, 4),
        (1461, 4),
        (1462, 5),
        (np.nan, 5),
    ],
)
def test_time(days: float, score: int) -> None:
    assert temporal_score([days]).tolist() == [score]


SHANDONG = Place("Asia", "CN", "CN-SD")


@pytest.mark.parametrize(
    ("covered", "score"),
    [
        (SHANDONG, 1),
        (Place("Asia", "CN", plant=True), 1),
        (Place("Asia", "CN"), 2),
        (Place("Asia", "CN", "CN-JS"), 3),
        (Place("Asia"), 3),
        (Place("Asia", "JP"), 3),
        (Place(), 4),
        (Place(plant=True), 5),
        (Place("Europe"), 5),
        (Place("", "DE"), 5),
    ],
)
def test_place(covered: Place, score: int) -> None:
    assert geographical_score(covered, SHANDONG) == score


def test_technology_is_its_score() -> None:
    assert [int(level) for level in Technology] == [1, 2, 3, 4, 5]
