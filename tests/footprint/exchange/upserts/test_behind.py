"""Rows are stored while the next are checked: all of them or none, as if they were stored in the end."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from footprint.exchange.actions import upserting
from footprint.exchange.models import UpsertJob
from footprint.exchange.tasks import run_upserts
from footprint.inventory.models import Exchange
from footprint.inventory.row_kinds import Known
from tests.api.conftest import World
from tests.footprint.exchange.upserts.test_cancel import cancel, told
from tests.footprint.exchange.upserts.test_jobs import queue
from tests.footprint.exchange.upserts.test_upserts import activity, faults, send
from tests.footprint.exchange.workbook.test_cancel import elsewhere

pytestmark = pytest.mark.django_db
LOGGED = "SELECT action, jsonb_array_length(facts -> 'rows') FROM accounts_auditpending"
KEYS = [f"MB-{number}" for number in range(5)]


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("accounts.bulk_sql", "footprint.inventory.actions.many_lines"):
        monkeypatch.setattr(import_module(module), "AT_ONCE", 2)


def stored() -> dict[str, int]:
    """The amounts of the lines, by key, in the order they were added."""
    rows = Exchange.objects.filter(external_id__startswith="MB-").order_by("pk")
    return {line.external_id: int(line.amount) for line in rows}


def logged() -> list[tuple[str, int]]:
    """What the log says of lines, with the number of rows of each entry."""
    with connection.cursor() as cursor:
        cursor.execute(f"{LOGGED} WHERE subject = 'inventory_exchange' ORDER BY id")
        return list(cursor.fetchall())


def test_each_row_is_stored_and_recorded_once(world: World) -> None:
    before = logged()
    assert send(world, "activities", *(activity(key, amount="1") for key in KEYS)).status_code == 200
    assert stored() == dict.fromkeys(KEYS, 1)
    assert logged()[len(before) :] == [("added", 2), ("added", 2), ("added", 1)]
    before = logged()
    changed = [{"external_id": key, "amount": "2"} for key in KEYS]
    answer = send(world, "activities", *changed, activity("MB-5", amount="3"), {"external_id": "MB-9"})
    assert faults(answer)[0][1] == 7
    assert (stored(), logged()) == (dict.fromkeys(KEYS, 1), before)
    answer = send(world, "activities", *changed, activity("MB-5", amount="3")).json()
    assert (answer["created"], answer["changed"], answer["unchanged"]) == (1, 5, 0)
    assert stored() == {**dict.fromkeys(KEYS, 2), "MB-5": 3}
    assert sorted(logged()[len(before) :]) == [("added", 1), ("changed", 1), ("changed", 2), ("changed", 2)]


@pytest.mark.parametrize("number", [2, 4, 5])
def test_a_row_refused_later_takes_everything_back(world: World, number: int) -> None:
    rows = [activity(key) for key in KEYS]
    rows[number - 1] |= {"amount": "-1"}
    answer = send(world, "activities", *rows)
    assert faults(answer) == [(f"/rows/{number - 1}/amount", number, "negative_amount")]
    assert stored() == {}


def test_a_key_that_somebody_took_meanwhile(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the database tells it, while further rows are checked."""
    send(world, "activities", activity("MB-1"))
    before = stored()
    monkeypatch.setattr(Known, "keyed", lambda _known, _key: None)
    assert [code for _pointer, _row, code in faults(send(world, "activities", *map(activity, KEYS)))] == [
        "duplicate_identifier"
    ]
    assert stored() == before


@pytest.mark.django_db(transaction=True)
def test_cancelled_while_the_database_is_at_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = import_module("footprint.inventory.actions.upsert_lines")
    monkeypatch.setattr(lines, "TELL_EVERY", 1)
    monkeypatch.setattr(upserting, "TELL_SECONDS", 0.0)
    job = UpsertJob.objects.get(uuid=queue(world, *map(activity, KEYS)).json()["uuid"])
    real = lines.upsert_lines
    steps: list[int] = []

    def interrupted(*given: Any, progress: Any, **more: Any) -> Any:
        def step(done: int, every: int) -> None:
            steps.append(done)
            if done == 3:
                elsewhere(lambda: cancel(world, job))
            progress(done, every)

        return real(*given, progress=step, **more)

    monkeypatch.setattr(upserting, "upsert_lines", interrupted)
    run_upserts()
    assert steps == [1, 2, 3]
    assert told(job) == ("cancelled", 1, False, False)
    assert stored() == {}


def test_what_is_asked_of_the_database_in_between(world: World) -> None:
    """Another reference of the process, and what a line said before: after rows that were sent."""
    made = [activity(key, direction="output", product="ethylene") for key in KEYS[:2]]
    answer = send(world, "activities", *made, {**made[0], "external_id": "MB-2", "is_reference": True})
    assert faults(answer) == [("/rows/2/is_reference", 3, "second_reference")]
    send(world, "activities", activity("MB-1"))
    turned = {"external_id": "MB-1", "direction": "output", "product": "ethylene", "unit": "t"}
    rows = (activity("MB-2", direction="output", product="ethylene"), turned, activity("MB-3"))
    answer = send(world, "activities", made[0], *rows).json()
    assert [row["outcome"] for row in answer["rows"]] == ["created", "created", "changed", "created"]
