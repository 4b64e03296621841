"""The network that stays in memory: whatever it went through, figures are those computed from scratch."""

from __future__ import annotations

import gc
import json
import random
import weakref
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.actor import Actor
from footprint.calculation import figures as figures_at_once
from footprint.calculation import inputs, ledger, memory
from footprint.calculation.actions.settle import settle_processes
from footprint.calculation.columns import as_of, current, figure_history
from footprint.calculation.content import Content
from footprint.calculation.live import NOTHING
from footprint.calculation.models import CalculationRun, ColumnVersion, FigureVersion, Footprint
from footprint.inventory.models import Exchange, UnitProcess
from tests import builders as new
from tests.footprint.calculation.world import EDITS, World, expect_scratch, versions

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh_process() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()


class Workers:
    """Several workers in one process: each has its own memory."""

    def __init__(self) -> None:
        self.memories: dict[str, memory.Memory] = {}

    def drain(self, name: str) -> None:
        memory._remembered = self.memories.get(name, memory.Memory(NOTHING, 0, None))
        ledger.drain()
        self.memories[name] = memory._remembered


@pytest.mark.parametrize("seed", range(6))
def test_any_edits_by_any_workers_give_the_bits_of_a_computation_from_scratch(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers take turns, one of them is started anew now and then."""
    chance = random.Random(seed)
    monkeypatch.setattr(figures_at_once, "AT_ONCE", 2 + seed)
    world, workers = World(), Workers()
    workers.drain("one")
    expect_scratch()
    for _ in range(25):
        for _ in range(chance.randint(1, 3)):
            chance.choice(EDITS)(world, chance)
        workers.drain(chance.choice(["one", "two"]))
        if chance.random() < 0.15:
            workers.memories.pop("two", None)
        expect_scratch()


def test_figures_that_are_written_some_at_a_time_are_of_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with what it is made of, and with its version."""
    monkeypatch.setattr(figures_at_once, "AT_ONCE", 2)
    World()
    ledger.drain()
    run = CalculationRun.objects.get()
    figures = list(Footprint.objects.select_related("breakdown").order_by("process_id", "product_id"))
    assert len(figures) == run.changed == 12
    assert {figure.run_id for figure in figures} == {run.pk}
    for figure in figures:
        assert sum(part["ar6"] for part in figure.breakdown.contributions) == pytest.approx(
            figure.kg_co2e_ar6
        )
    told = FigureVersion.objects.order_by("process_id", "product_id")
    assert [(one.run_id, one.digest) for one in told] == [(run.pk, one.input_digest) for one in figures]


def test_parts_that_the_former_release_wrote_hold_until_the_figure_is_written_again() -> None:
    """Its worker may have written after a new one, and knows one column only."""
    world = World()
    ledger.drain()
    figure = Footprint.objects.select_related("breakdown").filter(process=world.processes[2]).first()
    assert figure is not None
    now = figure.breakdown.contributions
    assert [part["exchange"] for part in now][-1] is None
    then = [{"exchange": None, "ar5": 1.5, "ar6": 2.5}]
    with connection.cursor() as cursor:
        statement = "UPDATE calculation_footprintbreakdown SET contributions = %s WHERE footprint_id = %s"
        cursor.execute(statement, [json.dumps(then), figure.pk])
    figure.breakdown.refresh_from_db()
    assert figure.breakdown.contributions == then
    Exchange.objects.filter(process=world.processes[2], gas="CH4").update(amount=7)
    ledger.drain()
    figure.breakdown.refresh_from_db()
    assert figure.breakdown.contributions != then
    assert len(figure.breakdown.contributions) == len(now)


def test_what_was_read_is_freed_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    honest, known = inputs.read, []

    def read(*arguments: Any) -> inputs.Inputs:
        found = honest(*arguments)
        known.append(weakref.ref(found))
        return found

    monkeypatch.setattr(inputs, "read", read)
    World()
    gc.disable()
    try:
        ledger.drain()
        assert known and not any(one() for one in known)
    finally:
        gc.enable()


# -- what is appended --------------------------------------------------------------------------------------
def test_a_column_is_appended_only_when_what_it_is_made_of_changes() -> None:
    world = World()
    ledger.drain()
    before, runs = versions(), CalculationRun.objects.count()
    UnitProcess.objects.update(technology="newer")
    ledger.drain()
    assert (versions(), CalculationRun.objects.count()) == (before, runs)
    boiler = world.processes[0]
    emitted = Exchange.objects.get(process=boiler, gas="CO2")
    Exchange.objects.filter(pk=emitted.pk).update(amount=emitted.amount + 1)
    ledger.drain()
    assert versions() == before + 1
    appended = ColumnVersion.objects.latest("pk")
    assert (appended.process_id, appended.process_code) == (boiler.pk, "boiler")
    assert FigureVersion.objects.filter(run=appended.run).count() > 1
    expect_scratch()


def test_a_data_type_is_part_of_the_record_and_of_no_figure() -> None:
    World()
    ledger.drain()
    before, figures = versions(), FigureVersion.objects.count()
    line = Exchange.objects.filter(gas="CH4").first()
    assert line is not None
    Exchange.objects.filter(pk=line.pk).update(data_type="estimated")
    ledger.drain()
    assert versions() == before + 2
    assert FigureVersion.objects.count() == figures
    expect_scratch()


def test_content_says_what_is_taken_as_exact_text() -> None:
    new.gwp()
    company = new.company()
    inventory = new.inventory(new.site(company))
    steam, made = new.product(company, "steam", "GJ"), new.product(company, "made", "kg")
    boiler, step = new.process(inventory), new.process(inventory, "step", method="mass")
    new.output(boiler, steam, "10")
    new.output(step, made, "0.75", "t")
    new.output(step, new.product(company, "beside"), "250")
    taken = new.takes(step, steam, "5.50", provider_process=boiler)
    grid = new.factor_version("0.5")
    power = new.takes(step, None, "1", "MWh", factor_version=grid)
    gas = new.emits(step, "2", unit="t")
    avoided = new.takes(step, steam, "1", provider_process=boiler, is_avoided=True)
    ledger.drain()
    found = current(new.actor(company), products=[made.pk]).get()
    common = {"data_type": "measured", "share": 0.75}
    column = {"kind": "column", "process": boiler.pk, "product": steam.pk}
    assert found.content is not None
    assert (found.content["unit"], Decimal(found.content["made"]), found.content["share"]) == (
        "kg",
        750,
        0.75,
    )
    burdens = [{**burden, "taken": Decimal(burden["taken"])} for burden in found.content["burdens"]]
    assert burdens == [
        {**common, **column, "line": taken.pk, "taken": Decimal("5.50")},
        {**common, "kind": "factor", "version": grid.pk, "line": power.pk, "taken": Decimal(1000)},
        {**common, "kind": "gas", "gas": "CO2", "origin": "fossil", "line": gas.pk, "taken": Decimal(2000)},
        {**common, **column, "line": avoided.pk, "taken": Decimal(-1)},
    ]
    assert found.content["burdens"][0]["taken"] == "5.50"
    assert json.loads(Content.of(found.content).text) == found.content


def test_a_removed_column_leaves_a_tombstone_that_still_says_what_it_was() -> None:
    world = World()
    ledger.drain()
    run = CalculationRun.objects.latest("pk").pk
    step = world.processes[2]
    key, uuid, products = step.pk, step.uuid, {one.product_id for one in step.footprints.all()}
    step.delete()
    ledger.drain()
    tombs = ColumnVersion.objects.filter(process_id=key, run_id__gt=run)
    assert {tomb.product_id for tomb in tombs} == products
    assert all(
        tomb.is_removed and tomb.process_uuid == uuid and tomb.process_code == "step" for tomb in tombs
    )
    owner = new.actor(world.inventories[0].company)
    assert not current(owner, processes=[key]).exists()
    assert {old.product_id for old in as_of(owner, run, processes=[key])} == products
    expect_scratch()


def test_a_column_that_comes_back_is_there_again() -> None:
    world = World()
    ledger.drain()
    output = Exchange.objects.get(process=world.processes[2], product=world.shared, direction="output")
    output.delete()
    ledger.drain()
    expect_scratch()
    new.output(world.processes[2], output.product, "80")
    ledger.drain()
    expect_scratch()


def test_a_fault_is_kept_in_place_of_the_content_and_heals() -> None:
    world = World()
    ledger.drain()
    turbine = world.processes[1]
    line = Exchange.objects.get(process=turbine, factor_version=world.grid)
    Exchange.objects.filter(pk=line.pk).update(unit="t")
    ledger.drain()
    broken = current(Actor.worker(), processes=[turbine.pk]).get()
    assert broken.content is None
    assert broken.fault == {"code": "dimension_mismatch", "unit": "t", "target": "kWh", "exchange": line.pk}
    failed = Footprint.objects.filter(state="failed")
    assert (failed.count(), Footprint.objects.count()) == (8, 12)
    assert {figure.error["code"] for figure in failed} == {"dimension_mismatch", "supplier_failed"}
    assert FigureVersion.objects.filter(kg_co2e_ar6__isnull=True).count() == failed.count()
    expect_scratch()
    Exchange.objects.filter(pk=line.pk).update(unit="kWh")
    ledger.drain()
    assert not Footprint.objects.filter(state="failed").exists()
    expect_scratch()


def test_an_amount_beyond_reckoning_fails_its_process_alone() -> None:
    world = World()
    step = world.processes[-1]
    Exchange.objects.filter(process=step, direction="output").update(amount=Decimal("1e-290"))
    Exchange.objects.filter(process=step, gas="CH4").update(amount=Decimal("1e29"))
    assert ledger.drain().broken == 0
    codes = {figure.error.get("code") for figure in Footprint.objects.filter(process=step)}
    assert codes == {"not_finite"}
    assert not Footprint.objects.exclude(process=step).filter(state="failed").exists()
    expect_scratch()


# -- who makes it, and how much of it ----------------------------------------------------------------------
def test_a_second_maker_shares_in_what_buyers_in_other_companies_take() -> None:
    world = World()
    ledger.drain()
    buyer = world.processes[5]
    before = versions()
    world.second_maker()
    ledger.drain()
    expect_scratch()
    taken = [
        (burden["process"], Decimal(burden["taken"]))
        for burden in current(Actor.worker(), processes=[buyer.pk])[0].content["burdens"]
        if burden["kind"] == "column" and burden["product"] == world.shared.pk
    ]
    first, second = world.processes[2].pk, world.processes[-1].pk
    assert dict(taken) == {first: Decimal(15) * 80 / 87, second: Decimal(15) * 7 / 87}
    assert versions() == before + 1 + 4


def test_a_maker_that_makes_more_is_taken_from_more() -> None:
    world = World()
    world.second_maker()
    ledger.drain()
    Exchange.objects.filter(process=world.processes[-1], direction="output").update(amount=80)
    ledger.drain()
    burdens = current(Actor.worker(), processes=[world.processes[5].pk])[0].content["burdens"]
    shares = [
        one["taken"] for one in burdens if one["kind"] == "column" and one["product"] == world.shared.pk
    ]
    assert [Decimal(taken) for taken in shares] == [Decimal("7.5"), Decimal("7.5")]
    expect_scratch()


def test_buyers_are_not_read_when_their_maker_makes_what_it_made(monkeypatch: pytest.MonkeyPatch) -> None:
    from footprint.calculation import inputs

    world = World()
    ledger.drain()
    read: list[list[int]] = []
    honest = inputs.read
    monkeypatch.setattr(inputs, "read", lambda ids: read.append(list(ids)) or honest(ids))
    Exchange.objects.filter(process=world.processes[2], gas="CH4").update(amount=5)
    with ledger.snapshot():
        settle_processes([world.processes[2].pk], 0)
    assert read == [[world.processes[2].pk]]
    monkeypatch.undo()
    ledger.drain()
    expect_scratch()


# -- what is remembered ------------------------------------------------------------------------------------
def test_a_rolled_back_drain_has_changed_nothing_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    ledger.drain()
    remembered = memory._remembered
    settle = ledger._settlers[ledger.PROCESS]

    def dying(keys: list[int], gen: int) -> None:
        settle(keys, gen)
        raise ZeroDivisionError("after everything was written")

    monkeypatch.setitem(ledger._settlers, ledger.PROCESS, dying)
    Exchange.objects.filter(process=world.processes[0], gas="CO2").update(amount=999)
    assert ledger.drain().broken == 1
    assert memory._remembered is remembered
    monkeypatch.undo()
    assert ledger.retry_quarantined() == 1
    ledger.drain()
    assert memory._remembered is not remembered
    expect_scratch()


def test_a_worker_started_anew_goes_on_from_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    ledger.drain()
    memory.forget()
    figures = FigureVersion.objects.count()
    Exchange.objects.filter(process=world.processes[-1], gas="CH4").update(amount=4)
    ledger.drain()
    assert FigureVersion.objects.count() == figures + 2
    expect_scratch()


def test_another_database_is_not_mistaken_for_the_one_remembered() -> None:
    World()
    ledger.drain()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE calculation_columnversion, calculation_figureversion, calculation_footprint CASCADE"
        )
        cursor.execute("SELECT calculation_mark('process', ARRAY(SELECT id FROM inventory_unitprocess))")
    ledger.drain()
    assert versions() == Footprint.objects.count()
    expect_scratch()


def test_gwp_values_that_change_reach_every_figure() -> None:
    from factors.models import CharacterizationFactor

    world = World()
    ledger.drain()
    before = versions()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE factors_characterizationfactor DISABLE TRIGGER never_changes")
        CharacterizationFactor.objects.filter(gas__code="CH4").update(value=Decimal(30))
        cursor.execute("ALTER TABLE factors_characterizationfactor ENABLE TRIGGER never_changes")
    ledger.drain()
    step = Footprint.objects.filter(process=world.processes[2]).first()
    assert step is not None
    own = step.breakdown.contributions[-1]
    assert own["ar6"] == pytest.approx(3 * 30 / 3080)
    assert versions() == before
    expect_scratch()


# -- who may ask -------------------------------------------------------------------------------------------
def test_history_is_for_the_owner_only() -> None:
    world = World()
    ledger.drain()
    assert world.shared is not None
    new.grant(world.shared, world.inventories[1].company)
    Exchange.objects.filter(process=world.processes[2], gas="CH4").update(amount=6)
    ledger.drain()
    owner, partner = (new.actor(inventory.company) for inventory in world.inventories[:2])
    told = figure_history(owner, world.shared)
    assert [one.run_id for one in told] == sorted((one.run_id for one in told), reverse=True)
    assert len(told) == 2
    assert told[0].kg_co2e_ar6 == Footprint.objects.get(product=world.shared).kg_co2e_ar6
    assert not figure_history(partner, world.shared).exists()
    assert not current(partner, products=[world.shared.pk]).exists()
    assert not as_of(partner, told[0].run_id, products=[world.shared.pk]).exists()
    assert as_of(owner, told[1].run_id, products=[world.shared.pk]).get().run_id == told[1].run_id
