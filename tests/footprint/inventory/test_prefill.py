"""An inventory begun from the period before: what comes along, what does not, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.errors import NotAllowed, Refusal
from accounts.models import Company
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.actions import Prefilled, prefill_inventory
from footprint.inventory.earlier import Earlier, earlier_lines
from footprint.inventory.models import AllocationShare, Exchange, Inventory, Product, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db


@dataclass
class Plant:
    """A boiler and a cracker in 2024; 2025 is empty."""

    company: Company
    then: Inventory
    now: Inventory
    steam: Product
    cracker: UnitProcess
    bought: Product

    def prefilled(self, role: Role = Role.OWNER) -> Prefilled:
        actor = new.actor(self.company, role)
        with acting_as(actor):
            return prefill_inventory(self.now, by=actor)

    def lines(self) -> dict[tuple[str, str], Exchange]:
        rows = Exchange.objects.filter(process__inventory=self.now).select_related("process", "product")
        return {(row.process.code, row.product.code if row.product else row.gas): row for row in rows}


@pytest.fixture
def plant() -> Plant:
    new.gwp()
    company, maker = new.company(), new.company()
    site = new.site(company)
    then, now = new.inventory(site, 2024), new.inventory(site, 2025)
    boiler, cracker = new.process(then, "boiler"), new.process(then, "cracker", "declared")
    steam, ethylene = new.product(company, "steam", "GJ"), new.product(company, "ethylene", "t")
    bought = new.product(maker, "naphtha", "t")
    new.grant(bought, company)
    new.output(boiler, steam, "100", is_reference=True)
    new.output(cracker, ethylene, "10", is_reference=True)
    AllocationShare.objects.create(company=company, process=cracker, product=ethylene, share=1)
    new.takes(cracker, steam, "40", provider_process=boiler)
    new.takes(cracker, new.product(company, "feed", "t"), "12", provider_product=bought)
    new.emits(cracker, "3", unit="t")
    return Plant(company, then, now, steam, cracker, bought)


def test_everything_comes_along_as_an_estimate(plant: Plant) -> None:
    assert plant.prefilled() == Prefilled(2, 5)
    lines = plant.lines()
    assert {line.data_type for line in lines.values()} == {"estimated"}
    taken = lines["cracker", "steam"]
    assert taken.provider_process is not None
    assert taken.provider_process.inventory == plant.now
    assert lines["cracker", "feed"].provider_product == plant.bought
    shares = AllocationShare.objects.filter(process__inventory=plant.now)
    assert [float(share.share) for share in shares] == [1.0]
    assert lines["cracker", "CO2"].amount == 3


def test_what_is_here_already_stays_and_twice_brings_nothing(plant: Plant) -> None:
    boiler = new.process(plant.now, "boiler")
    new.output(boiler, plant.steam, "90", is_reference=True)
    assert plant.prefilled() == Prefilled(1, 4)
    assert plant.lines()["boiler", "steam"].amount == 90
    with pytest.raises(Refusal) as refused:
        plant.prefilled()
    assert refused.value.code == "nothing_to_bring"


def test_the_key_of_another_system_stays_with_its_line(plant: Plant) -> None:
    Exchange.objects.filter(process__inventory=plant.then, gas="CO2").update(external_id="MB-1")
    assert plant.prefilled() == Prefilled(2, 5)
    assert plant.lines()["cracker", "CO2"].external_id == ""
    assert Exchange.objects.get(external_id="MB-1").process.inventory == plant.then


def test_a_provider_that_is_closed_by_now_is_left_behind(plant: Plant) -> None:
    plant.bought.grants.all().delete()
    plant.prefilled()
    assert plant.lines()["cracker", "feed"].provider_product is None


def test_who_may(plant: Plant) -> None:
    with pytest.raises(NotAllowed):
        plant.prefilled(Role.APPROVER)
    assert plant.lines() == {}


def test_without_a_period_before_there_is_nothing_to_begin_from(plant: Plant) -> None:
    actor = new.actor(plant.company)
    with acting_as(actor), pytest.raises(Refusal) as refused:
        prefill_inventory(plant.then, by=actor)
    assert refused.value.code == "no_period_before"


@pytest.mark.parametrize(
    ("amount", "unit", "change", "is_far"),
    [("44", "GJ", 0.1, False), ("60000", "MJ", 0.5, True), ("28", "GJ", -0.3, True), ("3", "t", None, False)],
)
def test_the_value_before_in_the_unit_of_now(
    plant: Plant, amount: str, unit: str, change: float | None, is_far: bool
) -> None:
    line = new.takes(new.process(plant.now, "cracker"), plant.steam, amount, unit)
    actor = new.actor(plant.company)
    with acting_as(actor):
        found: Earlier = earlier_lines(actor, plant.then, [line])[line.pk]
    assert found.change == (None if change is None else pytest.approx(change))
    assert found.is_far is is_far
    assert found.unit == ("GJ" if change is None else unit)


def test_a_converted_value_before_is_one_that_people_can_read(plant: Plant) -> None:
    line = new.takes(new.process(plant.now, "cracker"), plant.steam, "2", "tce")
    actor = new.actor(plant.company)
    with acting_as(actor):
        found: Earlier = earlier_lines(actor, plant.then, [line])[line.pk]
    assert str(found.amount) == "1.3648337"  # 40 GJ at 29.3076 GJ a tonne


def test_the_page_shows_what_was_and_takes_it_over_and_the_interface_does_the_same(plant: Plant) -> None:
    client = Client()
    client.force_login(new.person(plant.company, Role.OWNER))
    client.cookies["django_language"] = "en"
    line = new.takes(new.process(plant.now, "cracker"), plant.steam, "80")
    page = client.get(f"/inventories/{plant.now.uuid}/").content.decode()
    assert "Pre-fill from 2024" in page
    assert 'class="ghost-take" value="40"' in page
    assert "+100.0%" in page
    table = client.get(f"/inventories/{plant.now.uuid}/lines.csv").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[4:9] for row in table[1:]] == [["steam", "80", "GJ", "40", "GJ"]]
    found: Any = client.get(f"/inventories/{plant.now.uuid}/lines.csv?search=no-such-process")
    assert len(found.getvalue().splitlines()) == 1
    book: Any = client.get(f"/inventories/{plant.now.uuid}/lines.csv?search=cracker&format=xlsx")
    sheet: Any = load_workbook(BytesIO(book.getvalue())).active
    assert [row[5] for row in sheet.iter_rows(min_row=2, values_only=True)] == [80]
    client.post(f"/exchanges/{line.uuid}/amount/", {"amount": "40", "base": "80", "version": "1"})
    reply = client.post(f"/api/v1/inventories/{plant.now.uuid}/prefill/")
    assert reply.json() == {"processes": 1, "lines": 4}
    assert plant.lines()["cracker", "steam"].amount == 40
    assert client.post(f"/inventories/{plant.now.uuid}/prefill/").status_code == 302
    client.force_login(new.person(new.company(), Role.OWNER))
    for address in (
        f"/inventories/{plant.now.uuid}/prefill/",
        f"/api/v1/inventories/{plant.now.uuid}/prefill/",
    ):
        assert client.post(address).status_code == 404


def test_what_was_brought_over_is_taken_away_again_but_for_what_was_changed_since(plant: Plant) -> None:
    client = Client()
    client.force_login(new.person(plant.company, Role.OWNER))
    client.cookies["django_language"] = "en"
    page, undo = f"/inventories/{plant.now.uuid}/", f"/inventories/{plant.now.uuid}/prefill/undo/"
    own = new.emits(new.process(plant.now, "flare"), "1")
    assert "Undo the pre-fill" not in client.get(page).content.decode()
    client.post(f"{page}prefill/")
    assert "take 5 lines away again" in client.get(page).content.decode()
    feed = plant.lines()["cracker", "feed"]
    client.post(f"/exchanges/{feed.uuid}/amount/", {"amount": "13", "base": "12", "version": "1"})
    assert "take 4 lines away again" in client.get(page).content.decode()
    assert "4 lines were taken away" in client.post(undo, follow=True).content.decode()
    assert set(plant.lines()) == {("cracker", "feed"), ("flare", own.gas)}
    assert "Undo the pre-fill" not in client.get(page).content.decode()
    client.post(f"{page}prefill/")
    assert len(plant.lines()) == 6, "it can be brought over once more"


def test_what_others_need_by_now_is_not_taken_back(plant: Plant) -> None:
    client = Client()
    client.force_login(new.person(plant.company, Role.OWNER))
    client.cookies["django_language"] = "en"
    page = f"/inventories/{plant.now.uuid}/"
    client.post(f"{page}prefill/")
    boiler = UnitProcess.objects.get(inventory=plant.now, code="boiler")
    new.takes(new.process(plant.now, "dryer"), plant.steam, "1", provider_process=boiler)
    told = client.post(f"{page}prefill/undo/", follow=True).content.decode()
    assert "Give it another provider first" in told
    assert len(plant.lines()) == 6
