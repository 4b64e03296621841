"""Flows and balances of a site: diagrams close where the lines do, and a slip is found at its line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from footprint.analysis.pages.balance_rows import balance_rows
from footprint.analysis.site_balance import LIMITS, BasisBalance, balance_of
from footprint.analysis.site_flows import of_emissions, physical
from footprint.analysis.streams import SiteStreams, streams_of
from footprint.analysis.upstream import behind_inventory
from footprint.calculation.ledger import drain
from footprint.engine.closure import Verdict
from footprint.engine.sankey import Closing, balances
from footprint.engine.suspicion import Slip
from footprint.inventory.models import Exchange, Inventory, Product, UnitProcess
from tests import builders as new
from tests.footprint.analysis.conftest import Plant, signed_in


@dataclass
class Site:
    """A cracker that closes: naphtha in, olefin and fuel gas out; a heater burns the gas."""

    plant: Plant
    inventory: Inventory
    cracker: UnitProcess
    boiler: UnitProcess
    ethylene: Exchange
    flue: Exchange

    @property
    def streams(self) -> SiteStreams:
        return streams_of(self.plant.actor, self.inventory)

    def of(self, process: UnitProcess, basis: str) -> BasisBalance:
        rows = balance_of(self.streams).processes
        bases = next(row.bases for row in rows if row.process == process)
        return next(each for each in bases if each.basis == basis)


@pytest.fixture
def site(plant: Plant) -> Site:
    """Naphtha 85.6 % carbon and 44 MJ/kg in all three bases."""
    company = plant.company
    oil = {"carbon_fraction": Decimal("0.856"), "lhv_mj_per_unit": Decimal(44_000)}
    feed = new.product(company, "light-naphtha", "t", **oil)
    made = new.product(company, "olefin", "t", **oil)
    fuel = new.product(company, "fuel-gas", "t", **oil)
    heat = new.product(company, "heat", "GJ")
    inventory = new.inventory(new.site(company, "closed"))
    cracker = new.process(inventory, "olefins", method="mass")
    boiler = new.process(inventory, "heater", energy_loss_mj=Decimal(440_000), mass_loss_kg=Decimal(10_000))
    new.takes(cracker, feed, "110", provider_product=None)
    ethylene = new.output(cracker, made, "100", is_reference=True)
    new.output(cracker, fuel, "10")
    new.takes(boiler, fuel, "10", provider_process=cracker)
    new.output(boiler, heat, "0", is_reference=True)
    flue = new.emits(boiler, str(Decimal("8.56") * 44 / 12), unit="t")
    return Site(plant, inventory, cracker, boiler, ethylene, flue)


@pytest.mark.parametrize("basis", ["mass", "energy", "carbon"])
def test_what_closes_is_drawn_closed(site: Site, basis: str) -> None:
    found = physical(site.streams)
    state = balances(found.flows, 1e-6).state[:, found.flows.column(basis)]
    drawn = {place.process.code: int(state[at]) for at, place in enumerate(found.places) if place.process}
    assert drawn == {"olefins": Closing.CLOSES, "heater": Closing.CLOSES}
    assert site.of(site.cracker, basis).verdict is Verdict.CLOSED
    assert site.of(site.boiler, basis).verdict is Verdict.CLOSED


def test_what_nobody_takes_is_delivered(site: Site) -> None:
    found = physical(site.streams)
    mass = found.flows.column("mass")
    delivered = {
        place.product.code: found.flows.amount[found.flows.target == at, mass].sum()
        for at, place in enumerate(found.places)
        if place.role == "delivery" and place.product
    }
    assert delivered["olefin"] == 100_000
    assert delivered["fuel-gas"] == 0.0


def test_a_slip_is_named_with_its_line(site: Site) -> None:
    Exchange.objects.filter(pk=site.ethylene.pk).update(unit="kg")
    found = site.of(site.cracker, "mass")
    assert found.verdict is Verdict.RED and found.gap == pytest.approx((110_000 - 10_100) / 110_000)
    assert found.finding is not None and found.finding.suspect.slip is Slip.THOUSAND_TOO_LITTLE
    assert found.finding.stream.line == site.ethylene
    page = signed_in(site.plant.owner).get(reverse("analysis:flows", args=[site.inventory.uuid]))
    text = page.content.decode()
    assert reverse("inventory:exchange", args=[site.ethylene.uuid]) in text
    assert "chip-bad" in text


def test_carbon_entered_as_carbon_dioxide_is_found(site: Site) -> None:
    Exchange.objects.filter(pk=site.flue.pk).update(amount=Decimal("8.56"))
    found = site.of(site.boiler, "carbon")
    assert found.finding is not None
    named = [found.finding.stream, *found.finding.others]
    assert site.flue in [stream.line for stream in named]
    assert found.finding.suspect.slip in (Slip.CARBON_AS_CO2, Slip.CO2_AS_CARBON)
    assert found.finding.suspect.remaining == pytest.approx(0.0, abs=1e-9)


def test_what_is_not_known_is_listed_not_guessed(site: Site) -> None:
    water = new.product(site.plant.company, "water", "m3")
    line = new.takes(site.cracker, water, "1000")
    found = site.of(site.cracker, "mass")
    assert not found.is_assessed and [stream.line for stream in found.missing] == [line]
    flows = physical(site.streams)
    at = next(k for k, place in enumerate(flows.places) if place.process == site.cracker)
    assert balances(flows.flows, 0.01).state[at, 0] == Closing.UNKNOWN
    Product.objects.filter(pk=water.pk).update(conversions={"kg": "1000"}, carbon_fraction=0)
    assert site.of(site.cracker, "mass").is_assessed
    assert site.of(site.cracker, "energy").is_assessed


def test_something_out_of_nothing_is_not_assessed(site: Site) -> None:
    well = new.process(site.inventory, "well")
    new.output(well, new.product(site.plant.company, "raw", "t"), "5", is_reference=True)
    found = site.of(well, "mass")
    assert (found.verdict, found.finding) == (Verdict.NOT_ASSESSABLE, None)


def test_a_stock_that_grew_counts(site: Site) -> None:
    UnitProcess.objects.filter(pk=site.cracker.pk).update(stock_change_kg=Decimal(5500))
    found = site.of(site.cracker, "mass")
    assert found.gap == pytest.approx(-0.05)
    assert not site.of(site.cracker, "carbon").is_assessed


def test_the_site_nets_what_its_processes_pass_on(site: Site) -> None:
    whole = balance_of(site.streams).site.bases[0]
    assert (whole.inflow, whole.outflow) == (110_000, 110_000)
    table = balance_rows(balance_of(site.streams, LIMITS), show_all=False)
    assert (table.open_count, len(table.rows), table.hidden) == (0, 2, 0)


def test_co2e_closes_at_every_process(plant: Plant) -> None:
    upstream = behind_inventory(plant.actor, plant.inventory, "AR6")
    assert upstream is not None
    found = of_emissions(upstream, plant.inventory.pk)
    state = balances(found.flows, 1e-9).state[:, 0]
    codes = {place.process.code for place in found.places if place.process}
    assert codes == {"boiler", "turbine", "cracker"}
    assert not (state == Closing.OPEN).any()
    assert (state == Closing.CLOSES).sum() == 3
    drawn = found.drawn("co2e", 0.05)
    assert (drawn.drawing.amount > 0).all()


def test_small_processes_are_one_and_still_close(site: Site) -> None:
    thing = new.product(site.plant.company, "thing", "t")
    for number in range(14):
        small = new.process(site.inventory, f"small-{number}")
        new.takes(small, thing, "2")
        new.output(small, new.product(site.plant.company, f"made-{number}", "t"), "2", is_reference=True)
    found = physical(site.streams)
    drawn = found.drawn("mass", 0.01)
    assert [place.count for place in drawn.places if place.role == "processes"] == [7]
    state = balances(drawn.flows, 1e-9).state[:, 0]
    assert not (state == Closing.OPEN).any()
    only = found.drawn("mass", 0.0, site.boiler.pk)
    assert np.count_nonzero(only.flows.kind == 0) == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("basis", ["mass", "energy", "carbon", "co2e"])
def test_the_page_in_both_languages(plant: Plant, language: str, basis: str) -> None:
    client = signed_in(plant.owner)
    client.cookies["django_language"] = language
    place = reverse("analysis:flows", args=[plant.inventory.uuid])
    page = client.get(f"{place}?basis={basis}&process={plant.boiler.uuid}&cut=0.05")
    text = page.content.decode()
    assert page.status_code == 200
    assert f'id="flows-{basis}"' in text and 'id="balance"' in text
    assert ('<html lang="zh-Hans"' in text) is (language == "zh-hans")
    odd = client.get(f"{place}?basis=gold&gwp=AR9&cut=x&process=none")
    assert odd.status_code == 200


def test_one_basis_is_drawn_and_the_others_are_fetched(plant: Plant) -> None:
    client = signed_in(plant.owner)
    place = reverse("analysis:flows", args=[plant.inventory.uuid])
    text = client.get(f"{place}?basis=energy").content.decode()
    assert text.count('id="flows-') == text.count('id="flows-energy') > 0
    assert text.count("hx-get=") >= 3
    fetched = client.get(f"{place}?basis=co2e", headers={"HX-Request": "true"}).content.decode()
    assert fetched.lstrip().startswith('<div class="chart-choice"')
    assert 'id="flows-co2e"' in fetched and 'id="balance"' not in fetched
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert 'id="balance"' in client.get(f"{place}?basis=co2e", headers=back).content.decode()
    outsider = signed_in(plant.stranger)
    assert outsider.get(f"{place}?basis=co2e", headers={"HX-Request": "true"}).status_code == 404


def test_only_the_owner_and_its_plants_see_it(plant: Plant) -> None:
    place = reverse("analysis:flows", args=[plant.inventory.uuid])
    assert signed_in(plant.operator).get(place).status_code == 200
    assert signed_in(plant.buyer).get(place).status_code == 404
    assert signed_in(plant.stranger).get(place).status_code == 404
    page = signed_in(plant.owner).get(reverse("inventory:inventory", args=[plant.inventory.uuid]))
    assert place in page.content.decode()


def test_an_empty_inventory_says_what_to_do(plant: Plant) -> None:
    empty = new.inventory(plant.site, 2020)
    text = signed_in(plant.owner).get(reverse("analysis:flows", args=[empty.uuid])).content.decode()
    assert "empty-state" in text


def test_as_many_queries_however_many_lines(plant: Plant) -> None:
    client = signed_in(plant.owner)
    place = reverse("analysis:flows", args=[plant.inventory.uuid])
    client.get(place)
    with CaptureQueriesContext(connection) as few:
        client.get(place)
    for number in range(6):
        more = new.process(plant.inventory, f"more-{number}")
        new.output(more, new.product(plant.company, f"made-{number}", "t"), "10", is_reference=True)
        new.takes(more, None, "20", "kWh", factor_version=new.factor_version("0.3"))
        new.takes(more, plant.steam, "2", provider_process=plant.boiler)
    drain()
    with CaptureQueriesContext(connection) as many:
        client.get(place)
    assert len(many) == len(few)


def test_what_does_not_close_is_told_with_chinese_signs(site: Site) -> None:
    Exchange.objects.filter(pk=site.ethylene.pk).update(amount=site.ethylene.amount * 1000)
    client = signed_in(site.plant.owner)
    client.cookies["django_language"] = "zh-hans"
    page = client.get(reverse("analysis:flows", args=[site.inventory.uuid])).content.decode()
    assert "</a>，" in page and "质量：<a" in page
