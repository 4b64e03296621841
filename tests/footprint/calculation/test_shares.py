"""Rows to shares: every method by what the rows say, and what the calculation reads of a line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from footprint.calculation import inputs, shares
from footprint.calculation.faults import Fault
from footprint.calculation.inputs import Inputs, Process, Thing
from footprint.calculation.line import Line
from footprint.engine.allocation import Basis, band
from footprint.engine.pact_allocation import Answers, decide, price_ratio
from footprint.inventory.models import AllocationShare, OutputPrice, UnitProcess
from tests import builders as new

D = Decimal


def line(id: int, product: int, amount: str, unit: str = "t", **more: Any) -> Line:
    return Line(
        id, 1, "output", "product", product, "", "", D(amount), unit, False, False, None, None, None, **more
    )


CRACKER = [
    line(11, 1, "324", basis=D(3), basis_unit="t"),
    line(12, 2, "11", basis=D(1000), basis_unit="kg"),
]
THINGS = {
    1: Thing("t", {}, D(47200), hydrogen=D("0.1437"), molar_mass_g_per_mol=D("28.05")),
    2: Thing("t", {}, D(120000), hydrogen=D(1), molar_mass_g_per_mol=D("2.016")),
}
PRICES = {
    11: {2023: D(7000), 2024: D(7300), 2025: D(7100)},
    12: {2023: D(35000), 2024: D(36600), 2025: D(14000)},
}


def split(method: str, **more: Any) -> dict[int, float]:
    process = Process(1, 2025, method, "declared", **more)
    given = Inputs({1: process}, products=THINGS, prices=PRICES)
    return shares.of(process, [1, 2], CRACKER, given).general


@pytest.mark.parametrize(
    ("method", "first", "second"),
    [
        ("mass", 324.0, 11.0),
        ("energy", 324 * 47.2, 11 * 120.0),
        ("economic", 324 * 7100.0, 11 * 14000.0),
        ("moles", 324 / 28.05, 11 / 2.016),
        ("hydrogen", 324 * 0.1437, 11.0),
        ("custom", 3.0, 1.0),
    ],
)
def test_every_method_by_its_basis(method: str, first: float, second: float) -> None:
    found = split(method)
    assert found[1] == pytest.approx(first / (first + second), rel=1e-12)
    assert sum(found.values()) == pytest.approx(1, abs=1e-12)


def test_prices_of_all_years_are_averaged_when_asked_for() -> None:
    first, second = 324 * 21400 / 3, 11 * 85600 / 3
    assert split("economic", price_years="average")[1] == pytest.approx(first / (first + second))


def test_only_years_in_which_every_product_has_a_price_are_averaged() -> None:
    """A year that prices one product alone would mix price levels; so would one product's reference year."""
    prices = {11: {2024: D(1), 2025: D(100)}, 12: {2023: D(50), 2024: D(3)}}
    process = Process(1, 2025, "economic", "declared")
    found = shares.of(process, [1, 2], CRACKER, Inputs({1: process}, products=THINGS, prices=prices))
    assert found.general[1] == pytest.approx(324 / (324 + 33))
    prices = {11: {2025: D(100)}, 12: {2023: D(50)}}
    with pytest.raises(Fault) as fault:
        shares.of(process, [1, 2], CRACKER, Inputs({1: process}, products=THINGS, prices=prices))
    assert fault.value.code == "no_basis"


PLANT = [
    line(21, 1, "28", "GJ", carrier="power", reference_efficiency=D("0.45")),
    line(22, 2, "45", "GJ", carrier="heat", reference_efficiency=D("0.9"), heat_celsius=D("226.85")),
]
ENERGIES = {1: Thing("kWh", {}, None), 2: Thing("GJ", {}, None)}
PLANT_SHARES = {"efficiency": 0.4455, "exergy": 0.3935, "energy": 0.6164}
"""Of heat; as ``tests/footprint/engine/test_sharing_out.py`` has them."""


AMBIENT = D(25)


def cogenerated(method: str, lines: list[Line], ambient: Decimal | None = AMBIENT) -> dict[int, float]:
    process = Process(1, 2025, method, "declared", ambient_celsius=ambient)
    return shares.of(process, [1, 2], lines, Inputs({1: process}, products=ENERGIES)).general


@pytest.mark.parametrize(("method", "heat"), PLANT_SHARES.items())
def test_heat_and_power_share_by_what_both_are_worth(method: str, heat: float) -> None:
    found = cogenerated(method, PLANT)
    assert found[2] == pytest.approx(heat, abs=5e-5)
    assert sum(found.values()) == pytest.approx(1, abs=1e-15)


def test_heats_of_one_product_at_two_temperatures_add_up() -> None:
    cold = PLANT[1]._replace(id=23, amount=D(10), heat_celsius=D("60"))
    works = 28, 45 * (1 - 298.15 / 500), 10 * (1 - 298.15 / 333.15)
    assert cogenerated("exergy", [*PLANT, cold])[1] == pytest.approx(works[0] / sum(works), rel=1e-12)


@pytest.mark.parametrize(
    ("method", "missing", "ambient"),
    [
        ("efficiency", {"reference_efficiency": None}, D(25)),
        ("efficiency", {"carrier": ""}, D(25)),
        ("exergy", {"heat_celsius": None}, D(25)),
        ("exergy", {}, None),
        ("exergy", {}, D(300)),
    ],
)
def test_what_heat_is_worth_must_be_known(
    method: str, missing: dict[str, Any], ambient: Decimal | None
) -> None:
    with pytest.raises(Fault) as fault:
        cogenerated(method, [PLANT[0], PLANT[1]._replace(**missing)], ambient)
    assert fault.value.code == "no_basis"
    assert fault.value.about in ({"exchange": 22}, {})


def test_the_band_of_a_plant_has_its_methods() -> None:
    process = Process(1, 2025, "energy", "declared", ambient_celsius=D(25))
    found = shares.known(process, [1, 2], PLANT, Inputs({1: process}, products=ENERGIES))
    assert {Basis.ENERGY, Basis.EFFICIENCY, Basis.EXERGY} == set(band(found).methods)


@pytest.mark.parametrize("method", ["moles", "hydrogen", "custom"])
def test_without_a_basis_there_are_no_shares(method: str) -> None:
    process = Process(1, 2025, method, "declared")
    bare = Inputs({1: process}, products={1: Thing("t", {}, None), 2: Thing("t", {}, None)})
    with pytest.raises(Fault) as fault:
        shares.of(process, [1, 2], [line(11, 1, "324"), line(12, 2, "11")], bare)
    assert (fault.value.code, fault.value.about) == ("no_basis", {"exchange": 11})


def of_lines(*declared: tuple[int, int | None, str]) -> shares.Split:
    """The split of a set of shares: product, line or nothing, share."""
    process = Process(1, 2025, "causal", "own")
    stored = {("own", product, exchange): D(share) for product, exchange, share in declared}
    others = {("other", 1, None): D(1), ("other", 2, None): D(0)}
    return shares.of(process, [1, 2], CRACKER, Inputs({1: process}, shares={1: stored | others}))


STEAM = ((1, 21, "0.9"), (2, 21, "0.1"))


def test_a_line_without_shares_of_its_own_takes_those_of_what_is_common() -> None:
    found = of_lines(*STEAM, (1, None, "0.6"), (2, None, "0.4"))
    assert found.of_line(21) == {1: 0.9, 2: 0.1}
    assert found.of_line(22) == {1: 0.6, 2: 0.4}
    assert found.general == {}


@pytest.mark.parametrize("common", [(), ((1, None, "1"),)])
def test_no_line_vanishes_because_nobody_carries_it(common: tuple[tuple[int, None, str], ...]) -> None:
    found = of_lines(*STEAM, *common)
    with pytest.raises(Fault) as refused:
        found.of_line(22)
    assert refused.value.record() == {"code": "line_shares", "exchange": 22}


def test_the_band_takes_every_method_that_applies() -> None:
    process = Process(1, 2025, "mass", "declared")
    found = band(shares.known(process, [1, 2], CRACKER, Inputs({1: process}, products=THINGS, prices=PRICES)))
    assert set(found.methods) == {
        Basis.MASS, Basis.ENERGY, Basis.ECONOMIC, Basis.MOLES, Basis.HYDROGEN, Basis.CUSTOM,
    }  # fmt: skip
    assert np.allclose(found.shares.sum(axis=1), 1)
    without = band(shares.known(process, [1, 2], CRACKER, Inputs({1: process}, products={
        1: Thing("t", {}, None), 2: Thing("t", {}, None)})))  # fmt: skip
    assert set(without.methods) == {Basis.MASS, Basis.CUSTOM}


def test_price_ratios_by_year() -> None:
    """2023: exactly five, physical; 2024: a little more, economic; 2025: two, physical."""
    given = Inputs({}, products=THINGS, prices=PRICES)
    found = shares.prices_per_kg([1, 2], CRACKER, given)
    assert {year: round(price_ratio(prices), 2) for year, prices in found.items()} == {
        2023: 5.0, 2024: 5.01, 2025: 1.97,
    }  # fmt: skip
    alone = [decide(Answers(2, False, False, {year: found[year]})) for year in (2023, 2024, 2025)]
    assert [each.basis for each in alone] == [
        Basis.MASS, Basis.ECONOMIC, Basis.MASS,
    ]  # fmt: skip


def test_a_year_without_all_prices_has_no_ratio() -> None:
    given = Inputs({}, products=THINGS, prices={11: {2024: D(1), 2025: D(1)}, 12: {2025: D(2)}})
    assert list(shares.prices_per_kg([1, 2], CRACKER, given)) == [2025]


@pytest.mark.django_db
def test_what_is_read_of_a_process() -> None:
    new.gwp()
    company = new.company()
    process = new.process(
        new.inventory(new.site(company)), "cracker", mass_loss_kg=D(5), price_years="average"
    )
    ethylene = new.product(
        company, "ethylene", "t", carbon_fraction=D("0.8563"), hydrogen_fraction=D("0.1437"),
        molar_mass_g_per_mol=D("28.05"), biogenic_carbon_fraction=D("0.1"),
    )  # fmt: skip
    made = new.output(process, ethylene, "3", allocation_basis=D(2), allocation_basis_unit="t")
    OutputPrice.objects.create(company=company, exchange=made, year=2024, price=D(7))
    AllocationShare.objects.create(company=company, process=process, product=ethylene, share=D(1))
    version = new.factor_version(
        "0.5", uncertainty_gsd2=D("1.1"), data_quality={"technology": 2, "time": 1, "geography": 3}
    )
    power = new.takes(
        process, new.product(company, "power", "kWh"), "8", factor_version=version, gsd2=D("1.05"),
        data_type="estimated", pedigree_reliability=2, dqr_time=4,
    )  # fmt: skip
    read = inputs.read([process.pk])
    found = {each.id: each for each in read.lines[process.pk]}
    assert (found[power.pk].stage, found[made.pk].stage) == ("energy", "production")
    assert found[power.pk].pedigree == (2, None, None, None, None)
    assert found[power.pk].dqr == (None, 4, None)
    assert (found[power.pk].gsd2, found[power.pk].is_primary, found[made.pk].is_primary) == (
        D("1.05"), False, True,
    )  # fmt: skip
    assert (found[made.pk].basis, found[made.pk].basis_unit) == (2, "t")
    thing = read.products[ethylene.pk]
    assert (thing.carbon, thing.hydrogen, thing.biogenic_carbon) == (D("0.8563"), D("0.1437"), D("0.1"))
    assert (thing.molar_mass_g_per_mol, thing.kind) == (D("28.05"), "product")
    emitted = inputs.references([version.pk])[version.pk]
    assert (emitted.dqr, emitted.gsd2) == ((2, 1, 3), D("1.1"))
    assert (emitted.kind, emitted.geography, emitted.reference_year) == (
        version.factor.kind, version.geography, version.reference_year,
    )  # fmt: skip
    of_process = read.processes[process.pk]
    assert (of_process.geography, of_process.year, of_process.price_years) == ("CN-SD", 2025, "average")
    assert (of_process.mass_loss_kg, of_process.stock_change_kg) == (5, None)
    assert of_process.period_end == process.inventory.period_end
    assert read.prices[made.pk] == {2024: 7}


def test_every_choice_of_a_method_is_one_of_the_engines() -> None:
    assert {choice.value for choice in UnitProcess.Allocation} <= {basis.value for basis in Basis}
