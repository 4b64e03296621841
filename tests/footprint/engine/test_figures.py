"""Characterisation and contributions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from footprint.engine.characterise import characterise
from footprint.engine.contributions import contributions
from footprint.engine.equations import Equations
from footprint.engine.errors import NonFinite, NotCharacterised, NotClosed, OutOfRange, WrongShape
from footprint.engine.solve import solve, solve_tolerant
from tests.footprint.engine.reference import networks

AR5, AR6 = [1.0, 28.0, 265.0], [1.0, 27.9, 273.0]
"""CO2, CH4, N2O over 100 years: IPCC AR5 WG1 table 8.A.1, AR6 WG1 table 7.SM.7."""
MASSES = np.array([[1.0, 0.5, 0.01], [0.0, 0.0, 0.0], [2.0, -0.1, 0.0]])


def test_masses_become_co2e() -> None:
    assert characterise(MASSES, AR5) == pytest.approx([1 + 14 + 2.65, 0.0, 2 - 2.8])


def test_several_sets_at_once_and_row_by_row_give_the_same_bits() -> None:
    both = characterise(MASSES, np.array([AR5, AR6]).T)
    assert both[:, 1].tolist() == characterise(MASSES, AR6).tolist()
    assert [characterise(MASSES[k : k + 1], AR6)[0] for k in range(3)] == both[:, 1].tolist()


def test_a_gas_without_factor_is_refused_only_where_it_occurs() -> None:
    assert characterise(MASSES[:, :2] * [1, 0], [1.0, np.nan]).tolist() == [1.0, 0.0, 2.0]
    with pytest.raises(NotCharacterised) as refused:
        characterise(MASSES, [1.0, 28.0, np.nan])
    assert refused.value.nodes == (2,)
    assert np.isnan(characterise(MASSES, [1.0, 28.0, np.nan], tolerant=True)).tolist() == [True, False, False]


def test_refused_products_stay_without_figure() -> None:
    assert np.isnan(characterise(np.full((1, 3), np.nan), AR5)).all()


def test_factors_for_other_columns_are_refused() -> None:
    with pytest.raises(WrongShape):
        characterise(MASSES, [1.0, 28.0])


@settings(max_examples=30, deadline=None)
@given(networks(largest=70))
def test_contributions_close_to_the_total(network: Equations) -> None:
    intensity = solve(network).intensity
    for node in range(0, network.n, 7):
        parts = contributions(network, intensity, node)
        whole = parts.direct + parts.through.sum(axis=0)
        size = np.abs(parts.direct) + np.abs(parts.through).sum(axis=0)
        assert (np.abs(whole - parts.total) <= 1e-9 * size).all()
        assert parts.supplier.tolist() == network.supplier[network.consumer == node].tolist()


def test_a_supplier_and_a_credit_of_one_product() -> None:
    network = Equations(3, [2, 2], [0, 1], [2.0, -0.5], [[1.0], [4.0], [0.5]])
    parts = contributions(network, solve(network).intensity, 2)
    assert parts.through.tolist() == [[2.0], [-2.0]]
    assert parts.total.tolist() == [0.5]


def test_intensities_of_another_state_do_not_close() -> None:
    network = Equations(2, [1], [0], [2.0], [[1.0], [4.0]])
    stale = solve(network.with_amount([2.1])).intensity
    with pytest.raises(NotClosed) as refused:
        contributions(network, stale, 1)
    assert refused.value.nodes == (1,)


def test_a_refused_product_has_no_contributions() -> None:
    network = Equations(2, [1, 1], [0, 1], [2.0, 1.0], [[1.0], [4.0]])
    with pytest.raises(NonFinite):
        contributions(network, solve_tolerant(network).intensity, 1)


def test_an_unknown_product_has_no_contributions() -> None:
    network = Equations(2, [1], [0], [2.0], [[1.0], [4.0]])
    with pytest.raises(OutOfRange):
        contributions(network, solve(network).intensity, -1)
