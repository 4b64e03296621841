"""Pages of products, inventories and lines: what they show, to whom, and how many queries they take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.actor import Actor
from accounts.models import Company, User
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.calculation import ledger
from footprint.inventory.models import Exchange, Inventory, Product, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Plant:
    company: Company
    inventory: Inventory
    boiler: UnitProcess
    cracker: UnitProcess
    steam: Product
    ethylene: Product
    steam_used: Exchange
    fuel: Exchange
    owner: User
    observer: User
    outsider: User

    @property
    def addresses(self) -> list[str]:
        return [
            f"/sites/{self.inventory.site.uuid}/",
            f"/sites/{self.inventory.site.uuid}/contents/",
            f"/sites/{self.inventory.site.uuid}/add-inventory/",
            f"/sites/{self.inventory.site.uuid}/change/",
            f"/products/{self.ethylene.uuid}/",
            f"/products/{self.ethylene.uuid}/figure/",
            f"/products/{self.ethylene.uuid}/evidence/",
            f"/products/{self.ethylene.uuid}/change/",
            f"/products/{self.ethylene.uuid}/share/",
            f"/inventories/{self.inventory.uuid}/",
            f"/inventories/{self.inventory.uuid}/change/",
            f"/inventories/{self.inventory.uuid}/add-process/",
            f"/processes/{self.cracker.uuid}/",
            f"/processes/{self.cracker.uuid}/figures/",
            f"/processes/{self.cracker.uuid}/add-line/",
            f"/exchanges/{self.steam_used.uuid}/",
            f"/exchanges/{self.steam_used.uuid}/providers/",
        ]


@pytest.fixture
def plant() -> Plant:
    new.gwp(CH4=("28", "27.9"))
    company = new.company("north")
    inventory = new.inventory(new.site(company), 2024)
    boiler = new.process(inventory, "boiler")
    cracker = new.process(inventory, "cracker", method="mass")
    steam = new.product(company, "steam", "GJ")
    ethylene, propylene = new.product(company, "ethylene", "t"), new.product(company, "propylene", "t")
    gas = new.product(company, "natural-gas", "GJ")
    new.output(boiler, steam, "100", is_reference=True)
    fuel = new.takes(boiler, gas, "110", factor_version=new.factor_version("56", "GJ"))
    new.output(cracker, ethylene, "10", is_reference=True)
    new.output(cracker, propylene, "5")
    new.emits(cracker, "3", "CH4", unit="t")
    used = new.takes(cracker, steam, "40", provider_process=boiler)
    ledger.drain()
    return Plant(
        company,
        inventory,
        boiler,
        cracker,
        steam,
        ethylene,
        used,
        fuel,
        owner=new.person(company, Role.OWNER),
        observer=new.person(company, Role.APPROVER),
        outsider=new.person(new.company("south"), Role.OWNER),
    )


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    yield
    translation.activate("zh-hans")


def client_of(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def test_the_outsider_finds_nothing(plant: Plant) -> None:
    client = client_of(plant.outsider)
    for address in plant.addresses:
        assert client.get(address).status_code == 404, address
    for address in ("amount", "remove"):
        reply = client.post(f"/exchanges/{plant.steam_used.uuid}/{address}/", {"amount": "1"})
        assert reply.status_code == 404, address
    assert b"ethylene" not in client.get("/products/").content
    assert b"ethylene" not in client.get("/products/export.csv").content


def test_the_anonymous_is_asked_to_sign_in(plant: Plant) -> None:
    for address in [*plant.addresses, "/", "/products/", "/products/export.csv", "/companies/"]:
        reply = Client().get(address)
        assert reply.status_code == 302, address
        assert reply["Location"].startswith("/accounts/login/"), address


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_renders(plant: Plant, language: str) -> None:
    client = client_of(plant.owner, language)
    for address in [*plant.addresses, "/", "/products/", "/products/add/", "/companies/"]:
        reply = client.get(address)
        assert reply.status_code == 200, address


def test_the_observer_changes_nothing(plant: Plant) -> None:
    client = client_of(plant.observer)
    page = client.get(f"/inventories/{plant.inventory.uuid}/").content.decode()
    assert "amount-form" not in page
    assert "add-line" not in page
    product = client.get(f"/products/{plant.ethylene.uuid}/").content.decode()
    assert f"{plant.ethylene.uuid}/change/" not in product
    assert f"{plant.ethylene.uuid}/share/" not in product
    line = client.get(f"/exchanges/{plant.steam_used.uuid}/").content.decode()
    assert 'name="amount"' not in line
    for address in ("", "amount/", "remove/"):
        reply = client.post(f"/exchanges/{plant.steam_used.uuid}/{address}", {"amount": "1"})
        assert reply.status_code == 403, address
    assert Exchange.objects.get(pk=plant.steam_used.pk).amount == 40


def test_the_product_page_says_what_it_is_made_of(plant: Plant) -> None:
    page = client_of(plant.owner).get(f"/products/{plant.ethylene.uuid}/")
    text = page.content.decode()
    evidence = page.context["evidence"]
    expected = (40 * 110 * 56 / 100 + 3000 * 27.9) / 15
    assert evidence.chart.total == pytest.approx(expected)
    assert evidence.chart.refusal == ""
    assert sum(row.value or 0 for row in evidence.inputs) + evidence.own_emissions == pytest.approx(expected)
    assert "propylene" in text
    assert 'data-figure="current"' in text
    ar5 = client_of(plant.owner).get(f"/products/{plant.ethylene.uuid}/?gwp=AR5").context["evidence"]
    assert ar5.chart.total == pytest.approx((40 * 110 * 56 / 100 + 3000 * 28) / 15)


def test_an_amount_is_changed_in_its_place(plant: Plant) -> None:
    client = client_of(plant.owner)
    address = f"/exchanges/{plant.steam_used.uuid}/amount/"
    reply = client.post(address, {"amount": "80", "version": "1"}, headers={"hx-request": "true"})
    assert reply.status_code == 200
    assert reply["HX-Trigger"] == "line-changed"
    assert Exchange.objects.get(pk=plant.steam_used.pk).amount == 80
    figure = client.get(f"/products/{plant.ethylene.uuid}/figure/").content.decode()
    assert 'data-figure="pending"' in figure
    assert 'hx-trigger="every 1s"' in figure
    ledger.drain()
    settled = client.get(f"/products/{plant.ethylene.uuid}/figure/")
    assert 'data-figure="current"' in settled.content.decode()
    assert settled["HX-Trigger"] == "figure-settled"


@pytest.mark.parametrize(
    ("amount", "version", "status"), [("-1", "1", 422), ("many", "1", 422), ("5", "7", 409)]
)
def test_a_refused_amount_stays_in_the_box(plant: Plant, amount: str, version: str, status: int) -> None:
    client = client_of(plant.owner)
    reply = client.post(
        f"/exchanges/{plant.steam_used.uuid}/amount/",
        {"amount": amount, "version": version},
        headers={"hx-request": "true"},
    )
    assert reply.status_code == status
    assert f'value="{amount}"' in reply.content.decode()
    assert Exchange.objects.get(pk=plant.steam_used.pk).amount == 40


def test_the_whole_line(plant: Plant) -> None:
    client = client_of(plant.owner)
    address = f"/exchanges/{plant.steam_used.uuid}/"
    page = client.get(address).content.decode()
    assert f'value="process:{plant.boiler.uuid}" checked' in page
    whole = {"amount": "41.5", "unit": "MWh", "data_type": "estimated", "comment": "", "version": "1"}
    reply = client.post(address, {**whole, "provider": ""})
    assert reply.status_code == 302
    line = Exchange.objects.get(pk=plant.steam_used.pk)
    assert (str(line.amount), line.unit, line.provider_process) == ("41.5", "MWh", None)
    refused = client.post(address, {**whole, "unit": "kg", "comment": "keep me", "version": "2"})
    assert refused.status_code == 422
    assert "keep me" in refused.content.decode()
    assert "data-error-summary" in refused.content.decode()


def test_a_provider_is_searched_and_chosen(plant: Plant) -> None:
    client = client_of(plant.owner)
    factor = new.factor_version("0.4", "kWh")
    found = client.get(
        f"/exchanges/{plant.steam_used.uuid}/providers/?q={factor.factor.code}"
    ).content.decode()
    assert f"factor:{factor.uuid}" in found
    asked = {"amount": "7", "unit": "GJ", "q": factor.factor.code, "search": "1", "provider": ""}
    page = client.post(f"/exchanges/{plant.steam_used.uuid}/", asked)
    assert page.status_code == 200
    assert f"factor:{factor.uuid}" in page.content.decode()
    assert 'value="7"' in page.content.decode()


def test_a_loop_that_cannot_be_solved_is_refused(plant: Plant) -> None:
    """Ethylene burnt in the boiler: more steam is needed to make it than it yields."""
    client = client_of(plant.owner)
    address = f"/processes/{plant.boiler.uuid}/add-line/?what=input"
    reply = client.post(address, {"product": "ethylene", "amount": "500", "unit": "t"})
    line = Exchange.objects.get(process=plant.boiler, product=plant.ethylene)
    assert reply.status_code == 302
    reply = client.post(
        f"/exchanges/{line.uuid}/",
        {"amount": "500", "unit": "t", "version": "1", "provider": f"process:{plant.cracker.uuid}"},
    )
    assert reply.status_code == 422
    assert "boiler" in reply.content.decode()
    assert Exchange.objects.get(pk=line.pk).provider_process is None


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("output", {"product": "natural-gas", "amount": "2", "unit": "GJ"}),
        ("emission", {"gas": "CH4", "origin": "fossil", "amount": "2", "unit": "kg"}),
    ],
)
def test_a_line_is_added(plant: Plant, what: str, fields: dict[str, str]) -> None:
    client = client_of(plant.owner)
    address = f"/processes/{plant.boiler.uuid}/add-line/?what={what}"
    assert client.get(address).status_code == 200
    before = Exchange.objects.count()
    assert client.post(address, fields).status_code == 302
    assert Exchange.objects.count() == before + 1
    reply = client.post(address, {**fields, "amount": "x", "comment": "still here"})
    assert reply.status_code == 422
    assert "still here" in reply.content.decode()


def test_a_line_of_an_unknown_product(plant: Plant) -> None:
    reply = client_of(plant.owner).post(
        f"/processes/{plant.boiler.uuid}/add-line/?what=input",
        {"product": "gold", "amount": "2", "unit": "kg"},
    )
    assert reply.status_code == 422
    assert 'id="id_product_error"' in reply.content.decode()


def test_a_line_is_removed(plant: Plant) -> None:
    client = client_of(plant.owner)
    reply = client.post(f"/exchanges/{plant.steam_used.uuid}/remove/", {"version": "1"})
    assert reply.status_code == 302
    assert not Exchange.objects.filter(pk=plant.steam_used.pk).exists()


def test_shares_and_prices(plant: Plant) -> None:
    client = client_of(plant.owner)
    address = f"/processes/{plant.cracker.uuid}/"
    refused = client.post(address, {"what": "shares", "version": "1", "line_1": "0.5", "line_2": "0.4"})
    assert refused.status_code == 422
    assert 'value="0.4"' in refused.content.decode()
    saved = client.post(address, {"what": "shares", "version": "1", "line_1": "0.6", "line_2": "0.4"})
    assert saved.status_code == 302
    assert UnitProcess.objects.get(pk=plant.cracker.pk).allocation_method == "declared"
    priced = client.post(address, {"what": "prices", "price_2025_1": "8000", "price_2025_2": "7000"})
    assert priced.status_code == 302


def test_products_are_added_and_changed(plant: Plant) -> None:
    client = client_of(plant.owner)
    refused = client.post("/products/add/", {"code": "steam", "name_en": "Steam again", "unit": "GJ"})
    assert refused.status_code == 422
    assert "Steam again" in refused.content.decode()
    added = client.post("/products/add/", {"code": "new", "name_en": "New", "unit": "kg"})
    assert added.status_code == 302
    product = Product.objects.get(code="new")
    changed = client.post(
        f"/products/{product.uuid}/change/",
        {"code": "new", "name_en": "Newer", "unit": "kg", "version": "1", "conversion_unit": "m3"},
    )
    assert changed.status_code == 422
    changed = client.post(
        f"/products/{product.uuid}/change/", {"code": "new", "name_en": "Newer", "unit": "kg", "version": "1"}
    )
    assert changed.status_code == 302


def test_a_partner_sees_the_total_and_nothing_else(plant: Plant) -> None:
    south = Company.objects.get(code="south")
    owner = client_of(plant.owner)
    reply = owner.post(f"/products/{plant.ethylene.uuid}/share/", {"recipient": str(south.uuid)})
    assert reply.status_code == 302
    partner = client_of(plant.outsider)
    page = partner.get(f"/products/{plant.ethylene.uuid}/").content.decode()
    assert 'data-figure="current"' in page
    assert "boiler" not in page and "steam" not in page and "propylene" not in page
    assert partner.get(f"/products/{plant.ethylene.uuid}/evidence/").status_code == 404
    assert partner.get(f"/products/{plant.ethylene.uuid}/change/").status_code == 404
    assert "ethylene" in partner.get("/products/?from=partners").content.decode()
    owner.post(f"/products/{plant.ethylene.uuid}/share/{south.uuid}/end/")
    assert partner.get(f"/products/{plant.ethylene.uuid}/").status_code == 404


def test_inventories_and_processes_are_added(plant: Plant) -> None:
    client = client_of(plant.owner)
    address = f"/sites/{plant.inventory.site.uuid}/add-inventory/"
    refused = client.post(address, {"period_start": "2024-06-01", "period_end": "2025-05-31"})
    assert refused.status_code == 422
    assert 'value="2024-06-01"' in refused.content.decode()
    added = client.post(address, {"period_start": "2025-01-01", "period_end": "2025-12-31"})
    assert added.status_code == 302
    process = client.post(
        added["Location"] + "add-process/", {"code": "p1", "name_en": "First", "allocation_method": "none"}
    )
    assert process.status_code == 302


def test_a_failed_figure_says_why(plant: Plant) -> None:
    with acting_as(Actor.worker()):
        Exchange.objects.filter(pk=plant.fuel.pk).update(unit="t")
    ledger.drain()
    client = client_of(plant.owner)
    page = client.get(f"/products/{plant.steam.uuid}/").content.decode()
    assert 'data-figure="failed"' in page
    assert f"/exchanges/{plant.fuel.uuid}/" in page
    home = client.get("/").content.decode()
    assert "could not be computed" in home
    assert "steam" in client.get("/products/?state=failed").content.decode()


def test_the_list_is_filtered_sorted_and_exported(plant: Plant) -> None:
    client = client_of(plant.owner)
    page = client.get("/products/?search=ethyl&sort=-code").content.decode()
    assert "ethylene" in page and "natural-gas" not in page
    for query in ("state=current", "year=2024", "state=none", "state=pending", "category=none", "page=9"):
        assert client.get(f"/products/?{query}").status_code == 200, query
    exported = client.get("/products/export.csv?search=steam").content.decode().splitlines()
    assert len(exported) == 2
    assert "steam" in exported[1]


def _grow(plant: Plant, count: int) -> None:
    for _number in range(count):
        made = new.product(plant.company)
        new.output(new.process(plant.inventory), made, "1", is_reference=True)


def test_lists_take_a_fixed_number_of_queries(plant: Plant) -> None:
    client = client_of(plant.owner)
    addresses = ("/products/", f"/inventories/{plant.inventory.uuid}/", "/")
    counts: list[dict[str, int]] = []
    for rows in (60, 50):  # a list that ends on its first page is not counted: one fewer
        _grow(plant, rows)
        ledger.drain()
        counts.append({})
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            counts[-1][address] = len(captured)
    assert counts[0] == counts[1]


def test_chart_and_table_say_the_same(plant: Plant) -> None:
    page = client_of(plant.owner).get(f"/products/{plant.ethylene.uuid}/").content.decode()
    payload = unescape(page.split('class="chart-plot" data-chart="')[1].split('"')[0])
    drawn = json.loads(payload)
    assert sum(part["value"] for part in drawn["parts"]) == pytest.approx(drawn["total"])
