"""Upserts over REST: rows find their lines by the company's own keys, all of them or none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from accounts.errors import Refusals
from footprint.calculation.models import RecomputeMark
from footprint.inventory.actions.upsert_lines import LONGEST_NAME, MOST_UNKNOWN, check_fields
from footprint.inventory.models import Exchange, Product, UnitProcess
from tests import builders as new
from tests.api.conftest import World, machine_of


def send(world: World, kind: str, *rows: Any, **more: Any) -> HttpResponse:
    """Rows about the member's inventory."""
    where = {} if kind == "products" else {"inventory": str(world.inventory.uuid)}
    return world.erp.post(f"upserts/{kind}/", {**where, **more, "rows": list(rows)})


def activity(key: str = "MB-1", **more: Any) -> dict[str, Any]:
    base = {
        "external_id": key, "process": "cracker", "direction": "input", "kind": "product",
        "product": "naphtha", "amount": "12.5", "unit": "t",
    }  # fmt: skip
    return {**base, **more}


def faults(answer: HttpResponse) -> list[tuple[str, int | None, str]]:
    assert answer.status_code == 422, answer.content
    return [(fault["pointer"], fault["row"], fault["code"]) for fault in answer.json()["errors"]]


def test_a_new_key_adds_and_a_known_one_changes(world: World) -> None:
    first = send(world, "activities", activity(), activity("MB-2", product="power", unit="kWh"))
    assert first.status_code == 200, first.content
    told = first.json()
    assert (told["created"], told["changed"], told["unchanged"]) == (2, 0, 0)
    assert [(row["row"], row["key"], row["outcome"]) for row in told["rows"]] == [
        (1, "MB-1", "created"),
        (2, "MB-2", "created"),
    ]
    again = send(world, "activities", {"external_id": "MB-2", "amount": "7"}, {"external_id": "MB-1"}).json()
    assert [row["outcome"] for row in again["rows"]] == ["changed", "unchanged"]
    assert [row["uuid"] for row in again["rows"]] == [told["rows"][1]["uuid"], told["rows"][0]["uuid"]]
    line = Exchange.objects.get(external_id="MB-2")
    assert (line.amount, line.unit, line.version) == (Decimal(7), "kWh", 2)
    assert Exchange.objects.get(external_id="MB-1").version == 1


def test_lines_keep_their_places_and_name_things_by_codes(world: World) -> None:
    send(
        world,
        "activities",
        activity(provider_product=str(world.offered.uuid)),
        activity("MB-2", direction="output", product="ethylene", provider_process=None),
    )
    line = Exchange.objects.get(external_id="MB-1")
    assert line.provider_product == world.offered
    added = Exchange.objects.filter(external_id__startswith="MB").order_by("external_id")
    last = Exchange.objects.filter(process=world.cracker, external_id="").latest("position").position
    assert [line.position for line in added] == [last + 2, last + 1]  # what is made comes first


@pytest.mark.parametrize(
    ("kind", "row", "tables"),
    [
        ("activities", activity(), {"inventory_exchange", "inventory_product"}),
        ("products", {"code": "ethylene", "name_en": "Ethylene"}, {"inventory_product"}),
    ],
)
def test_what_rows_change_is_held_from_the_reading_on(
    world: World, kind: str, row: dict[str, Any], tables: set[str]
) -> None:
    """So that nobody changes a unit between the reading of a line and the writing of its amount."""
    send(world, kind, row)
    with CaptureQueriesContext(connection) as asked:
        send(world, kind, row)
    locking = [query["sql"] for query in asked if "FOR NO KEY UPDATE" in query["sql"]]
    assert {table for table in tables for sql in locking if f'FROM "{table}"' in sql} == tables


def test_it_marks_what_is_stale_and_is_in_the_log(world: World) -> None:
    RecomputeMark.objects.all().delete()
    send(world, "activities", activity())
    assert RecomputeMark.objects.filter(key=world.cracker.pk).exists()
    with connection.cursor() as cursor:  # entries get their places in the chain at commit
        cursor.execute("SELECT facts::text FROM accounts_auditpending WHERE subject = 'inventory_exchange'")
        assert [facts for (facts,) in cursor.fetchall() if "MB-1" in facts]


def test_one_refused_row_stores_nothing(world: World) -> None:
    before = Exchange.objects.count()
    answer = send(
        world,
        "activities",
        activity(),
        activity("MB-2", amount="-1"),
        activity("MB-3", unit="kWh"),
        activity("MB-4", product="nothing"),
        activity("MB-1"),
        activity("MB-5", process="elsewhere", surprise=1),
        "row",
    )
    assert faults(answer) == [
        ("/rows/1/amount", 2, "negative_amount"),
        ("/rows/2/unit", 3, "unit_mismatch"),
        ("/rows/3/product", 4, "not_found"),
        ("/rows/4/external_id", 5, "duplicate_key"),
        ("/rows/5/surprise", 6, "unknown_field"),
        ("/rows/6", 7, "not_an_object"),
    ]
    assert Exchange.objects.count() == before


def test_of_many_unknown_names_some_are_told() -> None:
    with pytest.raises(Refusals) as refused:
        check_fields({f"{number}".rjust(500, "x"): 1 for number in range(1000)}, ("amount",))
    assert {len(refusal.field or "") for refusal in refused.value.refusals} == {LONGEST_NAME}
    assert len(refused.value.refusals) == MOST_UNKNOWN


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"external_id": ""}, "external_id"),
        ({"external_id": "x" * 121}, "external_id"),
        ({"process": None}, "process"),
        ({"process": 7}, "process"),
        ({"amount": True}, "amount"),
        ({"amount": "1e400"}, "amount"),
        ({"unit": "stone"}, "unit"),
        ({"allocation_basis_unit": 0}, "allocation_basis_unit"),
        ({"allocation_basis_unit": []}, "allocation_basis_unit"),
        ({"kind": "waste"}, "kind"),
        ({"provider_process": "cracker"}, "provider_process"),
        ({"provider_product": "ghost"}, "provider_product"),
        ({"factor_version": "not a uuid"}, "factor_version"),
        ({"direction": "output", "product": "ethylene", "is_reference": True}, "is_reference"),
        ({"kind": "elementary", "product": None, "gas": "X"}, "gas"),
    ],
)
def test_the_rules_of_single_writes_hold(world: World, row: dict[str, Any], place: str) -> None:
    assert [pointer for pointer, _row, _code in faults(send(world, "activities", activity(**row)))] == [
        f"/rows/0/{place}"
    ]


def test_no_unit_of_a_basis_is_none(world: World) -> None:
    assert send(world, "activities", activity(allocation_basis_unit=None)).status_code == 200
    assert Exchange.objects.get(external_id="MB-1").allocation_basis_unit == ""


def test_the_same_refusals_as_one_by_one(world: World) -> None:
    """Rules are read from memory here and from the database there."""
    for change in ({"amount": "-1"}, {"unit": "kWh"}, {"gas": "CO2"}, {"gsd2": "0.5"}):
        many = send(world, "activities", activity(**change)).json()["errors"]
        one = {**activity(**change), "process": str(world.cracker.uuid), "product": str(world.naphtha.uuid)}
        single = world.erp.post("exchanges/", one).json()["errors"]
        assert [(f["code"], f["detail"]) for f in many] == [(f["code"], f["detail"]) for f in single]


def test_a_row_may_name_what_another_row_makes(world: World) -> None:
    new.process(world.inventory, "furnace")
    new.product(world.company, "steam", "t")
    answer = send(
        world,
        "activities",
        activity("S-2", product="steam", provider_process="furnace"),
        activity("S-1", process="furnace", direction="output", product="steam", is_reference=True),
    )
    assert answer.status_code == 200, answer.content
    assert Exchange.objects.get(external_id="S-2").provider_process.code == "furnace"  # type: ignore[union-attr]


def test_a_loop_that_cannot_be_solved_is_refused(world: World) -> None:
    greedy = activity(product="ethylene", amount="600", provider_process="cracker")
    assert [code for _pointer, _row, code in faults(send(world, "activities", greedy))] == ["unsolvable_loop"]


def test_a_key_stays_in_its_inventory(world: World) -> None:
    send(world, "activities", activity())
    other = new.inventory(world.site, 2024)
    new.process(other, "cracker")
    answer = send(world, "activities", activity(), inventory=str(other.uuid))
    assert faults(answer) == [("/rows/0/external_id", 1, "other_inventory")]


def test_what_others_take_does_not_vanish(world: World) -> None:
    furnace = new.process(world.inventory, "furnace")
    steam = new.product(world.company, "steam", "t")
    new.output(furnace, steam, "5", is_reference=True, external_id="S-1")
    new.takes(world.cracker, steam, "1", unit="t", provider_process=furnace)
    answer = send(world, "activities", {"external_id": "S-1", "is_avoided": True, "is_reference": False})
    assert faults(answer) == [("/rows/0/product", 1, "in_use")]


def test_two_rows_together_leave_nothing_without_a_maker(world: World) -> None:
    """Neither of two makers is the last; both of them are. Who takes it may leave in the same request."""
    steam = new.product(world.company, "steam", "t")
    for key in ("S-1", "S-2"):
        new.output(new.process(world.inventory, key), steam, "5", external_id=key)
    taken = {"external_id": "T-1", "provider_product": steam}
    new.takes(world.cracker, steam, "1", unit="t", **taken)
    ended = [{"external_id": key, "is_avoided": True} for key in ("S-1", "S-2")]
    assert faults(send(world, "activities", *ended)) == [
        ("/rows/0/product", 1, "in_use"),
        ("/rows/1/product", 2, "in_use"),
    ]
    assert not Exchange.objects.filter(product=steam, is_avoided=True).exists()
    freed = {"external_id": "T-1", "provider_product": None}
    assert send(world, "activities", *ended, freed).json()["changed"] == 3


def test_an_inventory_is_named_by_site_and_year(world: World) -> None:
    body = {"site": world.site.code, "year": 2025, "rows": [activity()]}
    assert world.erp.post("upserts/activities/", body).status_code == 200
    for wrong in ({"site": "nowhere", "year": 2025}, {"site": world.site.code, "year": 1999}, {"site": "x"}):
        assert world.erp.post("upserts/activities/", {**wrong, "rows": [activity()]}).status_code == 422


def test_volumes_find_outputs(world: World) -> None:
    furnace = new.process(world.inventory, "furnace")
    new.product(world.company, "steam", "t")
    answer = send(
        world,
        "production-volumes",
        {"process": "cracker", "product": "ethylene", "amount": "510", "unit": "t", "external_id": "V-1"},
        {"process": "furnace", "product": "steam", "amount": "9000", "unit": "kg"},
    ).json()
    assert [row["outcome"] for row in answer["rows"]] == ["changed", "created"]
    world.made.refresh_from_db()
    assert (world.made.amount, world.made.external_id) == (Decimal(510), "V-1")
    line = Exchange.objects.get(process=furnace)
    assert (line.direction, line.is_reference, line.unit) == ("output", True, "kg")


def volume(amount: str = "1", key: str = "", product: str = "ethylene") -> dict[str, Any]:
    keyed = {"external_id": key} if key else {}
    return {"process": "cracker", "product": product, "amount": amount, "unit": "t", **keyed}


def test_a_new_key_never_takes_over_a_line_that_has_one(world: World) -> None:
    send(world, "production-volumes", volume("510", "V-1"))
    told = send(world, "production-volumes", volume("20", "V-2")).json()
    assert [row["outcome"] for row in told["rows"]] == ["created"]
    made = Exchange.objects.filter(process=world.cracker, product=world.ethylene)
    assert set(made.values_list("external_id", "amount")) == {("V-1", Decimal(510)), ("V-2", Decimal(20))}
    assert [code for _pointer, _row, code in faults(send(world, "production-volumes", volume()))] == [
        "several_lines"
    ]


@pytest.mark.parametrize("product", ["ethylene", "propylene"])
@pytest.mark.parametrize("keys", [("", "V-1"), ("V-1", "")])
def test_two_rows_about_one_line_are_refused(world: World, product: str, keys: tuple[str, str]) -> None:
    """Whether the line is there already or not, and whichever row has the key."""
    new.product(world.company, "propylene", "t")
    answer = send(world, "production-volumes", *(volume("3", key, product) for key in keys))
    assert faults(answer) == [("/rows/1/external_id", 2, "duplicate_key")]


def test_the_first_of_two_new_keys_takes_the_line_without_one(world: World) -> None:
    told = send(world, "production-volumes", volume("510", "V-1"), volume("20", "V-2")).json()
    assert [row["outcome"] for row in told["rows"]] == ["changed", "created"]
    assert told["rows"][0]["uuid"] == str(world.made.uuid)


def test_a_key_of_another_sort_of_line_is_refused(world: World) -> None:
    send(world, "activities", activity())
    send(world, "production-volumes", volume("510", "V-1"))
    bill = {"process": "cracker", "product": "naphtha", "quantity": "1", "unit": "t", "external_id": "V-1"}
    for answer in (
        send(world, "production-volumes", volume(key="MB-1")),
        send(world, "bills-of-material", bill),
    ):
        assert faults(answer) == [("/rows/0/external_id", 1, "other_sort")]


def test_blanks_around_a_key_are_no_part_of_it(world: World) -> None:
    outcomes = [send(world, "activities", activity(" MB-1 ")).json()["rows"][0] for _time in range(2)]
    assert [row["outcome"] for row in outcomes] == ["created", "unchanged"]


def test_bills_are_per_unit_of_the_reference_product(world: World) -> None:
    rows = [
        {"process": "cracker", "product": "naphtha", "quantity": "1.5", "unit": "t"},
        {"process": "cracker", "product": "power", "quantity": "0.25", "unit": "kWh", "per_unit": "kg"},
    ]
    answer = send(world, "bills-of-material", *rows)
    assert answer.status_code == 200, answer.content
    world.feed.refresh_from_db()
    world.power.refresh_from_db()
    assert (world.feed.amount, world.power.amount) == (Decimal(750), Decimal(125000))
    assert world.feed.provider_product == world.offered


def test_a_bill_needs_its_reference_and_one_line(world: World) -> None:
    new.process(world.inventory, "idle")
    new.takes(world.cracker, world.naphtha, "1", unit="t")
    row = {"product": "naphtha", "quantity": "1", "unit": "t"}
    answer = send(world, "bills-of-material", {"process": "idle", **row}, {"process": "cracker", **row})
    assert faults(answer) == [
        ("/rows/0/process", 1, "no_reference"),
        ("/rows/1/external_id", 2, "several_lines"),
    ]
    assert faults(
        send(
            world,
            "bills-of-material",
            {"process": "cracker", **row, "per_unit": "kWh"} | {"product": "power"},
        )
    ) == [("/rows/0/per_unit", 1, "unit_mismatch")]


def test_products_are_found_by_their_codes(world: World) -> None:
    rows = [
        {"code": "ethylene", "name_en": "Ethylene"},
        {"code": "NEW-1", "unit": "kg", "name_zh": "新"},
        {"code": "naphtha"},
    ]
    told = send(world, "products", *rows).json()
    assert [row["outcome"] for row in told["rows"]] == ["changed", "created", "unchanged"]
    world.ethylene.refresh_from_db()
    assert (world.ethylene.name_en, world.ethylene.version) == ("Ethylene", 2)
    assert Product.objects.get(company=world.company, code="NEW-1").unit == "kg"


def test_products_in_use_keep_what_lines_rest_on(world: World) -> None:
    answer = send(
        world,
        "products",
        {"code": "ethylene", "unit": "kWh"},
        {"code": "NEW-1", "name_zh": "新"},
        {"code": "NEW-2", "unit": "kg"},
        {"code": "NEW-3", "unit": "kg", "name_zh": "新", "category": "nothing"},
    )
    assert faults(answer) == [
        ("/rows/0/unit", 1, "product_in_use"),
        ("/rows/1/unit", 2, "required"),
        ("/rows/2/name_zh", 3, "required"),
        ("/rows/3/category", 4, "not_found"),
    ]


def test_strangers_things_are_nowhere(world: World) -> None:
    stranger = machine_of(new.company("stranger"))
    theirs = {"inventory": str(world.inventory.uuid), "rows": [activity()]}
    nowhere = {"inventory": "4a6f0c9e-3a0b-4f0e-9a0e-0f6d2f1c7b11", "rows": [activity()]}
    answers = [stranger.post("upserts/activities/", body) for body in (theirs, nowhere)]
    assert answers[0].status_code == answers[1].status_code == 422
    assert answers[0].content == answers[1].content
    assert not UnitProcess.objects.filter(company__code="stranger").exists()


def test_the_same_key_belongs_to_each_company(world: World) -> None:
    other = new.process(new.inventory(new.site(new.company("sibling"))))
    new.takes(other, new.product(other.company), "1", external_id="MB-1")
    assert send(world, "activities", activity()).json()["created"] == 1


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ([], ""),
        ({"rows": []}, "/rows"),
        ({"rows": {}}, "/rows"),
        ({"rows": [{}], "more": 1}, "/more"),
        ({"rows": [{}], "inventory": 5}, "/inventory"),
        ({"rows": [{}]}, "/inventory"),
        ({"rows": [{}], "site": "x", "year": 10**30}, "/inventory"),
    ],
)
def test_bodies_of_another_shape(world: World, body: Any, place: str) -> None:
    answer = world.erp.post("upserts/activities/", body)
    assert [pointer for pointer, _row, _code in faults(answer)] == [place]
