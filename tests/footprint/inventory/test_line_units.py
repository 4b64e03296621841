"""Which units a form for a line offers: those its product or gas is counted in, and the one that is there."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from footprint.inventory.models import Exchange, UnitProcess
from tests import builders as new
from tests.browsing import ask, browser, send, text
from tests.reviewing import Plant

pytestmark = pytest.mark.django_db


def offered(page: str) -> set[str]:
    """The codes of the list of units."""
    (chosen,) = re.findall(r'<select name="unit".*?</select>', page, re.DOTALL)
    return set(re.findall(r'<option value="([^"]+)"', chosen))


@pytest.fixture
def process(here: Plant) -> UnitProcess:
    return here.line.process


@pytest.fixture
def owner(here: Plant) -> Client:
    return browser(here.people["owner"])


def test_those_of_the_product(here: Plant, process: UnitProcess, owner: Client) -> None:
    steam = new.product(here.company, "steam", "GJ")
    line = new.takes(process, steam, "4", "GJ")
    units = offered(ask(owner, f"/exchanges/{line.uuid}/"))
    assert {"GJ", "MWh", "tce"} <= units
    assert not {"kg", "m3", "CNY"} & units
    fuel = new.product(here.company, "fuel", "kg", lhv_mj_per_unit=50, conversions={"m3": "0.001"})
    units = offered(ask(owner, f"/exchanges/{new.takes(process, fuel, '4', 't').uuid}/"))
    assert {"t", "GJ", "m3"} <= units
    assert "CNY" not in units


def test_those_of_the_gas(here: Plant, owner: Client) -> None:
    units = offered(ask(owner, f"/exchanges/{here.line.uuid}/"))
    assert {"kg", "t"} <= units
    assert not {"GJ", "m3"} & units


def test_those_of_the_factor_of_a_flow(process: UnitProcess, owner: Client) -> None:
    line = new.emits(process, "3")
    Exchange.objects.filter(pk=line.pk).update(
        gas="", flow_name="water", unit="m3", factor_version=new.factor_version("1", "m3")
    )
    units = offered(ask(owner, f"/exchanges/{line.uuid}/"))
    assert {"m3", "l"} <= units
    assert not {"kg", "GJ"} & units


def test_the_present_one_stays(here: Plant, process: UnitProcess, owner: Client) -> None:
    line = new.takes(process, new.product(here.company, "steam", "GJ"), "4", "CNY")
    units = offered(ask(owner, f"/exchanges/{line.uuid}/"))
    assert {"GJ", "CNY"} <= units
    assert "1e4 CNY" not in units


def test_another_one_is_refused_in_words_and_stays_chosen(
    here: Plant, process: UnitProcess, owner: Client
) -> None:
    line = new.takes(process, new.product(here.company, "steam", "GJ"), "4", "GJ")
    given = {"amount": "4", "unit": "kg", "data_type": "measured", "version": "1", "provider": ""}
    page = text(send(owner, f"/exchanges/{line.uuid}/", 422, **given))
    assert "an amount in kg cannot be converted" in page
    assert '<option value="kg" selected>' in page


def test_a_new_line_offers_those_of_the_product_once_it_is_named(
    here: Plant, process: UnitProcess, owner: Client
) -> None:
    new.product(here.company, "steam", "GJ")
    address = f"/processes/{process.uuid}/add-line/?what=input"
    assert {"kg", "GJ"} <= offered(ask(owner, address))
    page = ask(owner, f"{address}&product=steam&unit=MWh")
    assert "kg" not in offered(page)
    assert '<option value="MWh" selected>' in page
    assert "kg" not in offered(ask(owner, f"{address}&product=steam&unit=kg"))
    refused = text(send(owner, address, 422, product="steam", amount="4", unit="kg", data_type="measured"))
    assert "an amount in kg cannot be converted" in refused
    assert offered(ask(owner, address.replace("input", "emission"))) == offered(
        ask(owner, f"/exchanges/{here.line.uuid}/")
    )
