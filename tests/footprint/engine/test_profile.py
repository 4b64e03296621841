"""Profiles: boundary, choice of method, weights, totals, and weighing again by another set."""

from __future__ import annotations

import numpy as np
import pytest

from footprint.engine.allocation import Basis
from footprint.engine.equations import Equations
from footprint.engine.errors import (
    NoBasis,
    OutOfBounds,
    Unanswered,
    WrongShape,
)
from footprint.engine.pact_allocation import Answers, Method
from footprint.engine.position import Position
from footprint.engine.profile import Credit, Exchange, Profile, choose_method, counts
from footprint.engine.solve import solve

ALL = frozenset(Exchange)
WIDE = Profile("wide", "AR6", ALL)
BORDER = Profile(
    "border", "AR5", frozenset({Exchange.DIRECT, Exchange.PRECURSOR}), frozenset({Exchange.ELECTRICITY}),
    capture=Credit.NEVER,
)  # fmt: skip


def test_offsets_never_count_and_credits_need_evidence() -> None:
    kinds = [Exchange.DIRECT, Exchange.OFFSET, Exchange.CAPTURE, Exchange.CAPTURE, Exchange.UTILISATION]
    assert counts(WIDE, kinds, False, [0, 1, 1, 0, 0]).tolist() == [True, False, True, False, False]
    assert not counts(BORDER, [Exchange.CAPTURE], False, True).any()
    with pytest.raises(OutOfBounds):
        counts(WIDE, [99])
    with pytest.raises(WrongShape):
        counts(WIDE, [0, 0], [True, False, True])


def test_the_border_counts_power_of_listed_goods_and_precursors_without_fuel_supply() -> None:
    """Fertiliser (listed) of ammonia (not listed); fuel supply and packaging are outside."""
    kinds = np.array([Exchange.PRECURSOR, Exchange.ELECTRICITY, Exchange.PACKAGING,
                      Exchange.FUEL_SUPPLY, Exchange.ELECTRICITY])  # fmt: skip
    consumer, supplier = np.array([0, 0, 0, 1, 1]), np.array([1, 2, 3, 4, 2])
    equations = Equations(
        5, consumer, supplier, [0.6, 1.0, 0.1, 0.5, 2.0], [[0.2], [1.8], [0.5], [3.0], [0.4]]
    )
    order = np.lexsort((supplier, consumer))
    keep = counts(BORDER, kinds[order], (consumer == 0)[order])
    seen = solve(equations.with_amount(np.where(keep, equations.amount, 0.0))).intensity[:, 0]
    assert seen[:2] == pytest.approx([0.2 + 0.6 * 1.8 + 1.0 * 0.5, 1.8])
    whole = solve(equations).intensity[:, 0]
    assert whole[:2] == pytest.approx([0.2 + 0.6 * 3.0 + 0.5 + 0.3, 1.8 + 0.2 + 1.0])


MASS_AND_VALUE = (Basis.MASS, Basis.ECONOMIC)


def test_a_profile_takes_the_first_method_that_is_available() -> None:
    ordered = Profile("ordered", "AR6", ALL, preference=(Basis.ENERGY, Basis.MASS))
    assert choose_method(ordered, MASS_AND_VALUE).basis is Basis.MASS
    with pytest.raises(NoBasis):
        choose_method(ordered, [Basis.MOLES])


def test_the_tree_is_walked_where_there_is_no_order() -> None:
    answers = Answers(2, False, True, {2025: (2.0, 1.0)})
    found = choose_method(WIDE, MASS_AND_VALUE, answers)
    assert found.basis is Basis.MASS
    assert found.decision is not None
    allowed = Profile("allowed", "AR6", ALL, substitution=True)
    decision = choose_method(allowed, MASS_AND_VALUE, answers).decision
    assert decision is not None
    assert decision.method is Method.SUBSTITUTION
    assert choose_method(WIDE, [Basis.ECONOMIC], answers).basis is Basis.ECONOMIC
    with pytest.raises(Unanswered):
        choose_method(WIDE, MASS_AND_VALUE)
    with pytest.raises(NoBasis):
        choose_method(WIDE, [Basis.MASS], Answers(2, False, False, {2025: (9.0, 1.0)}))


def test_what_the_total_leaves_out() -> None:
    """PACT and TfS set release off against uptake; ISO takes both in; at the border release counts alone."""
    taken, given = Position.BIOGENIC_UPTAKE, Position.BIOGENIC_RELEASE
    assert WIDE.beside == WIDE.uncounted == {taken, given}
    whole = Profile("whole", "AR6", ALL, release=True, uptake=True)
    assert (whole.beside, whole.uncounted) == ({taken}, frozenset())
    assert Profile("border", "AR6", ALL, release=True).uncounted == {taken}


AR5, AR6 = [1.0, 28.0, 265.0], [1.0, 27.9, 273.0]
"""CO2, CH4, N2O: kg CO2e per kg over 100 years."""
