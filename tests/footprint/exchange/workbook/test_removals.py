"""Many lines taken away by one workbook: in a few statements, refused by row, all or nothing."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusals, Stale
from accounts.models import Company
from accounts.roles import Role
from footprint.calculation.models import RecomputeMark
from footprint.exchange.actions import workbook as action
from footprint.exchange.workbook.compare import Edit, Move
from footprint.exchange.workbook.content import lines_of
from footprint.exchange.workbook.moves import Moves
from footprint.inventory.actions import add_exchange, change_exchange, remove_lines, restore_line
from footprint.inventory.actions.removal import KEPT
from footprint.inventory.models import AllocationShare, Exchange, OutputPrice, RemovedLine
from tests import builders as new
from tests.footprint.exchange.books import Filling, read_here
from tests.footprint.exchange.workbook.test_round_trip import Plant, counts

pytestmark = pytest.mark.django_db
MANY = 300


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "read_confined", read_here)


@pytest.fixture
def plant(acme: Company) -> Plant:
    """With many lines more that take power."""
    plant = Plant(acme)
    cracker = plant.line(plant.kwh).process
    Exchange.objects.bulk_create(
        Exchange(
            company=acme, process=cracker, position=10 + place, direction="input", kind="product",
            product=plant.kwh, amount=place + 1, unit="kWh", factor_version=plant.power, comment="many",
        )
        for place in range(MANY)
    )  # fmt: skip
    return plant


def many(plant: Plant) -> list[Exchange]:
    own = Exchange.objects.filter(process__inventory=plant.inventory, comment="many")
    return list(own.order_by("position"))


def gone(lines: list[Exchange]) -> list[Move]:
    return [Move(row, str(line.uuid), line.version) for row, line in enumerate(lines, start=3)]


def moves(plant: Plant) -> Moves:
    return Moves(plant.owner, plant.inventory, lines_of(plant.owner, plant.inventory))


def everything() -> list[object]:
    tables = (Exchange, OutputPrice, AllocationShare, RemovedLine)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_removed_changed_and_added_at_once(plant: Plant) -> None:
    lines, filling = many(plant), Filling(plant.book())
    for line in lines[:250]:
        filling.put(filling.row_of(line.uuid), remove="Remove")
    for line in lines[250:]:
        filling.put(filling.row_of(line.uuid), amount=7)
    steam = [plant.line(plant.steam, direction=direction) for direction in ("output", "input")]
    for line in steam:  # the maker stands above who takes it
        filling.put(filling.row_of(line.uuid), remove="Remove")
    told = {"process": "CRACKER", "direction": "Input", "kind": "Product", "product": "power"}
    filling.put(filling.empty_row, **told, amount=5, unit="kWh", comment="many")
    upload = plant.hand_in(filling.saved())
    assert counts(upload) == {"added": 1, "changed": 50, "removed": 252, "unchanged": 4}
    assert len(many(plant)) == MANY
    RecomputeMark.objects.all().delete()
    plant.confirm(upload)
    assert [line.amount for line in many(plant)] == [7] * 50 + [5]
    assert not Exchange.objects.filter(pk__in=[line.pk for line in steam]).exists()
    marked = set(RecomputeMark.objects.filter(kind="process").values_list("key", flat=True))
    assert {line.process_id for line in steam} <= marked


def test_three_hundred_take_no_more_statements_than_three(plant: Plant) -> None:
    def statements(lines: list[Exchange]) -> int:
        doing = moves(plant)
        with CaptureQueriesContext(connection) as asked:
            assert doing.carry_out(gone(lines)) == []
        return len(asked)

    lines = many(plant)
    few = statements(lines[:3])
    # once there is something that makes room
    assert statements(lines[3:]) <= few + 2
    assert many(plant) == []


def test_the_last_of_a_process_come_back_with_all_that_hung_on_them(plant: Plant) -> None:
    lines, owner = many(plant), plant.owner
    made = plant.line(plant.ethylene)
    OutputPrice.objects.create(company=plant.company, exchange=made, year=2025, price=Decimal("800.5"))
    AllocationShare.objects.create(
        company=plant.company, process=made.process, product=plant.ethylene, exchange=made, method="causal",
        share=Decimal("0.4"),
    )  # fmt: skip
    before = RemovedLine.objects.create(
        company=plant.company, process=made.process, line=plant.company.uuid, name="old", content={}
    )
    assert moves(plant).carry_out(gone([*lines, made])) == []
    assert not OutputPrice.objects.exists() and not AllocationShare.objects.exists()
    kept = list(RemovedLine.objects.order_by("pk"))
    assert before not in kept
    assert [each.line for each in kept] == [line.uuid for line in [*lines, made][-KEPT:]]
    assert {each.by_id for each in kept} == {owner.user_id}
    back = restore_line(kept[-1], by=owner)
    assert [each.price for each in back.prices.all()] == [Decimal("800.5")]
    assert AllocationShare.objects.get(exchange=back).share == Decimal("0.4")
    assert restore_line(kept[0], by=owner).amount == lines[-KEPT + 1].amount


def test_every_removal_is_in_the_audit_log(plant: Plant) -> None:
    lines = many(plant)
    assert moves(plant).carry_out(gone(lines)) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT about, facts::text FROM accounts_auditpending"
            " WHERE action = 'removed' AND subject = 'inventory_exchange'"
        )
        entries = [(about, json.loads(facts)["rows"]) for about, facts in cursor.fetchall()]
    assert all(plant.inventory.uuid in about for about, _rows in entries)
    told = {row["id"]: Decimal(row["before"]["amount"]) for _about, rows in entries for row in rows}
    assert told == {str(line.uuid): line.amount for line in lines}


def test_what_others_need_is_refused_by_its_row_and_nothing_is_written(plant: Plant) -> None:
    lines, filling = many(plant), Filling(plant.book())
    steam = plant.line(plant.steam, direction="output")
    row = filling.row_of(steam.uuid)
    for line in [steam, *lines[:200]]:
        filling.put(filling.row_of(line.uuid), remove="Remove")
    for line in lines[200:]:
        filling.put(filling.row_of(line.uuid), amount=7)
    taker = plant.line(plant.steam, direction="input")
    filling.put(filling.row_of(taker.uuid), remove="Remove")
    upload = plant.hand_in(filling.saved())
    assert upload.found["faults"] == []
    # after the comparison: somebody else takes the steam
    add_exchange(
        taker.process, by=plant.owner, direction="input", kind="product", product=plant.steam, amount="1",
        unit="GJ", provider_process=steam.process,
    )  # fmt: skip
    before = everything()
    with pytest.raises(Refusals) as refused:
        plant.confirm(upload)
    (fault,) = refused.value.refusals
    assert (fault.row, fault.field) == (row, "product")
    assert everything() == before
    upload = plant.hand_in(filling.saved())
    (told,) = upload.found["faults"]
    assert (told["row"], told["column"]) == (row, "product")
    assert "1 other line takes steam from here" in told["values"]["en"]
    assert told["values"]["zh"] != told["values"]["en"]
    assert everything() == before


def test_of_two_makers_the_last_one_stays(plant: Plant) -> None:
    steam = plant.line(plant.steam, direction="output")
    second = new.output(steam.process, plant.steam, "5", position=9)
    faults = moves(plant).try_out(gone([steam, second]))
    assert [fault.row for fault in faults] == [4]


def test_a_maker_goes_when_its_taker_gets_another_provider(plant: Plant) -> None:
    steam, taker = (plant.line(plant.steam, direction=direction) for direction in ("output", "input"))
    edits = (Edit("provider", "process BOILER", ""),)
    wanted = [*gone([steam]), Move(9, str(taker.uuid), taker.version, edits)]
    assert moves(plant).try_out(wanted) == []
    assert moves(plant).carry_out(wanted) == []
    assert not Exchange.objects.filter(pk=steam.pk).exists()


def test_a_key_in_capitals_is_the_same_line(plant: Plant) -> None:
    line, filling = many(plant)[0], Filling(plant.book())
    row = filling.row_of(line.uuid)
    filling.put(row, key=str(line.uuid).upper(), remove="Remove")
    plant.confirm(plant.hand_in(filling.saved()))
    assert len(many(plant)) == MANY - 1


def test_who_may_not_and_what_was_changed_meanwhile(plant: Plant, acme: Company) -> None:
    lines = many(plant)
    for by in (new.actor(acme, Role.APPROVER), new.actor(new.company()), Actor.nobody()):
        with pytest.raises(NotAllowed):
            remove_lines(plant.inventory, lines, by=by)
    with pytest.raises(Stale):
        remove_lines(plant.before, lines, by=plant.owner)
    change_exchange(Exchange.objects.get(pk=lines[-1].pk), by=plant.owner, version=1, amount="9")
    with pytest.raises(Stale):
        remove_lines(plant.inventory, lines, by=plant.owner)
    assert (len(many(plant)), RemovedLine.objects.count()) == (MANY, 0)
