"""Who sees what, and what happens to those who ask for more."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from alliance.demo.description import TABLES
from tests.journeys.conftest import OpenDesk
from tests.journeys.desk import Desk

pytestmark = pytest.mark.browser

OWNER, APPROVER = "lin.zhiyuan@cangyu.example", "he.qingshu@cangyu.example"
STRANGER, BUYER = "luo.jiahe@shuolan.example", "gu.chenxi@cangyu.example"
PLANT_PROVIDER = "wei.anran@cangyu.example"
ETHYLENE = ("donglan-ethylene", "Ethylene (Donglan)")
ONE_OF_EACH_ROLE = {row["role"]: row["email"] for row in csv.DictReader((TABLES / "people.csv").open())}


@dataclass(frozen=True)
class Places:
    """Addresses of one product of Cangyu Refining and of what stands behind it."""

    product: str
    inventory: str
    site: str
    line: str
    amount: str

    @property
    def all(self) -> tuple[str, ...]:
        return self.product, f"{self.product}evidence/", self.inventory, self.site, self.line


def places(owner: Desk, code: str, name: str) -> Places:
    page = owner.find_product(code, name)
    product = page.url.removeprefix(owner.address)
    inventory = page.get_by_role("link", name="Open the inventory").get_attribute("href") or ""
    line = page.locator("#evidence a[href^='/exchanges/']").first.get_attribute("href") or ""
    page.goto(line)
    site = page.locator(".trail a[href^='/sites/']").get_attribute("href") or ""
    amount = page.locator("[name=amount]").input_value()
    return Places(product, inventory.partition("#")[0], site, line, amount)


def test_an_observer_reads_everything_and_changes_nothing(desk: OpenDesk) -> None:
    owner = desk(OWNER)
    there = places(owner, *ETHYLENE)
    approver = desk(APPROVER)
    page = approver.open(there.inventory)
    expect(page.locator(".process-block").first).to_be_visible()
    assert page.locator("main input:not([type=search]), main form[method=post]").count() == 0
    page = approver.open(there.line)
    assert page.locator("main form, main input, main select").count() == 0
    expect(page.locator("main")).to_contain_text("Activity data")
    page = approver.open(there.product)
    assert page.get_by_role("link", name="Change", exact=True).count() == 0
    for path in (there.line, f"{there.line}amount/", f"{there.line}remove/", f"{there.product}change/"):
        assert approver.post(path, amount="1", unit="t", version="1") == 403, path
    approver.open(f"{there.product}share/", expect=403)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    owner.open(there.line)
    expect(owner.page.locator("[name=amount]")).to_have_value(there.amount)


def test_for_a_stranger_it_does_not_exist(desk: OpenDesk) -> None:
    owner = desk(OWNER)
    there = places(owner, *ETHYLENE)
    stranger = desk(STRANGER)
    page = stranger.open(there.product, expect=404)
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    assert [stranger.status(path) for path in there.all] == [404] * 5
    for path in (there.line, f"{there.line}amount/", f"{there.line}remove/", f"{there.product}change/"):
        assert stranger.post(path, amount="1", version="1") == 404, path
    owner.open(there.line)
    expect(owner.page.locator("[name=amount]")).to_have_value(there.amount)


def test_who_is_not_signed_in_is_asked_to(desk: OpenDesk) -> None:
    there = places(desk(OWNER), *ETHYLENE)
    nobody = desk()
    assert {nobody.status(path) for path in (*there.all, "/", "/factors/", "/imports/")} == {302}
    page = nobody.open(there.product)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_plant_provider_edits_the_assigned_site_only(desk: OpenDesk) -> None:
    owner = desk(OWNER)
    assigned = places(owner, *ETHYLENE)
    other = places(owner, "xiyu-gasoline", "Motor gasoline (Xiyu)")
    provider = desk(PLANT_PROVIDER)
    page = provider.open(assigned.line)
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    page.locator("[name=comment]").fill("Read from the meter on 1 January")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    provider.open(other.inventory)
    assert page.locator("main form[method=post]").count() == 0
    assert provider.post(other.line, amount="1", unit="t") == 403
    assert provider.post(f"{other.line}amount/", amount="1") == 403
    assert provider.status("/imports/") == 403
    owner.open(other.line)
    expect(owner.page.locator("[name=amount]")).to_have_value(other.amount)
    owner.open(assigned.line)
    expect(owner.page.locator("[name=comment]")).to_have_value("Read from the meter on 1 January")


def test_a_buyer_sees_the_total_and_nothing_behind_it(desk: OpenDesk) -> None:
    owner = desk(OWNER)
    there = places(owner, *ETHYLENE)
    owner.open(there.product)
    total = owner.page.locator("[data-figure] .figure-hero").inner_text()
    buyer = desk(BUYER)
    page = buyer.open("/products/")
    page.get_by_role("link", name="Opened by partners").click()
    page.get_by_role("link", name=ETHYLENE[1], exact=True).click()
    assert page.url == owner.address + there.product
    expect(page.locator("[data-figure] .figure-hero")).to_have_text(total)
    expect(page.locator("main")).to_contain_text("What it is made of stays with the partner")
    assert page.locator("#evidence, figure, a[href^='/exchanges/'], a[href^='/inventories/']").count() == 0
    assert [buyer.status(path) for path in there.all[1:]] == [404] * 4


@pytest.mark.parametrize(("role", "email"), sorted(ONE_OF_EACH_ROLE.items()))
def test_every_role_comes_home(desk: OpenDesk, role: str, email: str) -> None:
    person = desk(email)
    page = person.open("/")
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    assert page.locator("main a[href]").count() >= 3, "a way on"
    ways = page.locator(".rail a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(ways) >= 4
    assert {way: person.status(way) for way in ways} == dict.fromkeys(ways, 200)
    page.locator(".bar .menu summary").last.click()
    expect(page.get_by_text(email)).to_be_visible()
    assert role in ONE_OF_EACH_ROLE
