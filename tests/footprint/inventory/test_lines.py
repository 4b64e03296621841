"""Lines of unit processes: what is stored, and what is refused, one fault at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals, Stale
from accounts.models import Company
from accounts.roles import Role
from accounts.visibility import acting_as
from factors.models import FactorVersion
from footprint.inventory.actions import add_exchange, change_exchange, remove_exchange
from footprint.inventory.models import Exchange, Product, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db


@dataclass
class Plant:
    """A steam boiler that feeds a cracker, in one inventory."""

    company: Company
    owner: Actor
    boiler: UnitProcess
    cracker: UnitProcess
    steam: Product
    ethylene: Product
    naphtha: Product
    steam_made: Exchange
    steam_used: Exchange
    per_mj: FactorVersion
    per_item: FactorVersion
    withdrawn: FactorVersion


@pytest.fixture
def plant() -> Iterator[Plant]:
    new.gwp(CH4=("28", "27.9"))
    company = new.company()
    inventory = new.inventory(new.site(company))
    boiler, cracker = new.process(inventory, "boiler"), new.process(inventory, "cracker")
    steam = new.product(company, "steam", "GJ")
    ethylene = new.product(company, "ethylene", "t")
    naphtha = new.product(
        company, "naphtha", "t", lhv_mj_per_unit=Decimal("44000"), conversions={"m3": "1.4"}
    )
    made = new.output(boiler, steam, "100", is_reference=True)
    new.output(cracker, ethylene, "10", is_reference=True)
    used = new.takes(cracker, steam, "40", provider_process=boiler)
    factors = new.factor_version("60", "MJ"), new.factor_version("1", "item")
    withdrawn = new.factor_version("1", "t", status="withdrawn")
    owner = new.actor(company)
    with acting_as(owner), override("en"):
        yield Plant(
            company, owner, boiler, cracker, steam, ethylene, naphtha, made, used, *factors, withdrawn
        )


def naphtha_line(plant: Plant, **more: Any) -> Exchange:
    line = {"direction": "input", "kind": "product", "product": plant.naphtha, "amount": "32.5", "unit": "t"}
    return add_exchange(plant.cracker, by=plant.owner, **{**line, **more})


def test_a_line_is_stored_as_typed(plant: Plant) -> None:
    line = naphtha_line(plant, amount=" 1,032.50 ", unit="吨", comment=" weighbridge ")
    stored = Exchange.objects.get(pk=line.pk)
    assert format(stored.amount, "f") == "1032.50"
    assert (stored.unit, stored.comment, stored.version) == ("t", "weighbridge", 1)
    assert stored.position > 0


@pytest.mark.parametrize("amount", ["１，０３２．５", "1 032.5", "1\u202f032.5", "１０３２．５"])
def test_thousands_and_full_width_signs_are_understood(plant: Plant, amount: str) -> None:
    assert naphtha_line(plant, amount=amount).amount == Decimal("1032.5")


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("twelve", "not_a_number"),
        ("12 50", "not_a_number"),
        ("10³", "not_a_number"),
        ("1\u0663", "not_a_number"),
        ("1,5", "not_a_number"),
        ("", "required"),
        (None, "not_a_number"),
        (True, "not_a_number"),
        ("NaN", "not_finite"),
        ("-inf", "not_finite"),
        (float("inf"), "not_finite"),
        ("-1", "negative_amount"),
        ("1e16", "absurd_amount"),
        ("1e400000", "absurd_amount"),
        ("1e-60", "absurd_amount"),
        ("0e-99999", "absurd_amount"),
        ("0." + "1" * 41, "absurd_amount"),
    ],
)
def test_an_amount_that_cannot_be_meant(plant: Plant, amount: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        change_exchange(plant.steam_used, by=plant.owner, version=1, amount=amount)
    assert (refused.value.field, refused.value.code) == ("amount", code)
    assert Exchange.objects.get(pk=plant.steam_used.pk).amount == 40


@pytest.mark.parametrize(
    ("unit", "code"), [("furlong", "unknown_unit"), ("t", "unit_mismatch"), (7, "unknown_unit")]
)
def test_a_unit_that_does_not_fit_the_product(plant: Plant, unit: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        change_exchange(plant.steam_used, by=plant.owner, version=1, unit=unit)
    assert (refused.value.field, refused.value.code) == ("unit", code)


def test_a_unit_the_product_converts_to(plant: Plant) -> None:
    assert naphtha_line(plant, unit="m3").unit == "m3"
    assert naphtha_line(plant, unit="GJ").unit == "GJ"


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ({"gas": "CH5"}, "gas", "unknown_gas"),
        ({"gas": "CH4", "unit": "m3"}, "unit", "unit_mismatch"),
        ({}, "gas", "required"),
        ({"gas": "CH4", "origin": "moon"}, "origin", "unknown_choice"),
        ({"gas": "CH4", "is_reference": True}, "is_reference", "not_an_output"),
    ],
)
def test_an_emission_that_is_not_one(plant: Plant, line: dict[str, Any], field: str, code: str) -> None:
    whole = {"direction": "output", "kind": "elementary", "amount": 3, "unit": "kg", **line}
    with pytest.raises(Refusal) as refused:
        add_exchange(plant.boiler, by=plant.owner, **whole)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_an_emission(plant: Plant) -> None:
    line = {"direction": "output", "kind": "elementary", "amount": 3, "unit": "t"}
    assert add_exchange(plant.boiler, by=plant.owner, gas="CH4", origin="fossil", **line).gas == "CH4"
    assert add_exchange(plant.boiler, by=plant.owner, flow_name="Water", **line).flow_name == "Water"


def test_several_faults_are_told_together(plant: Plant) -> None:
    with pytest.raises(Refusals) as refused:
        change_exchange(
            plant.steam_used, by=plant.owner, version=1, amount="-4", unit="furlong", data_type="guessed"
        )
    assert {refusal.field for refusal in refused.value.refusals} == {"amount", "unit", "data_type"}


def test_the_output_must_not_be_nothing(plant: Plant) -> None:
    with pytest.raises(Refusal) as refused:
        change_exchange(plant.steam_made, by=plant.owner, version=1, amount="0")
    assert refused.value.code == "zero_output"


def test_a_process_has_one_reference(plant: Plant) -> None:
    with pytest.raises(Refusal) as refused:
        add_exchange(
            plant.boiler,
            by=plant.owner,
            direction="output",
            kind="product",
            product=plant.naphtha,
            amount=1,
            unit="t",
            is_reference=True,
        )
    assert refused.value.code == "second_reference"


def test_another_companys_product_is_no_product(plant: Plant) -> None:
    with pytest.raises(Refusal) as refused:
        naphtha_line(plant, product=uuid4())
    unknown = refused.value
    foreign = _foreign_product()
    with pytest.raises(Refusal) as refused:
        naphtha_line(plant, product=foreign.uuid)
    assert (refused.value.message, refused.value.code) == (unknown.message, "not_found")


def _foreign_product(**more: Any) -> Product:
    with acting_as(Actor.worker()):
        owner = new.company()
        product = new.product(owner, "sold", **{"unit": "t", **more})
        new.output(new.process(new.inventory(new.site(owner))), product)
    return product


def test_a_partners_product_needs_a_grant_in_force(plant: Plant) -> None:
    foreign = _foreign_product()
    with pytest.raises(Refusal) as refused:
        naphtha_line(plant, provider_product=foreign.uuid)
    assert (refused.value.field, refused.value.code) == ("provider_product", "not_found")
    with acting_as(Actor.worker()):
        grant = new.grant(foreign, plant.company)
    assert naphtha_line(plant, provider_product=foreign.uuid).provider_product == foreign
    with acting_as(Actor.worker()):
        grant.ends_on = timezone.localdate() - timedelta(days=1)
        grant.save()
    with pytest.raises(Refusal) as refused:
        naphtha_line(plant, provider_product=foreign.uuid)
    assert refused.value.code == "not_found"


def test_a_partners_product_must_suit(plant: Plant) -> None:
    foreign = _foreign_product(unit="kWh")
    with acting_as(Actor.worker()):
        new.grant(foreign, plant.company)
    with pytest.raises(Refusal) as refused:
        change_exchange(
            naphtha_line(plant, product=plant.ethylene), by=plant.owner, version=1, provider_product=foreign
        )
    assert refused.value.code == "unit_mismatch"


def test_a_process_that_does_not_make_it(plant: Plant) -> None:
    with pytest.raises(Refusal) as refused:
        naphtha_line(plant, provider_process=plant.boiler)
    assert (refused.value.field, refused.value.code) == ("provider_process", "does_not_make")


def test_a_process_of_another_inventory(plant: Plant) -> None:
    other = new.process(new.inventory(plant.boiler.inventory.site, 2023))
    new.output(other, plant.steam)
    with pytest.raises(Refusal) as refused:
        change_exchange(plant.steam_used, by=plant.owner, version=1, provider_process=other.uuid)
    assert refused.value.code == "other_inventory"


def test_more_than_one_provider(plant: Plant) -> None:
    with pytest.raises(Refusal) as refused:
        change_exchange(plant.steam_used, by=plant.owner, version=1, factor_version=plant.per_mj.uuid)
    assert refused.value.code == "several_providers"


def test_a_factor(plant: Plant) -> None:
    changed = change_exchange(
        plant.steam_used, by=plant.owner, version=1, factor_version=plant.per_mj.uuid, provider_process=None
    )
    assert changed.factor_version == plant.per_mj
    assert Exchange.objects.get(pk=changed.pk).provider_process is None


def test_a_factor_of_another_unit(plant: Plant) -> None:
    with pytest.raises(Refusal) as refused:
        naphtha_line(plant, factor_version=plant.per_item)
    assert (refused.value.field, refused.value.code) == ("factor_version", "unit_mismatch")


def test_a_withdrawn_factor(plant: Plant) -> None:
    with pytest.raises(Refusal) as refused:
        naphtha_line(plant, factor_version=plant.withdrawn)
    assert refused.value.code == "factor_withdrawn"


def test_an_output_has_no_provider(plant: Plant) -> None:
    with pytest.raises(Refusal) as refused:
        change_exchange(plant.steam_made, by=plant.owner, version=1, factor_version=plant.per_mj)
    assert refused.value.code == "no_provider_here"


def test_a_changed_line_counts_its_versions(plant: Plant) -> None:
    change_exchange(plant.steam_used, by=plant.owner, version=1, amount="41")
    with pytest.raises(Stale):
        change_exchange(plant.steam_used, by=plant.owner, version=1, amount="42")
    change_exchange(plant.steam_used, by=plant.owner, version=None, amount="43")
    stored = Exchange.objects.get(pk=plant.steam_used.pk)
    assert (stored.amount, stored.version) == (43, 3)


def test_what_others_take_stays(plant: Plant) -> None:
    with pytest.raises(Refusal) as refused:
        remove_exchange(plant.steam_made, by=plant.owner, version=1)
    assert refused.value.code == "in_use"
    with pytest.raises(Refusal) as refused:
        change_exchange(plant.steam_made, by=plant.owner, version=1, is_reference=False, is_avoided=True)
    assert refused.value.code == "in_use"
    remove_exchange(plant.steam_used, by=plant.owner, version=1)
    remove_exchange(plant.steam_made, by=plant.owner, version=1)
    assert not Exchange.objects.filter(product=plant.steam).exists()


def test_who_may_not(plant: Plant) -> None:
    with acting_as(Actor.worker()):
        approver = new.actor(plant.company, Role.APPROVER)
        elsewhere = new.site(plant.company)
        provider = new.person(plant.company, Role.PLANT_PROVIDER, sites=(elsewhere,))
    for by in (approver, new.actor_of_user(provider)):
        with pytest.raises(NotAllowed):
            change_exchange(plant.steam_used, by=by, version=1, amount="1")
