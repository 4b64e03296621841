"""Published and recomputed examples of allocation; each says where its numbers come from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.engine.allocation import (
    MEASURED,
    Basis,
    Outputs,
    Quantity,
    allocate,
    band,
)
from footprint.engine.errors import MixedUnits, NegativeBasis, NoBasis, SharesDoNotSum, WrongShape


def outputs(**amounts: object) -> Outputs:
    """Co-products with amounts per method, all in one unit."""
    quantities = {Basis(name): Quantity.of(amount) for name, amount in amounts.items()}
    return Outputs(len(next(iter(quantities.values())).amount), quantities)


OTHERS = (Basis.VOLUME, Basis.EFFICIENCY, Basis.EXERGY)
"""Methods a cracker has no amounts for."""

# An illustrative naphtha cracker, kg per t of feed; round numbers, no plant's. Molar masses from the IUPAC
# atomic weights; lower heating values from standard enthalpies of combustion less 44.0 kJ per mol of water
# formed; fuel gas counted as methane; fuels and "others" by assumption, as are the prices.
NAMES = ("hydrogen", "ethylene", "propylene", "butadiene", "benzene", "fuel gas", "fuel oil", "others")
YIELD_KG = np.array([11.0, 324.0, 168.0, 50.0, 60.0, 139.0, 54.0, 184.0])
LHV_MJ = np.array([120.0, 47.2, 45.8, 44.5, 40.2, 50.0, 40.0, 42.0])
MOLAR_G = np.array([2.016, 28.054, 42.081, 54.092, 78.114, 16.043, 170.0, 100.0])
CNY_PER_T = np.array([14_000.0, 7_200.0, 6_700.0, 9_000.0, 7_000.0, 2_800.0, 3_500.0, 5_300.0])
HYDROGEN_SHARE = np.array([1.0, 0.1437, 0.1437, 0.1118, 0.0774, 0.2513, 0.08, 0.09])
CRACKER = outputs(
    mass=YIELD_KG,
    energy=YIELD_KG * LHV_MJ,
    economic=YIELD_KG / 1000.0 * CNY_PER_T,
    moles=YIELD_KG / MOLAR_G,
    hydrogen=YIELD_KG * HYDROGEN_SHARE,
    custom=YIELD_KG * np.array([1, 1, 1, 1, 1, 0, 0, 0]),
)


@pytest.mark.parametrize("method", [method for method in MEASURED if method not in OTHERS])
def test_every_column_of_the_cracker_sums_to_its_burden(method: Basis) -> None:
    """A naphtha cracker of 1,000 kg CO2e per t feed, illustrative yields; nothing gets lost."""
    per_kg = 1000.0 * allocate(CRACKER, method) / YIELD_KG
    assert float((per_kg * YIELD_KG).sum()) == pytest.approx(1000.0, rel=1e-12)


@pytest.mark.parametrize(
    ("method", "to_ethylene"),
    [
        # The recomputed cracker table, kg CO2e/kg of hydrogen, propylene, butadiene, benzene over ethylene's.
        (Basis.ENERGY, [2.62 / 1.03, 1.00 / 1.03, 0.97 / 1.03, 0.88 / 1.03]),
        (Basis.ECONOMIC, [2.32 / 1.19, 1.11 / 1.19, 1.49 / 1.19, 1.16 / 1.19]),
        (Basis.MOLES, [14.56 / 1.05, 0.70 / 1.05, 0.54 / 1.05, 0.38 / 1.05]),
        (Basis.HYDROGEN, [6.63 / 0.95, 0.95 / 0.95, 0.74 / 0.95, 0.51 / 0.95]),
    ],
)
def test_the_cracker_table_by_method(method: Basis, to_ethylene: list[float]) -> None:
    per_kg = allocate(CRACKER, method) / YIELD_KG
    assert per_kg[[0, 2, 3, 4]] / per_kg[1] == pytest.approx(to_ethylene, rel=0.015)


@pytest.mark.parametrize(
    ("product", "gross_kj_per_mol", "water_mol"),
    [(0, 285.8, 1), (1, 1411, 2), (2, 2058, 3), (3, 2541, 3), (4, 3268, 3), (5, 890.8, 2)],
)
def test_the_heating_values_of_the_cracker(product: int, gross_kj_per_mol: float, water_mol: int) -> None:
    lower = (gross_kj_per_mol - 44.0 * water_mol) / MOLAR_G[product]
    assert pytest.approx(lower, rel=0.003) == LHV_MJ[product]


def test_the_cracker_by_value() -> None:
    per_kg = 1000.0 * allocate(CRACKER, Basis.ECONOMIC) / YIELD_KG
    assert per_kg[:7] == pytest.approx([2.32, 1.19, 1.11, 1.49, 1.16, 0.46, 0.58], abs=0.006)


def test_the_cracker_table_by_mass_with_and_without_the_fuels() -> None:
    assert 1000.0 * allocate(CRACKER, Basis.MASS) / YIELD_KG == pytest.approx(1.01, abs=0.005)
    chemicals = 1000.0 * allocate(CRACKER, Basis.CUSTOM) / YIELD_KG
    assert chemicals[:5] == pytest.approx(1.63, abs=0.005)
    assert chemicals[5:].tolist() == [0.0, 0.0, 0.0]


def test_the_band_holds_the_lowest_and_highest_share_of_every_method() -> None:
    found = band(CRACKER)
    assert found.methods == tuple(method for method in MEASURED if method not in OTHERS)
    assert found.high[0] / found.low[0] > 14
    assert found.low[5] == 0.0
    assert (found.low <= found.shares).all()
    assert (found.shares <= found.high).all()


def test_the_band_leaves_out_what_cannot_be_applied() -> None:
    known = Outputs(
        2,
        {
            Basis.MASS: Quantity.of([1, 3], "kg"),
            Basis.ENERGY: Quantity.of([1, np.nan], "MJ"),
            Basis.ECONOMIC: Quantity.of([0, 0], "CNY"),
        },
        declared=np.array([0.5, 0.5]),
    )
    found = band(known)
    assert found.methods == (Basis.MASS, Basis.DECLARED)
    assert found.low.tolist() == [0.25, 0.5]
    assert found.high.tolist() == [0.5, 0.75]
    with pytest.raises(NoBasis):
        band(Outputs(2))


@given(st.lists(st.floats(0, 1e250), min_size=1, max_size=40), st.sampled_from(MEASURED))
def test_shares_sum_to_one(amounts: list[float], method: Basis) -> None:
    if not any(amounts):
        return
    shares = allocate(outputs(**{method: amounts}), method)
    assert abs(float(shares.sum()) - 1.0) < 1e-12
    assert (shares >= 0).all()


def test_declared_shares_are_taken_as_they_are() -> None:
    given_shares = np.array([0.3, 0.7 - 5e-10])
    assert allocate(Outputs(2, declared=given_shares), Basis.DECLARED).tolist() == given_shares.tolist()


@pytest.mark.parametrize("shares", [[0.3, 0.6], [0.0, 0.0], [0.5, 0.5 + 1e-8]])
def test_declared_shares_that_do_not_sum_are_refused(shares: list[float]) -> None:
    """A factor set that is all zeros is one of them."""
    with pytest.raises(SharesDoNotSum) as refused:
        allocate(Outputs(2, declared=np.array(shares)), Basis.DECLARED)
    assert refused.value.total == pytest.approx(sum(shares))


def test_causal_shares_are_one_set_per_exchange() -> None:
    causal = np.array([[1.0, 0.0], [0.25, 0.75]])
    assert allocate(Outputs(2, causal=causal), Basis.CAUSAL).tolist() == causal.tolist()
    with pytest.raises(SharesDoNotSum):
        allocate(Outputs(2, causal=causal * [[1.0], [0.9]]), Basis.CAUSAL)


def test_without_a_declared_method_each_co_product_carries_everything() -> None:
    assert allocate(Outputs(3), Basis.FULL).tolist() == [1.0, 1.0, 1.0]


def test_a_single_product_needs_no_method_and_several_do() -> None:
    assert allocate(Outputs(1), Basis.NONE).tolist() == [1.0]
    with pytest.raises(NoBasis):
        allocate(Outputs(2), Basis.NONE)


def test_amounts_in_different_units_are_refused() -> None:
    mixed = Outputs(2, {Basis.MASS: Quantity.of([1, 2], ["kg", "m3"])})
    with pytest.raises(MixedUnits, match="kg, m3"):
        allocate(mixed, Basis.MASS)


def test_a_negative_amount_names_its_co_product() -> None:
    with pytest.raises(NegativeBasis) as refused:
        allocate(outputs(economic=[3, -1]), Basis.ECONOMIC)
    assert refused.value.nodes == (1,)


@pytest.mark.parametrize("amounts", [[0, 0], [1, np.nan], [1, np.inf]])
def test_nothing_to_divide_by_is_refused(amounts: list[float]) -> None:
    with pytest.raises(NoBasis):
        allocate(outputs(mass=amounts), Basis.MASS)


def test_one_amount_for_two_co_products_is_refused() -> None:
    with pytest.raises(WrongShape):
        allocate(Outputs(2, {Basis.MASS: Quantity.of([1])}), Basis.MASS)
