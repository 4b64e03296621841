"""What a proposed figure looks like beside its peers."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factors.screening import FAR, SLIPS, Group, Proposed, Severity, robust_z, screen, slip
from factors.units import Dimension

PEERS = Group([0.52, 0.53, 0.55, 0.57, 0.58], {"CH4": [0.001, 0.0011, 0.0012]})


def proposed(figure: float, **more: object) -> Proposed:
    plain = {"gases": {}, "dimension": Dimension.ENERGY, "kind": "electricity", "boundary": "direct",
             "is_total": False}  # fmt: skip
    return Proposed(figure, **{**plain, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        (550.0, "slip_thousand"),
        (0.00055, "slip_thousand"),
        (0.55 * 3.6, "slip_kwh_mj"),
        (0.55 / 3.6, "slip_kwh_mj"),
        (0.55 * 12 / 44, "slip_carbon_co2"),
        (0.55 * 24, "slip_day_hour"),
        (0.55e6, "slip_million"),
        (1.4, "outlier"),
    ],
)
def test_known_mistakes_are_named(figure: float, code: str) -> None:
    assert [one.code for one in screen(proposed(figure), PEERS)] == [code]


def test_what_lies_among_its_peers_passes() -> None:
    assert screen(proposed(0.56), PEERS) == []


def test_energy_slips_are_not_looked_for_in_masses() -> None:
    found = slip(3.6, Dimension.MASS, near=0.005)
    assert found is None
    assert slip(3.6, Dimension.ENERGY, near=0.005) is not None


def test_heating_basis_of_fuels_whose_peers_agree() -> None:
    peers = Group([2.60, 2.61, 2.60, 2.62])
    found = screen(proposed(2.60 * 1.11, kind="fuel", dimension=Dimension.MASS), peers)
    assert [one.code for one in found] == ["heating_basis"]


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        (0.94 * 3.6, "slip_kwh_mj"),
        (0.94 * 12 / 44, "slip_carbon_co2"),
        (940.0, "slip_thousand"),
        (0.94 / 4.1868, "slip_calorie"),
    ],
)
def test_a_slip_is_seen_against_the_thing_itself_where_the_table_is_wide(figure: float, code: str) -> None:
    wide = Group([0.0065, 0.0141, 0.0313, 0.052, 0.45, 0.58, 0.94])
    assert [one.code for one in screen(proposed(figure), wide, Group([0.94]))] == [code]
    assert screen(proposed(0.91), wide, Group([0.94])) == []


@pytest.mark.parametrize(
    ("dimension", "codes"), [(Dimension.ENERGY, ["heating_basis"]), (Dimension.MASS, [])]
)
def test_a_fuel_per_energy_hardly_changes_but_for_its_basis(dimension: Dimension, codes: list[str]) -> None:
    gross = proposed(56.1 * 0.9, kind="fuel", dimension=dimension)
    assert [one.code for one in screen(gross, Group([]), Group([56.1]))] == codes
    assert screen(proposed(56.1 * 1.01, kind="fuel", dimension=dimension), Group([]), Group([56.1])) == []


@pytest.mark.parametrize("gwp", [25.0, 28.0, 29.8])
def test_a_gas_stated_as_co2e(gwp: float) -> None:
    found = screen(proposed(0.55, gases={"CH4": 0.0011 * gwp}), PEERS)
    assert [one.code for one in found] == ["gas_as_co2e"]


def test_a_gas_stated_as_co2e_is_seen_against_the_thing_itself() -> None:
    itself = Group([0.2567], {"CH4": [0.00011]})
    others = Group([0.2, 0.26, 0.3, 0.35], {"CH4": [0.00001] * 4})
    found = screen(proposed(0.27, gases={"CH4": 0.00011 * 28}), others, itself)
    assert [one.code for one in found] == ["gas_as_co2e"]
    assert screen(proposed(0.2567, gases={"CH4": 0.00011}), others, itself) == []


def test_burning_needs_its_gases() -> None:
    found = screen(proposed(2.6, kind="fuel", boundary="combustion", is_total=True), Group([]))
    assert [(one.code, one.severity) for one in found] == [("gas_split", Severity.REFUSED)]


def test_few_peers_say_nothing() -> None:
    assert screen(proposed(1e9), Group([0.5, 0.6])) == []


VALUES = st.lists(st.floats(0.5, 2.0), min_size=3, max_size=30)


@given(VALUES, st.floats(1e-3, 1e3))
def test_units_do_not_matter(values: list[float], scale: float) -> None:
    group, scaled = Group(values), Group([value * scale for value in values])
    assert robust_z(values[0], group) == pytest.approx(robust_z(values[0] * scale, scaled), abs=1e-6)


@given(VALUES, st.sampled_from(SLIPS), st.booleans())
def test_every_slip_of_the_median_is_found_among_close_peers(
    values: list[float], mistake: object, upwards: bool
) -> None:
    group = Group([1 + (value - 1) / 100 for value in values])
    way = mistake.ways[0 if upwards else 1]  # type: ignore[attr-defined]
    assume(abs(robust_z(group.middle * way, group)) > FAR)
    found = screen(proposed(group.middle * way), group)
    assert [one.code for one in found] == [f"slip_{mistake.code}"]  # type: ignore[attr-defined]


@given(VALUES)
def test_the_median_never_stands_out(values: list[float]) -> None:
    assert screen(proposed(Group(values).middle), Group(values)) == []
