"""Three members, what can happen to them, and what has to be true afterwards."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date

from accounts.actor import Actor
from footprint.calculation import ledger
from footprint.calculation.columns import current
from footprint.calculation.models import ColumnVersion, Footprint
from footprint.inventory.models import Exchange, Inventory, Product, UnitProcess
from tests import builders as new
from tests import scratch


class World:
    """Three members: a utility loop in each, co-products, and a product that two of them make for all."""

    def __init__(self) -> None:
        new.gwp(CH4=("28", "27.9"), N2O=("265", "273"))
        self.grid = new.factor_version("0.58")
        self.inventories = []
        self.processes: list[UnitProcess] = []
        self.shared: Product | None = None
        for number in range(3):
            self._member(number)

    def _member(self, number: int) -> None:
        company = new.company(f"member-{number}")
        inventory = new.inventory(new.site(company))
        self.inventories.append(inventory)
        steam, power = new.product(company, "steam", "GJ"), new.product(company, "power", "kWh")
        boiler, turbine = new.process(inventory, "boiler"), new.process(inventory, "turbine")
        new.output(boiler, steam, "100")
        new.output(turbine, power, "90")
        new.emits(boiler, f"25{number}")
        new.takes(boiler, power, "7", provider_process=turbine)
        new.takes(turbine, steam, "31", provider_process=boiler)
        new.takes(turbine, None, "12", factor_version=self.grid, unit="kWh")
        step = new.process(inventory, "step", method="mass")
        made, beside = new.product(company, "made"), new.product(company, "beside")
        new.output(step, made, "80")
        new.output(step, beside, "3", "t")
        new.takes(step, steam, "11", provider_process=boiler)
        new.emits(step, "3", "CH4")
        if self.shared is None:
            self.shared = made
        else:
            new.takes(step, new.product(company, "bought"), "15", "kg", provider_product=self.shared)
        self.processes += [boiler, turbine, step]

    def second_maker(self) -> None:
        """Another process of the first member makes the shared product, too."""
        assert self.shared is not None
        maker = new.process(self.inventories[0], "second")
        new.output(maker, self.shared, "7")
        new.emits(maker, "900")
        self.processes.append(maker)


def expect_scratch() -> None:
    """Stored figures, and what columns are made of, are those of a computation that remembers nothing."""
    stored = {
        (row.process_id, row.product_id): scratch.Figure(
            row.input_digest, row.kg_co2e_ar5, row.kg_co2e_ar6, row.error, row.year, row.production,
            row.breakdown.by_gas, [list(part.values()) for part in row.breakdown.contributions],
        )
        for row in Footprint.objects.select_related("breakdown")
    }  # fmt: skip
    assert stored == scratch.figures()
    versions = {
        (row.process_id, row.product_id): (row.digest, row.content, row.fault)
        for row in current(Actor.worker())
    }
    assert versions == {
        column: (state.digest, json.loads(state.text), state.fault)
        for column, state in scratch.states().items()
    }
    assert not ledger.pending()


def versions() -> int:
    return ColumnVersion.objects.count()


# -- one edit after the other ------------------------------------------------------------------------------
def _amount(world: World, chance: random.Random) -> None:
    line = chance.choice(list(Exchange.objects.order_by("pk")))
    Exchange.objects.filter(pk=line.pk).update(amount=line.amount * chance.randint(1, 9) / 5)


def _break_or_mend(world: World, chance: random.Random) -> None:
    """A unit that does not fit, on an input or an output; another time it is put right."""
    line = chance.choice(list(Exchange.objects.filter(product__isnull=False).order_by("pk")))
    assert line.product is not None
    fits = line.unit != "m3"
    Exchange.objects.filter(pk=line.pk).update(unit="m3" if fits else line.product.unit)


def _new_gas(world: World, chance: random.Random) -> None:
    process = chance.choice(list(UnitProcess.objects.order_by("pk")))
    new.emits(process, str(chance.randint(1, 9)), chance.choice(["N2O", "CH4", "CO2"]))


def _remove_line(world: World, chance: random.Random) -> None:
    chance.choice(list(Exchange.objects.order_by("pk"))).delete()


def _remove_process(world: World, chance: random.Random) -> None:
    if UnitProcess.objects.count() > 6:
        chance.choice(list(UnitProcess.objects.order_by("pk"))).delete()


def _output_again(world: World, chance: random.Random) -> None:
    process = chance.choice(list(UnitProcess.objects.order_by("pk")))
    product = chance.choice(list(Product.objects.filter(company=process.company).order_by("pk")))
    new.output(process, product, str(chance.randint(1, 50)))


def _tight_loop(world: World, chance: random.Random) -> None:
    """Power for power: sometimes the loop cannot be solved."""
    line = chance.choice(
        list(Exchange.objects.filter(provider_process__isnull=False).order_by("pk")) or [None]
    )
    if line is not None:
        Exchange.objects.filter(pk=line.pk).update(amount=chance.choice(["1", "8", "500"]))


def _other_year(world: World, chance: random.Random) -> None:
    chosen = chance.choice(world.inventories)
    year = chance.choice([2024, 2025])
    Inventory.objects.filter(pk=chosen.pk).update(
        period_start=date(year, 1, 1), period_end=date(year, 12, 31)
    )


def _other_method(world: World, chance: random.Random) -> None:
    process = chance.choice(list(UnitProcess.objects.order_by("pk")))
    UnitProcess.objects.filter(pk=process.pk).update(
        allocation_method=chance.choice(["mass", "full", "energy"])
    )


def _makers(world: World, chance: random.Random) -> None:
    if not UnitProcess.objects.filter(code="second").exists():
        world.second_maker()


EDITS: tuple[Callable[[World, random.Random], None], ...] = (
    _amount, _amount, _amount, _break_or_mend, _new_gas, _remove_line, _remove_process, _output_again,
    _tight_loop, _other_year, _other_method, _makers,
)  # fmt: skip
