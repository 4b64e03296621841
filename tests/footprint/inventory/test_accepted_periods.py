"""Of a site nothing is accepted twice for the same days: at the gate, at acceptance, in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.errors import Refusal
from accounts.visibility import acting_as
from footprint.calculation.ledger import drain
from footprint.inventory import gate
from footprint.inventory.actions import change_inventory
from footprint.inventory.models import Submission
from tests import builders as new
from tests.reviewing import Plant, carried, moved

pytestmark = pytest.mark.django_db


def beside(here: Plant, year: int) -> Plant:
    """Another inventory of the same site, with something in it."""
    inventory = new.inventory(here.inventory.site, year)
    process = new.process(inventory)
    new.output(process, new.product(here.company), "2", is_reference=True)
    line = new.emits(process, "3")
    drain()
    return replace(here, inventory=inventory, line=line)


def test_the_gate_tells(here: Plant) -> None:
    submission = carried(here)
    other = new.inventory(here.inventory.site, 2024)
    Submission.objects.filter(pk=submission.pk).update(period_start=date(2024, 7, 1))
    found = list(gate.duplicate_period(here.owner, other))
    assert [f.code for f in found] == ["duplicate_period"]


def test_a_period_that_moved_away_and_was_taken_by_another(here: Plant) -> None:
    """Both passed the gate while neither was accepted: the second acceptance is refused."""
    first = carried(here, "under_review")
    moved_to = {"period_start": "2020-01-01", "period_end": "2020-12-31"}
    with acting_as(here.owner):
        change_inventory(here.inventory, by=here.owner, version=here.inventory.version, **moved_to)
    taker = beside(here, first.period_end.year)
    second = carried(taker, "under_review")
    assert (first.period_start, first.period_end) == (second.period_start, second.period_end)
    moved(here, first, "accept")
    with pytest.raises(Refusal) as caught:
        moved(taker, second, "accept")
    assert caught.value.code == "duplicate_period"
    second.refresh_from_db()
    assert second.state == "under_review"
    moved(here, first, "withdraw", reason="the wrong year")
    moved(taker, second, "accept")


def test_the_database_keeps_accepted_ones_apart(here: Plant) -> None:
    accepted, second = carried(here), carried(beside(here, 2020))
    with pytest.raises(IntegrityError, match="accepted for a part"), transaction.atomic():
        Submission.objects.filter(pk=second.pk).update(period_end=accepted.period_start)


def test_a_database_that_holds_doubles_takes_the_rule_and_lets_either_go(here: Plant) -> None:
    """What was accepted twice before the rule came stays until people withdraw one of the two."""
    migration = import_module("footprint.inventory.migrations.0023_accepted_once_a_period")
    taker = beside(here, 2020)
    first, second = carried(here), carried(taker)
    with connection.cursor() as cursor:
        cursor.execute(migration.UNDONE)
        days = {"period_start": first.period_start, "period_end": first.period_end}
        Submission.objects.filter(pk=second.pk).update(**days)
        for operation in migration.Migration.operations:
            for statement in operation.sql:
                cursor.execute(statement)
    moved(taker, second, "withdraw", reason="accepted twice")
    assert Submission.objects.filter(state="accepted").get() == first
    with pytest.raises(IntegrityError, match="accepted for a part"), transaction.atomic():
        Submission.objects.filter(pk=second.pk).update(state="accepted")
