"""What could provide a line, the best first: over the page, over REST, and to whom nothing is told."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.models import Company
from accounts.roles import Role
from accounts.visibility import acting_as
from factors.models import Factor
from footprint.inventory.candidates import Candidate, candidates
from footprint.inventory.models import Exchange, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db


@dataclass
class Plant:
    """A cracker that burns natural gas and takes steam, neither from anywhere yet."""

    company: Company
    boiler: UnitProcess
    gas: Exchange
    steam: Exchange


@pytest.fixture
def plant() -> Plant:
    company = new.company()
    inventory = new.inventory(new.site(company), 2024)
    boiler, cracker = new.process(inventory, "boiler"), new.process(inventory, "cracker")
    steam = new.product(company, "steam", "GJ")
    gas = new.product(company, "natural-gas", "GJ", name_zh="天然气", name_en="Natural gas")
    new.output(boiler, steam, "100", is_reference=True)
    new.output(cracker, new.product(company), "10", is_reference=True)
    return Plant(company, boiler, new.takes(cracker, gas, "5"), new.takes(cracker, steam, "40"))


def factor(name: str, unit: str = "GJ", **more: object) -> object:
    thing = Factor.objects.create(code=name.lower(), name_zh="", name_en=name, kind="fuel", unit=unit)
    return new.factor_version("56", factor=thing, **more)


def asked(plant: Plant, line: Exchange, search: str = "") -> list[Candidate]:
    actor = new.actor(plant.company)
    with acting_as(actor):
        return candidates(actor, line, search)


def names(found: list[Candidate]) -> list[str]:
    return [each.named.code for each in found]


def test_a_process_here_comes_before_everything_else(plant: Plant) -> None:
    factor("Steam")
    found = asked(plant, plant.steam)
    assert found[0].thing == plant.boiler
    assert [each.is_best for each in found] == [True, False]
    assert found[0].reasons[0].code == "makes_it_here"


def test_what_was_copied_once_is_offered_and_never_the_best(plant: Plant) -> None:
    factor("Natural gas", geography="CN-SD")
    found = asked(plant, plant.gas)
    assert names(found) == ["natural gas"]
    assert not any(each.is_best for each in found)
    against = {reason.code for reason in found[0].reasons if not reason.speaks_for}
    assert "transcription" in against


def test_a_granted_product_of_the_same_name_is_the_best_until_the_grant_ends(plant: Plant) -> None:
    maker = new.company()
    offered = new.product(maker, "ng", "GJ", name_zh="天然气", name_en="Natural gas")
    assert offered not in [each.thing for each in asked(plant, plant.gas)]
    grant = new.grant(offered, plant.company)
    best = asked(plant, plant.gas)[0]
    assert (best.thing, best.is_best) == (offered, True)
    grant.ends_on = "2020-01-01"
    grant.save()
    assert offered not in [each.thing for each in asked(plant, plant.gas)]


@pytest.mark.parametrize(
    ("name_zh", "is_best"), [("天然气（津砚）", True), ("天然气 (LNG)", True), ("天然气液（津砚）", False)]
)
def test_where_it_comes_from_makes_no_other_substance(plant: Plant, name_zh: str, is_best: bool) -> None:
    offered = new.product(new.company(), "ng", "GJ", name_zh=name_zh, name_en="")
    new.grant(offered, plant.company)
    (found,) = [each for each in asked(plant, plant.gas) if each.thing == offered]
    assert found.is_best is is_best


def test_search_finds_either_language_and_only_what_can_be_counted(plant: Plant) -> None:
    factor("Diesel")
    factor("Diesel by mass", unit="t")
    Factor.objects.filter(code="diesel").update(name_zh="柴油")
    assert names(asked(plant, plant.gas, "柴油")) == names(asked(plant, plant.gas, "dies")) == ["diesel"]
    assert asked(plant, plant.gas, "kerosene") == []


def test_what_provides_the_line_already_is_no_choice(plant: Plant) -> None:
    plant.steam.provider_process = plant.boiler
    plant.steam.save()
    assert plant.boiler not in [each.thing for each in asked(plant, plant.steam)]


def test_the_page_and_the_interface_tell_the_same_reasons(plant: Plant) -> None:
    client = Client()
    client.force_login(new.person(plant.company, Role.OWNER))
    client.cookies["django_language"] = "en"
    page = client.get(f"/exchanges/{plant.steam.uuid}/providers/").content.decode()
    assert "Best match" in page
    told = client.get(
        f"/api/v1/exchanges/{plant.steam.uuid}/providers/", headers={"Accept-Language": "en"}
    ).json()
    assert told[0]["field"] == "provider_process"
    assert told[0]["uuid"] == str(plant.boiler.uuid)
    assert told[0]["is_best"] is True
    assert told[0]["reasons"][0]["code"] == "makes_it_here"
    assert told[0]["reasons"][0]["text"] in page


def test_the_outsider_is_told_of_nothing(plant: Plant) -> None:
    client = Client()
    client.force_login(new.person(new.company(), Role.OWNER))
    assert client.get(f"/api/v1/exchanges/{plant.gas.uuid}/providers/").status_code == 404
    assert client.get(f"/exchanges/{plant.gas.uuid}/providers/").status_code == 404
