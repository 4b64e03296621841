"""From rows to figures through the ledger, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts.errors import Refusal
from accounts.visibility import acting_as
from footprint.calculation import ledger
from footprint.calculation.models import CalculationRun, Footprint, RecomputeFailure, RecomputeMark
from footprint.calculation.queries import (
    Freshness,
    contributions,
    freshness,
    product_figures,
    refuse_unsolvable,
)
from footprint.inventory.models import AllocationShare, Exchange, OutputPrice, UnitProcess
from tests import builders as new
from tests.faults import mutants

pytestmark = pytest.mark.django_db(transaction=True)


def figure(process: UnitProcess, product: Any) -> Footprint:
    return Footprint.objects.get(process=process, product=product)


def test_direct_emissions_and_a_factor() -> None:
    new.gwp(CH4=("28", "27.9"))
    steam = new.product(new.company(), "steam", "GJ")
    boiler = new.process(new.inventory(new.site(steam.company)))
    new.output(boiler, steam, "100")
    new.emits(boiler, "5600")
    new.emits(boiler, "1", "CH4")
    new.takes(boiler, None, "50", "kWh", factor_version=new.factor_version("0.5"))

    assert ledger.drain().settled == 1

    found = figure(boiler, steam)
    assert found.kg_co2e_ar5 == pytest.approx((5600 + 28 + 25) / 100, rel=1e-12)
    assert found.kg_co2e_ar6 == pytest.approx((5600 + 27.9 + 25) / 100, rel=1e-12)
    assert found.production == 100
    parts = found.breakdown.contributions
    assert sum(part["ar6"] for part in parts) == pytest.approx(found.kg_co2e_ar6, rel=1e-12)
    assert not RecomputeMark.objects.exists()
    assert CalculationRun.objects.get().residual < 1e-9


def test_a_loop_within_a_site() -> None:
    """Steam needs power and power needs steam: s = 10 + 0.1 p, p = 2 + 0.5 s."""
    new.gwp()
    company = new.company()
    inventory = new.inventory(new.site(company))
    steam, power = new.product(company, "steam", "GJ"), new.product(company, "power", "kWh")
    boiler, turbine = new.process(inventory, "boiler"), new.process(inventory, "turbine")
    new.output(boiler, steam)
    new.output(turbine, power)
    new.emits(boiler, "10")
    new.emits(turbine, "2")
    new.takes(boiler, power, "0.1", provider_process=turbine)
    new.takes(turbine, steam, "0.5", provider_process=boiler)
    ledger.drain()
    assert figure(boiler, steam).kg_co2e_ar6 == pytest.approx((10 + 0.1 * 2) / (1 - 0.05), rel=1e-12)


def test_a_change_moves_exactly_what_depends_on_it() -> None:
    new.gwp()
    seller, buyer, other = new.company(), new.company(), new.company()
    crude, naphtha, water = new.product(seller), new.product(buyer), new.product(other)
    well = new.process(new.inventory(new.site(seller)))
    refinery = new.process(new.inventory(new.site(buyer)))
    pump = new.process(new.inventory(new.site(other)))
    for made, by in ((crude, well), (naphtha, refinery), (water, pump)):
        new.output(by, made, "1000")
    emission = new.emits(well, "100")
    new.emits(pump, "7")
    new.grant(crude, buyer)
    new.takes(refinery, new.product(buyer, "crude bought"), "1", "t", provider_product=crude)
    ledger.drain()
    before = dict(Footprint.objects.values_list("product_id", "computed_at"))
    assert figure(refinery, naphtha).kg_co2e_ar6 == pytest.approx(0.1)

    Exchange.objects.filter(pk=emission.pk).update(amount=Decimal("200"))
    ledger.drain()

    assert figure(refinery, naphtha).kg_co2e_ar6 == pytest.approx(0.2)
    after = dict(Footprint.objects.values_list("product_id", "computed_at"))
    assert {pk for pk in before if before[pk] != after[pk]} == {crude.pk, naphtha.pk}


def test_a_figure_has_the_same_bits_whatever_is_computed_with_it() -> None:
    """Suppliers inside a batch and at its border are added in one order: nothing moves without a reason."""
    new.gwp(CH4=("28", "27.9"))
    company = new.company()
    inventory = new.inventory(new.site(company))
    mixer = new.process(inventory)
    grid = new.factor_version("0.3")
    emissions = []
    for number in range(1, 9):
        maker, made = new.process(inventory), new.product(company)
        new.output(maker, made, "3")
        emissions.append(new.emits(maker, f"0.{number}7"))
        new.emits(maker, f"0.00{number}", "CH4")
        new.takes(mixer, made, f"0.{number}", provider_process=maker)
        new.takes(mixer, None, f"1.{number}", "kWh", factor_version=grid)
    new.output(mixer, new.product(company), "7")
    ledger.drain()
    for emission in emissions:
        Exchange.objects.filter(pk=emission.pk).update(amount=emission.amount * 3)
        ledger.drain()
    after_each = dict(Footprint.objects.values_list("pk", "input_digest"))
    UnitProcess.objects.update(technology="the same")
    ledger.drain()
    assert dict(Footprint.objects.values_list("pk", "input_digest")) == after_each


@pytest.mark.parametrize(
    ("method", "expected"),
    [("mass", (0.75, 0.25)), ("economic", (0.3, 0.7)), ("declared", (0.6, 0.4)), ("full", (1, 1))],
)
def test_co_products(method: str, expected: tuple[float, float]) -> None:
    new.gwp()
    company = new.company()
    first, second = new.product(company), new.product(company)
    splitter = new.process(new.inventory(new.site(company)), method=method)
    lines = new.output(splitter, first, "3", "t"), new.output(splitter, second, "1000")
    new.emits(splitter, "4000")
    for line, price in zip(lines, ("100", "0.7"), strict=True):
        OutputPrice.objects.create(company=company, exchange=line, year=2025, price=Decimal(price))
    for product, share in ((first, "0.6"), (second, "0.4")):
        AllocationShare.objects.create(
            company=company, process=splitter, product=product, share=Decimal(share)
        )
    ledger.drain()
    found = [figure(splitter, product).kg_co2e_ar6 for product in (first, second)]
    assert found == pytest.approx([4000 * expected[0] / 3000, 4000 * expected[1] / 1000], rel=1e-12)


def test_an_unproductive_loop_fails_alone() -> None:
    new.gwp()
    company = new.company()
    inventory = new.inventory(new.site(company))
    bad, worse, good = (new.product(company) for _ in range(3))
    first, second, third = (new.process(inventory) for _ in range(3))
    for by, made in ((first, bad), (second, worse), (third, good)):
        new.output(by, made)
        new.emits(by, "1")
    new.takes(first, worse, "2", provider_process=second)
    new.takes(second, bad, "2", provider_process=first)
    ledger.drain()
    assert figure(first, bad).error["code"] == "loop"
    assert sorted(figure(first, bad).error["processes"]) == sorted([first.pk, second.pk])
    assert figure(third, good).kg_co2e_ar6 == 1
    assert not RecomputeMark.objects.exists()


def test_a_wrong_unit_fails_its_process_and_its_consumers() -> None:
    new.gwp()
    company = new.company()
    inventory = new.inventory(new.site(company))
    made, used = new.product(company), new.product(company)
    first, second = new.process(inventory), new.process(inventory)
    new.output(first, made)
    line = new.takes(first, None, "5", "t", factor_version=new.factor_version("0.5", "kWh"))
    new.output(second, used)
    new.takes(second, made, "1", provider_process=first)
    ledger.drain()
    assert figure(first, made).error == {
        "code": "dimension_mismatch",
        "unit": "t",
        "target": "kWh",
        "exchange": line.pk,
    }
    assert figure(second, used).error["code"] == "supplier_failed"
    assert figure(second, used).kg_co2e_ar6 is None


def test_a_key_that_breaks_is_quarantined_and_blocks_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    new.gwp()
    company = new.company()
    inventory = new.inventory(new.site(company))
    processes = [new.process(inventory) for _ in range(4)]
    for process in processes:
        new.output(process, new.product(company))
    settle = ledger._settlers[ledger.PROCESS]
    poison = processes[2].pk

    def breaking(keys: list[int], gen: int) -> None:
        if poison in keys:
            raise ZeroDivisionError("poison")
        settle(keys, gen)

    monkeypatch.setitem(ledger._settlers, ledger.PROCESS, breaking)
    for _ in range(6):
        ledger.drain()
        RecomputeFailure.objects.update(not_before="2020-01-01T00:00Z")
    failure = RecomputeFailure.objects.get()
    assert (failure.key, failure.is_quarantined) == (poison, True)
    assert Footprint.objects.count() == 3

    monkeypatch.setitem(ledger._settlers, ledger.PROCESS, settle)
    assert ledger.drain().settled == 0
    UnitProcess.objects.filter(pk=poison).update(technology="changed")
    ledger.drain()
    assert Footprint.objects.count() == 4
    assert not RecomputeFailure.objects.exists()


def drains_at_work(kind: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many settle keys of the kind at once, when another drains while one is at it."""
    entered = []

    def drain_aside() -> None:
        try:
            ledger.drain()
        finally:
            connection.close()

    def settle(keys: list[int], gen: int) -> None:
        entered.append(keys)
        if len(entered) == 1:
            other = Thread(target=drain_aside)
            other.start()
            other.join()

    monkeypatch.setitem(ledger._settlers if kind in ledger._settlers else ledger._waiting, kind, settle)
    RecomputeMark.objects.create(kind=kind, key=1)
    ledger.drain()
    assert not RecomputeMark.objects.exists()
    return len(entered)


KINDS = [ledger.PROCESS, "assessment"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_drains_settle_at_once(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert drains_at_work(kind, monkeypatch) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("claimed", [mutants.unclaimed, mutants.claimed_under_a_wrong_key])
def test_without_the_lock_two_would(
    kind: str, claimed: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the test above sees a lock that is missing, and one under a wrong key."""
    monkeypatch.setattr(ledger, "_claimed", claimed)
    assert drains_at_work(kind, monkeypatch) == 2


def test_a_removed_output_loses_its_figure_and_reaches_its_buyers() -> None:
    new.gwp()
    seller, buyer = new.company(), new.company()
    sold, made = new.product(seller), new.product(buyer)
    first = new.process(new.inventory(new.site(seller)))
    second = new.process(new.inventory(new.site(buyer)))
    line = new.output(first, sold)
    new.emits(first, "1")
    new.output(second, made)
    new.grant(sold, buyer)
    new.takes(second, sold_to(buyer), "1", "kg", provider_product=sold)
    ledger.drain()
    # as the seller's own person: row-level security must not hide the buyer from the trigger
    with acting_as(new.actor(seller)):
        line.delete()
    assert set(RecomputeMark.objects.values_list("key", flat=True)) == {first.pk, second.pk}
    ledger.drain()
    assert not Footprint.objects.filter(process=first).exists()
    assert figure(second, made).error["code"] == "not_reported"


def sold_to(buyer: Any) -> Any:
    return new.product(buyer, "bought")


def test_an_unsolvable_loop_is_refused_before_it_is_stored() -> None:
    new.gwp()
    company, seller = new.company(), new.company()
    inventory = new.inventory(new.site(company))
    steam, power, gas = new.product(company, "steam"), new.product(company, "power"), new.product(seller)
    well = new.process(new.inventory(new.site(seller)))
    new.output(well, gas)
    new.grant(gas, company)
    boiler, turbine = new.process(inventory, "boiler"), new.process(inventory, "turbine")
    new.output(boiler, steam)
    new.output(turbine, power)
    new.takes(boiler, power, "2", provider_process=turbine)
    new.takes(boiler, new.product(company, "gas"), "1", "kg", provider_product=gas)
    new.takes(turbine, steam, "2", provider_process=boiler)
    asking = new.actor(company)
    with acting_as(asking), pytest.raises(Refusal, match="boiler, turbine"):
        refuse_unsolvable(asking, [boiler.pk])


def test_a_partner_sees_the_total_and_nothing_behind_it() -> None:
    new.gwp()
    seller, buyer, stranger = new.company(), new.company(), new.company()
    sold = new.product(seller)
    well = new.process(new.inventory(new.site(seller)))
    new.output(well, sold)
    emission = new.emits(well, "3")
    new.grant(sold, buyer)
    ledger.drain()
    for who, seen, parts in ((seller, 1, 1), (buyer, 1, 0), (stranger, 0, 0)):
        asking = new.actor(who)
        with acting_as(asking):
            found = product_figures(asking, [sold.pk]).get(sold.pk, [])
            assert len(found) == seen
            if found:
                assert found[0].ar6 == 3
                assert len(contributions(asking, found[0].footprints[0])) == parts
    Exchange.objects.filter(pk=emission.pk).update(amount=Decimal("4"))
    asking = new.actor(buyer)
    with acting_as(asking):
        assert product_figures(asking, [sold.pk])[sold.pk][0].freshness == "pending"


def test_a_figure_settled_after_it_was_read_is_not_called_current() -> None:
    """Nothing marks it any more, but what was read is what it said before the change."""
    new.gwp()
    steam = new.product(new.company(), "steam", "GJ")
    boiler = new.process(new.inventory(new.site(steam.company)))
    new.output(boiler, steam)
    emission = new.emits(boiler, "2")
    ledger.drain()
    asking = new.actor(steam.company)
    Exchange.objects.filter(pk=emission.pk).update(amount=Decimal("3"))
    read = figure(boiler, steam)
    ledger.drain()
    with acting_as(asking):
        assert freshness(asking, [read]) == {read.pk: Freshness.PENDING}
        again = figure(boiler, steam)
        assert again.kg_co2e_ar6 == read.kg_co2e_ar6 * 1.5
        assert freshness(asking, [again]) == {read.pk: Freshness.CURRENT}


def test_nothing_waited_when_figures_are_read(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Then they are current, and nothing more is asked; of a change that waits each is asked about."""
    new.gwp()
    steam = new.product(new.company(), "steam", "GJ")
    boiler = new.process(new.inventory(new.site(steam.company)))
    new.output(boiler, steam)
    emission = new.emits(boiler, "2")
    ledger.drain()
    asking = new.actor(steam.company)
    with acting_as(asking), django_assert_num_queries(2):
        assert product_figures(asking, [steam.pk])[steam.pk][0].freshness == Freshness.CURRENT
    Exchange.objects.filter(pk=emission.pk).update(amount=Decimal("3"))
    with acting_as(asking):
        assert product_figures(asking, [steam.pk])[steam.pk][0].freshness == Freshness.PENDING


@pytest.mark.parametrize("table", ["calculation_footprint", "calculation_footprintbreakdown"])
def test_no_index_names_what_a_recalculation_changes(table: str) -> None:
    """So a figure that moves is written within its page."""
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, table).values()
    named = {column for index in indexes if index["index"] or index["unique"] for column in index["columns"]}
    stays = {"id", "uuid", "company_id", "inventory_id", "process_id", "product_id", "year", "footprint_id"}
    assert named <= stays
