"""Stage, uncertainty, scores and composition: what is stored, refused, and kept by the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as some

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import Company
from accounts.visibility import acting_as
from factors.models import Factor
from footprint.inventory import actions, measures, stages
from footprint.inventory.differences import differences
from footprint.inventory.freezing import frozen
from footprint.inventory.models import SCORES, Exchange, Product, UnitProcess
from tests import builders as new

Stage = Exchange.Stage


@dataclass
class Plant:
    """A cracker with two products, fed with naphtha, steam of the boiler, power, and a truck."""

    company: Company
    owner: Actor
    boiler: UnitProcess
    cracker: UnitProcess
    ethylene: Product
    hydrogen: Product
    made: tuple[Exchange, Exchange]
    feed: Exchange


@pytest.fixture
def plant(db: None) -> Iterator[Plant]:
    new.gwp()
    company = new.company()
    inventory = new.inventory(new.site(company))
    boiler, cracker = new.process(inventory, "boiler"), new.process(inventory, "cracker", "mass")
    ethylene, hydrogen = new.product(company, "ethylene", "t"), new.product(company, "hydrogen", "t")
    made = new.output(cracker, ethylene, "324"), new.output(cracker, hydrogen, "11")
    feed = new.takes(cracker, new.product(company, "naphtha", "t"), "1000")
    owner = new.actor(company)
    with acting_as(owner), override("en"):
        yield Plant(company, owner, boiler, cracker, ethylene, hydrogen, made, feed)


def changed(plant: Plant, line: Exchange, **more: Any) -> Exchange:
    return actions.change_exchange(line, by=plant.owner, version=line.version, **more)


def test_what_is_said_of_a_line_is_stored(plant: Plant) -> None:
    scores = dict(zip(SCORES, (1, 2, 3, 4, 5, 1, 2, 3), strict=True))
    changed(plant, plant.feed, stage="transport", gsd2="1.05", **scores)
    stored = Exchange.objects.get(pk=plant.feed.pk)
    assert (stored.stage, str(stored.gsd2)) == ("transport", "1.05")
    assert {name: getattr(stored, name) for name in SCORES} == scores
    changed(plant, stored, stage="", gsd2="", **dict.fromkeys(SCORES, ""))
    stored.refresh_from_db()
    assert (stored.stage, stored.gsd2) == ("", None)
    assert not [name for name in SCORES if getattr(stored, name) is not None]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("gsd2", "0.5", "not_a_spread"),
        ("gsd2", "1001", "not_a_spread"),
        ("gsd2", "NaN", "not_finite"),
        ("pedigree_reliability", "6", "not_a_score"),
        ("pedigree_temporal", 0, "not_a_score"),
        ("dqr_geography", "2.5", "not_a_score"),
        ("dqr_time", "good", "not_a_number"),
        ("stage", "shopping", "unknown_choice"),
        ("allocation_basis", "3", "not_an_output"),
    ],
)
def test_what_cannot_be_said_of_a_line(plant: Plant, field: str, value: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        changed(plant, plant.feed, **{field: value})
    assert (refused.value.field, refused.value.code) == (field, code)
    assert not str(refused.value).startswith("%")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"gsd2": Decimal("0.99")}, "exchange_gsd2_from_one"),
        ({"pedigree_completeness": 6}, "exchange_scores_one_to_five"),
        ({"dqr_time": 0}, "exchange_scores_one_to_five"),
        ({"stage": "shopping"}, "exchange_stage_is_known"),
        ({"allocation_basis": Decimal(1)}, "exchange_allocation_basis_is_whole"),
        ({"allocation_basis_unit": "kg"}, "exchange_allocation_basis_is_whole"),
        ({"exempted_kg_co2e": Decimal(-1)}, "exchange_exempted_counts_nothing"),
        ({"exempted_kg_co2e": Decimal(1), "is_avoided": True}, "exchange_exempted_counts_nothing"),
    ],
)
def test_the_database_keeps_lines_sound(plant: Plant, change: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Exchange.objects.filter(pk=plant.feed.pk).update(**change)


def test_an_estimate_stands_in_for_a_provider(plant: Plant) -> None:
    version = new.factor_version("0.5", unit="t")
    feed = changed(plant, plant.feed, exempted_kg_co2e="12.5")
    assert str(Exchange.objects.get(pk=feed.pk).exempted_kg_co2e) == "12.5"
    with pytest.raises(Refusal) as refused:
        changed(plant, feed, factor_version=version, exempted_kg_co2e="3")
    assert refused.value.code == "estimate_and_provider"
    feed = changed(plant, Exchange.objects.get(pk=feed.pk), factor_version=version)
    assert feed.exempted_kg_co2e is None
    with pytest.raises(Refusal) as refused:
        changed(plant, plant.made[0], exempted_kg_co2e="3")
    assert refused.value.code == "not_left_out"
    with pytest.raises(Refusal) as refused:
        changed(plant, feed, factor_version=None, exempted_kg_co2e="-3")
    assert refused.value.field == "exempted_kg_co2e"


def test_copies_without_an_estimate_are_what_they_were(plant: Plant) -> None:
    """Only a line that says one has the further word in its frozen copy; taking it away is a difference."""
    inventory = plant.cracker.inventory
    before = frozen(plant.owner, inventory)
    assert "exempted_kg_co2e" not in json.dumps(before)
    changed(plant, plant.feed, exempted_kg_co2e="12.50")
    after = frozen(plant.owner, inventory)
    assert [(d.field, d.before, d.after) for d in differences(before, after)] == [
        ("exempted_kg_co2e", None, "12.5")
    ]
    assert [(d.field, d.before, d.after) for d in differences(after, before)] == [
        ("exempted_kg_co2e", "12.5", None)
    ]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"carbon_fraction": "1.01"}, "carbon_fraction", "not_a_fraction"),
        ({"hydrogen_fraction": "-0.1"}, "hydrogen_fraction", "not_a_fraction"),
        ({"biogenic_carbon_fraction": "2"}, "biogenic_carbon_fraction", "not_a_fraction"),
        ({"carbon_fraction": "0.9", "hydrogen_fraction": "0.2"}, "hydrogen_fraction", "more_than_all"),
        ({"molar_mass_g_per_mol": "0.028"}, "molar_mass_g_per_mol", "absurd_molar_mass"),
        ({"lhv_mj_per_unit": "47.2"}, "lhv_mj_per_unit", "absurd_heating_value"),
        ({"lhv_mj_per_unit": "130000"}, "lhv_mj_per_unit", "absurd_heating_value"),
    ],
)
def test_no_substance_is_like_that(plant: Plant, change: dict[str, str], field: str, code: str) -> None:
    """The product is declared in tonnes: 47.2 is what a kilogram of ethylene holds."""
    with pytest.raises(Refusal) as refused:
        actions.change_product(plant.ethylene, by=plant.owner, version=1, **change)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert Product.objects.get(pk=plant.ethylene.pk).version == 1


def test_a_heating_value_is_judged_by_the_conversion_too(plant: Plant) -> None:
    gas = actions.add_product(
        plant.company, by=plant.owner, code="gas", unit="Nm3", name_en="Gas", lhv_mj_per_unit="35.8",
        conversions={"kg": "0.72"},
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        actions.change_product(gas, by=plant.owner, version=1, conversions={"kg": "0.00072"})
    assert refused.value.code == "absurd_heating_value"
    power = {"code": "power", "unit": "kWh", "name_en": "Power", "lhv_mj_per_unit": "3.6"}
    assert actions.add_product(plant.company, by=plant.owner, **power).lhv_mj_per_unit == Decimal("3.6")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"carbon_fraction": Decimal("1.2")}, "product_carbon_fraction"),
        ({"hydrogen_fraction": Decimal("-0.1")}, "product_hydrogen_fraction"),
        ({"biogenic_carbon_fraction": Decimal(2)}, "product_biogenic_carbon_fraction"),
        ({"carbon_fraction": Decimal("0.9"), "hydrogen_fraction": Decimal("0.2")}, "product_elements_fit"),
        ({"molar_mass_g_per_mol": Decimal("0.5")}, "product_molar_mass_g_per_mol"),
        ({"lhv_mj_per_unit": Decimal(0)}, "product_lhv_is_positive"),
    ],
)
def test_the_database_keeps_products_sound(plant: Plant, change: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Product.objects.filter(pk=plant.ethylene.pk).update(**change)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"mass_loss_kg": "-1"}, "mass_loss_kg", "negative_amount"),
        ({"energy_loss_mj": "-1"}, "energy_loss_mj", "negative_amount"),
        ({"stock_change_kg": "lots"}, "stock_change_kg", "not_a_number"),
        ({"price_years": "best"}, "price_years", "unknown_choice"),
        ({"balance_comment": "x" * 301}, "balance_comment", "too_long"),
    ],
)
def test_what_a_process_cannot_lose(plant: Plant, change: dict[str, str], field: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        actions.change_process(plant.cracker, by=plant.owner, version=1, **change)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_losses_and_stock_are_stored(plant: Plant) -> None:
    stated = {"mass_loss_kg": "12000", "stock_change_kg": "-3500", "balance_comment": "Tank 4"}
    actions.change_process(plant.cracker, by=plant.owner, version=1, price_years="average", **stated)
    stored = UnitProcess.objects.get(pk=plant.cracker.pk)
    assert (stored.mass_loss_kg, stored.stock_change_kg) == (12000, -3500)
    assert (stored.price_years, stored.balance_comment) == ("average", "Tank 4")
    with pytest.raises(IntegrityError, match="process_loss_is_an_amount"), transaction.atomic():
        UnitProcess.objects.filter(pk=stored.pk).update(mass_loss_kg=-1)


@pytest.mark.parametrize(
    ("method", "missing"),
    [("moles", "molar mass"), ("hydrogen", "hydrogen content"), ("custom", "amount of its own")],
)
def test_a_method_asks_for_its_basis(plant: Plant, method: str, missing: str) -> None:
    with pytest.raises(Refusal, match=missing) as refused:
        actions.change_process(plant.cracker, by=plant.owner, version=1, allocation_method=method)
    assert refused.value.code == "no_basis"
    for product, hydrogen, molar in ((plant.ethylene, "0.1437", "28.05"), (plant.hydrogen, "1", "2.016")):
        actions.change_product(
            product, by=plant.owner, version=1, hydrogen_fraction=hydrogen, molar_mass_g_per_mol=molar
        )
    for line, amount, unit in ((plant.made[0], "4", "t"), (plant.made[1], "1000", "kg")):
        changed(plant, line, allocation_basis=amount, allocation_basis_unit=unit)
    done = actions.change_process(plant.cracker, by=plant.owner, version=1, allocation_method=method)
    assert done.allocation_method == method


def test_amounts_of_ones_own_are_set_together(plant: Plant) -> None:
    first, second = plant.made
    with pytest.raises(Refusals) as several:
        actions.set_allocation_basis(
            plant.cracker, by=plant.owner, version=1, unit="bushel", amounts=[(first, "3"), (second, "-1")]
        )
    assert {each.field for each in several.value.refusals} == {"unit", "line_2"}
    nothing = [(first, "0"), (second, "0")]
    with pytest.raises(Refusal) as refused:
        actions.set_allocation_basis(plant.cracker, by=plant.owner, version=1, unit="t", amounts=nothing)
    assert refused.value.code == "no_basis"
    amounts = [(first, "3"), (second, "1")]
    done = actions.set_allocation_basis(plant.cracker, by=plant.owner, version=1, unit="t", amounts=amounts)
    assert (done.allocation_method, done.version) == ("custom", 2)
    first.refresh_from_db()
    assert (first.allocation_basis, first.allocation_basis_unit, first.version) == (3, "t", 2)


def test_units_of_ones_own_amounts_must_agree(plant: Plant) -> None:
    changed(plant, plant.made[0], allocation_basis="4", allocation_basis_unit="t")
    changed(plant, plant.made[1], allocation_basis="4", allocation_basis_unit="MJ")
    with pytest.raises(Refusal) as refused:
        actions.change_process(plant.cracker, by=plant.owner, version=1, allocation_method="custom")
    assert refused.value.code == "mixed_units"


def test_an_outsider_changes_nothing(plant: Plant) -> None:
    outsider = new.actor(new.company())
    with acting_as(outsider), pytest.raises(NotAllowed):
        actions.set_allocation_basis(
            plant.cracker, by=outsider, version=1, unit="t", amounts=[(plant.made[0], "1")]
        )
    with acting_as(outsider), pytest.raises(NotAllowed):
        actions.change_exchange(plant.feed, by=outsider, version=1, gsd2="1.2")


STAGES = [
    ({"kind": "waste", "direction": "output"}, Stage.WASTE),
    ({"kind": "elementary", "direction": "output"}, Stage.PRODUCTION),
    ({"direction": "output"}, Stage.PRODUCTION),
    ({}, Stage.RAW_MATERIAL),
    ({"unit": "kWh"}, Stage.ENERGY),
    ({"unit": "t*km"}, Stage.TRANSPORT),
    ({"unit": "kWh", "has_process": True}, Stage.PRODUCTION),
    ({"factor_kind": "electricity"}, Stage.ENERGY),
    ({"factor_kind": "fuel"}, Stage.ENERGY),
    ({"factor_kind": "heat"}, Stage.ENERGY),
    ({"factor_kind": "freight"}, Stage.TRANSPORT),
    ({"factor_kind": "material"}, Stage.RAW_MATERIAL),
    ({"factor_kind": "process"}, Stage.PRODUCTION),
    ({"direction": "output", "is_avoided": True}, Stage.RAW_MATERIAL),
]


@pytest.mark.parametrize(("said", "stage"), STAGES)
def test_the_stage_follows_from_the_line(said: dict[str, Any], stage: Stage) -> None:
    plain = {
        "direction": "input", "kind": "product", "unit": "t",
        "is_avoided": False, "has_process": False, "factor_kind": None,
    }  # fmt: skip
    assert stages.derived(**{**plain, **said}) is stage


def test_every_kind_of_factor_has_its_stage() -> None:
    assert set(stages.BY_FACTOR) == set(Factor.Kind)


def test_the_member_knows_better(plant: Plant) -> None:
    assert stages.stage_of(plant.feed) is Stage.RAW_MATERIAL
    assert stages.stage_of(changed(plant, plant.feed, stage="energy")) is Stage.ENERGY


@given(some.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-5, max_value=5))
def test_a_fraction_is_kept_or_refused(value: Decimal) -> None:
    with override("en"):
        try:
            assert measures.fraction(value, field="carbon_fraction") == value
            assert 0 <= value <= 1
        except Refusal as refused:
            assert refused.code == "not_a_fraction"
            assert not 0 <= value <= 1
