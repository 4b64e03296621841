"""A refinery site with a loop of steam and power, two crackers at two sites, and naphtha from a partner."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.models import Company, Site, User
from accounts.roles import Role
from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange, Inventory, Product, UnitProcess
from tests import builders as new
from tests.footprint.analysis.chain import chain

__all__ = ["chain", "plant"]


@dataclass
class Plant:
    """What the tests of analyses ask about; everything computed."""

    company: Company
    site: Site
    inventory: Inventory
    boiler: UnitProcess
    turbine: UnitProcess
    cracker: UnitProcess
    far_cracker: UnitProcess
    steam: Product
    power: Product
    ethylene: Product
    propylene: Product
    feed: Exchange
    gas_burnt: Exchange
    partner: Company
    naphtha: Product
    owner: User
    operator: User
    buyer: User
    stranger: User

    @property
    def actor(self) -> Actor:
        """The owner, as queries see them."""
        return new.actor(self.company)


@pytest.fixture
def plant(db: None) -> Plant:
    """A buyer has ethylene opened to them; the partner opened naphtha; a stranger has nothing."""
    new.gwp(CH4=("28", "27"))
    partner, company, buyer = new.company("partner"), new.company("own"), new.company("buyer")
    naphtha = new.product(partner, "naphtha-out", "t")
    refinery = new.process(new.inventory(new.site(partner)), "refinery")
    new.output(refinery, naphtha, "1000")
    new.emits(refinery, "400", unit="t")
    new.grant(naphtha, company)
    site = new.site(company, "jinshan")
    inventory = new.inventory(site)
    steam, power = new.product(company, "steam", "GJ"), new.product(company, "power", "kWh")
    gas = new.product(company, "burnt-gas", "MJ")
    ethylene, propylene = new.product(company, "ethylene", "t"), new.product(company, "propylene", "t")
    boiler, turbine = new.process(inventory, "boiler"), new.process(inventory, "turbine")
    cracker = new.process(inventory, "cracker", method="mass")
    new.output(boiler, steam, "900", is_reference=True)
    new.emits(boiler, "3", "CH4")
    new.takes(boiler, power, "700", provider_process=turbine)
    combustion = new.factor_version("0.0561", unit="MJ", boundary="combustion")
    gas_burnt = new.takes(boiler, gas, "1000", "GJ", factor_version=combustion)
    new.output(turbine, power, "100000", is_reference=True)
    new.takes(turbine, steam, "450", provider_process=boiler)
    new.takes(turbine, None, "20000", "kWh", factor_version=new.factor_version("0.5703"))
    new.output(cracker, ethylene, "70", is_reference=True)
    new.output(cracker, propylene, "30")
    feed = new.takes(cracker, new.product(company, "naphtha", "t"), "140", provider_product=naphtha)
    new.takes(cracker, steam, "333.3", provider_process=boiler)
    new.emits(cracker, "12", unit="t")
    far = new.process(new.inventory(new.site(company, "far")), "far-cracker")
    new.output(far, ethylene, "30", is_reference=True)
    new.emits(far, "60", unit="t")
    new.grant(ethylene, buyer)
    drain()
    people = {
        "owner": new.person(company, Role.OWNER),
        "operator": new.person(company, Role.PLANT_PROVIDER, sites=(site,)),
        "buyer": new.person(buyer, Role.OWNER),
        "stranger": new.person(new.company("stranger"), Role.OWNER),
    }
    return Plant(
        company, site, inventory, boiler, turbine, cracker, far, steam, power, ethylene, propylene, feed,
        gas_burnt, partner, naphtha, **people,
    )  # fmt: skip


def signed_in(user: User) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    return client
