"""A small chain of two members, with everything an assessment rests on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from accounts.models import Company
from footprint.calculation import ledger
from footprint.calculation.models import Footprint
from footprint.inventory.models import Exchange, OutputPrice, Product, UnitProcess
from tests import builders as new


@dataclass(frozen=True)
class Chain:
    """A refinery makes naphtha and coke of power; a cracker of another member makes ethylene of naphtha."""

    refiner: Company
    cracker_of: Company
    refinery: UnitProcess
    cracker: UnitProcess
    naphtha: Product
    coke: Product
    ethylene: Product
    power: Exchange
    stack: Exchange
    furnace: Exchange
    feed: Exchange

    def footprint(self, product: Product) -> Footprint:
        """The figure as it is now."""
        return Footprint.objects.get(product=product)


@pytest.fixture
def chain() -> Chain:
    """Settled: figures, then assessments. Naphtha and coke share 100 kg CO2 and 40 kg of power by mass."""
    new.gwp(CH4=("28", "27.9"))
    refiner, cracker_of = new.company("refiner"), new.company("cracker")
    refinery = new.process(new.inventory(new.site(refiner)), method="mass")
    naphtha = new.product(refiner, "naphtha", lhv_mj_per_unit=Decimal(44))
    coke = new.product(refiner, "coke", lhv_mj_per_unit=Decimal(30))
    made = [new.output(refinery, naphtha, "60"), new.output(refinery, coke, "40")]
    for line, price in zip(made, ("2", "1"), strict=True):
        OutputPrice.objects.create(company=refiner, exchange=line, year=2025, price=Decimal(price))
    stack = new.emits(refinery, "100")
    factor = new.factor_version("0.5", geography="CN", uncertainty_gsd2=Decimal("1.2"))
    power = new.takes(refinery, None, "80", "kWh", factor_version=factor, data_type="estimated")
    cracker = new.process(new.inventory(new.site(cracker_of)))
    ethylene = new.product(cracker_of, "ethylene")
    new.output(cracker, ethylene, "10")
    furnace = new.emits(cracker, "10")
    new.grant(naphtha, cracker_of)
    feed = new.takes(cracker, new.product(cracker_of, "feed"), "20", provider_product=naphtha)
    ledger.drain()
    return Chain(
        refiner, cracker_of, refinery, cracker, naphtha, coke, ethylene, power, stack, furnace, feed
    )  # fmt: skip
