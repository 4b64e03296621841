"""Stage, spread and scores of a line, composition, prices by year, own amounts: in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Company
from accounts.roles import Role
from footprint.inventory.models import Exchange, OutputPrice, Product, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db


@dataclass
class Plant:
    """A cracker whose two products have prices."""

    company: Company
    cracker: UnitProcess
    made: tuple[Exchange, Exchange]
    power: Exchange
    owner: Client
    approver: Client
    outsider: Client


def client_of(company: Company, role: Role) -> Client:
    client = Client()
    client.force_login(new.person(company, role))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def plant() -> Iterator[Plant]:
    new.gwp()
    company = new.company("north")
    cracker = new.process(new.inventory(new.site(company)), "cracker", "mass")
    made = (
        new.output(cracker, new.product(company, "ethylene", "t"), "324", is_reference=True),
        new.output(cracker, new.product(company, "hydrogen", "t"), "11"),
    )
    power = new.takes(
        cracker, new.product(company, "power", "kWh"), "9", factor_version=new.factor_version("1")
    )
    for line, price in zip(made, ("7000", "35000"), strict=True):
        OutputPrice.objects.create(company=company, exchange=line, year=2024, price=Decimal(price))
    clients = (client_of(company, Role.OWNER), client_of(company, Role.APPROVER))
    yield Plant(company, cracker, made, power, *clients, client_of(new.company("south"), Role.OWNER))
    translation.activate("zh-hans")


def line_form(line: Exchange, **more: Any) -> dict[str, Any]:
    plain = {"amount": "9", "unit": "kWh", "data_type": "measured", "version": line.version}
    return {**plain, "provider": f"factor:{line.factor_version.uuid}", **more}


def test_a_line_shows_and_keeps_how_good_it_is(plant: Plant) -> None:
    address = f"/exchanges/{plant.power.uuid}/"
    page = plant.owner.get(address).content.decode()
    assert "Stage and data quality" in page
    assert "Empty: Energy." in page
    stated = {"stage": "production", "gsd2": "1.05", "pedigree_technological": "4", "dqr_time": "2"}
    assert plant.owner.post(address, line_form(plant.power, **stated)).status_code == 302
    plant.power.refresh_from_db()
    assert (plant.power.stage, plant.power.gsd2) == ("production", Decimal("1.05"))
    assert (plant.power.pedigree_technological, plant.power.dqr_time) == (4, 2)
    facts = plant.approver.get(address).content.decode()
    assert "Production" in facts
    assert "– · – · – · – · 4" in facts


def test_an_estimate_of_what_is_left_out_is_entered_and_shown(plant: Plant) -> None:
    address = f"/exchanges/{plant.power.uuid}/"
    assert "Estimate of what is left out" in plant.owner.get(address).content.decode()
    both = plant.owner.post(address, line_form(plant.power, exempted_kg_co2e="4"))
    assert both.status_code == 422
    assert 'id="id_exempted_kg_co2e_error"' in both.content.decode()
    stated = line_form(plant.power, exempted_kg_co2e="4.50", provider="")
    assert plant.owner.post(address, stated).status_code == 302
    plant.power.refresh_from_db()
    assert (plant.power.exempted_kg_co2e, plant.power.factor_version) == (Decimal("4.50"), None)
    assert "4.50 kg CO2e" in plant.approver.get(address).content.decode()
    assert plant.outsider.post(address, stated).status_code == 404


def test_what_is_wrong_stands_beside_its_field(plant: Plant) -> None:
    address = f"/exchanges/{plant.power.uuid}/"
    reply = plant.owner.post(address, line_form(plant.power, gsd2="0.5"))
    assert reply.status_code == 422
    page = reply.content.decode()
    assert 'id="id_gsd2_error"' in page
    assert "<details open>" in page
    assert Exchange.objects.get(pk=plant.power.pk).gsd2 is None


def test_a_product_keeps_its_composition(plant: Plant) -> None:
    product = plant.made[0].product
    assert product is not None
    stated = {
        "code": "ethylene", "name_zh": "乙烯", "name_en": "", "unit": "t", "kind": "product",
        "lhv_mj_per_unit": "47200", "carbon_fraction": "0.8563", "hydrogen_fraction": "0.1437",
        "biogenic_carbon_fraction": "0.25", "molar_mass_g_per_mol": "28.05", "version": "1",
    }  # fmt: skip
    address = f"/products/{product.uuid}/change/"
    wrong = plant.owner.post(address, {**stated, "hydrogen_fraction": "0.2"})
    assert wrong.status_code == 422
    assert "cannot be more than 1" in wrong.content.decode()
    assert plant.owner.post(address, stated).status_code == 302
    stored = Product.objects.get(pk=product.pk)
    assert (stored.biogenic_carbon_fraction, stored.molar_mass_g_per_mol) == (
        Decimal("0.25"),
        Decimal("28.05"),
    )


def test_prices_by_year_and_what_their_ratio_orders(plant: Plant) -> None:
    address = f"/processes/{plant.cracker.uuid}/"
    page = plant.owner.get(address).content.decode()
    assert "5.00" in page
    assert "by a physical quantity" in page
    assert "The method hangs on the year." not in page
    stated = {
        "what": "prices", "price_2023_1": "1000", "price_2023_2": "9000",
        "year": "2019", "price_another_1": "7000", "price_another_2": "7001",
    }  # fmt: skip
    assert plant.owner.post(address, stated).status_code == 302
    page = plant.owner.get(address).content.decode()
    assert "by economic value" in page
    assert "The method hangs on the year." in page
    assert 'value="9000"' in page
    assert set(OutputPrice.objects.values_list("year", flat=True)) == {2019, 2023, 2024}
    wrong = plant.owner.post(address, {**stated, "year": "1066", "price_2023_1": "-1"})
    assert wrong.status_code == 422
    assert 'id="id_year_error"' in wrong.content.decode()
    assert 'id="id_price_2023_1_error"' in wrong.content.decode()
    assert "A price must not be negative." in wrong.content.decode()
    emptied = {"what": "prices", "price_2023_1": "", "price_2023_2": ""}
    assert plant.owner.post(address, emptied).status_code == 302
    assert set(OutputPrice.objects.values_list("year", flat=True)) == {2019, 2024}


def test_amounts_of_ones_own(plant: Plant) -> None:
    address = f"/processes/{plant.cracker.uuid}/"
    stated = {"what": "basis", "unit": "t", "line_1": "3", "line_2": "", "version": "1"}
    reply = plant.owner.post(address, stated)
    assert reply.status_code == 422
    assert 'id="id_line_2_error"' in reply.content.decode()
    assert plant.owner.post(address, {**stated, "line_2": "1"}).status_code == 302
    plant.cracker.refresh_from_db()
    assert plant.cracker.allocation_method == "custom"
    assert 'value="3"' in plant.owner.get(address).content.decode()


def test_what_a_process_loses(plant: Plant) -> None:
    address = f"/processes/{plant.cracker.uuid}/"
    stated = {
        "what": "details", "code": "cracker", "name_zh": "裂解", "allocation_method": "mass", "version": "1",
        "price_years": "average", "mass_loss_kg": "12000", "stock_change_kg": "-5", "energy_loss_mj": "1e6",
    }  # fmt: skip
    assert plant.owner.post(address, {**stated, "mass_loss_kg": "-1"}).status_code == 422
    assert plant.owner.post(address, stated).status_code == 302
    stored = UnitProcess.objects.get(pk=plant.cracker.pk)
    assert (stored.mass_loss_kg, stored.stock_change_kg, stored.energy_loss_mj) == (12000, -5, 1000000)
    assert 'value="1000000"' in plant.owner.get(address).content.decode()


def test_the_outsider_finds_nothing(plant: Plant) -> None:
    for path in (f"/processes/{plant.cracker.uuid}/", f"/exchanges/{plant.power.uuid}/"):
        assert plant.outsider.get(path).status_code == 404
        assert plant.outsider.post(path, {"what": "prices", "gsd2": "1.2"}).status_code == 404
    assert plant.approver.post(f"/processes/{plant.cracker.uuid}/", {"what": "basis"}).status_code == 403
