"""A site with a loop of steam and power that cracks naphtha of a partner, with another partner's on offer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from accounts.actor import Actor
from accounts.models import Company
from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange, Inventory, Product, UnitProcess
from tests import builders as new


@dataclass
class Plant:
    """Everything computed. ``greener`` is naphtha that is open and that nobody takes yet."""

    company: Company
    owner: Actor
    inventory: Inventory
    boiler: UnitProcess
    turbine: UnitProcess
    cracker: UnitProcess
    steam: Product
    ethylene: Product
    partner: Company
    naphtha: Product
    greener: Product
    refinery: UnitProcess
    burnt: Exchange
    made: Exchange
    feed: Exchange
    catalyst: Exchange
    power: Exchange
    grid: Exchange
    steam_to_turbine: Exchange
    flue: Exchange
    methane: Exchange


@pytest.fixture
def plant(db: None) -> Plant:
    new.gwp(CH4=("28", "27.9"), N2O=("265", "273"))
    partner, company = new.company("partner"), new.company("own")
    naphtha, greener = new.product(partner, "naphtha-out", "t"), new.product(partner, "bio-naphtha", "t")
    refinery = new.process(new.inventory(new.site(partner)), "refinery")
    new.output(refinery, naphtha, "300")
    burnt = new.emits(refinery, "90000")
    for amount, kg in (("30", "1200"), ("10", "900.5")):
        other = new.process(new.inventory(new.site(partner)))
        new.output(other, greener, amount)
        new.emits(other, kg)
    catalyst = new.product(partner, "catalyst-out", "kg")
    maker = new.process(new.inventory(new.site(partner)))
    new.output(maker, catalyst, "50")
    new.emits(maker, "700")
    for opened in (naphtha, greener, catalyst):
        new.grant(opened, company)
    inventory = new.inventory(new.site(company, "jinshan"))
    steam, power = new.product(company, "steam", "GJ"), new.product(company, "power", "kWh")
    ethylene, propylene = new.product(company, "ethylene", "t"), new.product(company, "propylene", "t")
    boiler, turbine = new.process(inventory, "boiler"), new.process(inventory, "turbine")
    cracker = new.process(inventory, "cracker", method="mass")
    new.output(boiler, steam, "900")
    flue, methane = new.emits(boiler, "50400.5"), new.emits(boiler, "3", "CH4")
    new.takes(boiler, power, "700", provider_process=turbine)
    new.output(turbine, power, "100000")
    steam_to_turbine = new.takes(turbine, steam, "450", provider_process=boiler)
    version = new.factor_version("0.5703", uncertainty_gsd2=Decimal("1.5"))
    grid = new.takes(turbine, None, "20000", "kWh", factor_version=version)
    made = new.output(cracker, ethylene, "70")
    new.output(cracker, propylene, "30")
    feed = new.takes(cracker, new.product(company, "naphtha", "t"), "140", provider_product=naphtha)
    seeds = new.takes(cracker, new.product(company, "catalyst"), "3.5", provider_product=catalyst)
    new.takes(cracker, steam, "333.3", provider_process=boiler)
    bought = new.takes(cracker, power, "1234", factor_version=version)
    drain()
    return Plant(
        company, new.actor(company), inventory, boiler, turbine, cracker, steam, ethylene, partner, naphtha,
        greener, refinery, burnt, made, feed, seeds, bought, grid, steam_to_turbine, flue, methane,
    )  # fmt: skip
