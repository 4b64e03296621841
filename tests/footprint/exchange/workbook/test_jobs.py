"""A confirmed workbook as a job: stored once and in few statements, refused as a whole, tried again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Company, Membership, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from footprint.exchange.actions import confirm_workbook, due_workbooks, run_workbook, workbook_job
from footprint.exchange.actions import workbook as action
from footprint.exchange.models import WorkbookUpload
from footprint.exchange.tasks import run_workbooks
from footprint.exchange.workbook.compare import Edit, Move
from footprint.exchange.workbook.content import lines_of
from footprint.exchange.workbook.moves import Moves
from footprint.inventory.actions import change_exchange
from footprint.inventory.models import Exchange
from tests import builders as new
from tests.api.conftest import machine_of
from tests.footprint.exchange.books import Filling, read_here
from tests.footprint.exchange.test_import_jobs import signed_in
from tests.footprint.exchange.workbook.test_round_trip import Plant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few lines; the file is read in this process."""
    monkeypatch.setattr(action, "read_confined", read_here)
    monkeypatch.setattr(workbook_job, "AT_ONCE", 0)


@pytest.fixture
def plant(acme: Company) -> Plant:
    return Plant(acme)


@pytest.fixture
def owner(acme: Company) -> User:
    return new.person(acme, Role.OWNER)


@pytest.fixture
def upload(plant: Plant) -> WorkbookUpload:
    """Another amount of naphtha."""
    filling = Filling(plant.book())
    filling.put(filling.row_of(plant.line(plant.naphtha).uuid), amount=120)
    return plant.hand_in(filling.saved())


def confirm(upload: WorkbookUpload, owner: User) -> WorkbookUpload:
    return confirm_workbook(upload, by=actor_of_user(owner), at=timezone.now(), version=upload.version)


def page_of(upload: WorkbookUpload, name: str = "upload") -> str:
    return reverse(f"exchange:workbook_{name}", args=[upload.uuid])


def test_a_machine_confirms_and_looks_how_far_it_is(plant: Plant, upload: WorkbookUpload) -> None:
    machine = machine_of(plant.company)
    headers: Any = {"Authorization": f"Bearer {machine.token}", "Accept-Language": "en"}
    own, client = f"/api/v1/workbook-uploads/{upload.uuid}/", Client()

    def apply() -> Any:
        return client.post(f"{own}apply/", {"version": 1}, content_type="application/json", headers=headers)

    answer = apply()
    assert (answer.status_code, answer.json()["state"], answer.json()["lines"]) == (202, "storing", 1)
    assert answer["Location"].endswith(own)
    assert apply().json()["errors"][0]["code"] == "decided", "of two who confirm, one does"
    assert plant.line(plant.naphtha).amount == 100
    run_workbooks()
    told = client.get(own, headers=headers).json()
    assert (told["state"], told["lines_done"], told["refusals"]) == ("applied", 1, [])
    assert plant.line(plant.naphtha).amount == 120
    rival: Any = {"Authorization": f"Bearer {machine_of(new.company()).token}"}
    assert client.get(own, headers=rival).status_code == 404


def test_the_page_tells_how_far_it_is(plant: Plant, upload: WorkbookUpload, owner: User) -> None:
    client = signed_in(owner)
    assert client.post(page_of(upload), {"what": "apply", "version": 1}).status_code == 302
    shown = client.get(page_of(upload)).content.decode()
    assert "Waiting for a free worker" in shown and page_of(upload, "state") in shown
    assert "Store all these changes" not in shown
    WorkbookUpload.objects.update(attempts=1, steps_done=1)
    moving = client.get(page_of(upload, "state"))
    assert "Storing, line by line checked · 1 / 1" in moving.content.decode()
    assert "HX-Refresh" not in moving.headers
    run_workbooks()
    assert client.get(page_of(upload, "state")).headers["HX-Refresh"] == "true"
    assert "The changes are stored." in client.get(page_of(upload)).content.decode()
    stranger = signed_in(new.person(new.company(), Role.OWNER))
    assert stranger.get(page_of(upload, "state")).status_code == 404


def test_what_changed_before_the_worker_came_is_refused(
    plant: Plant, upload: WorkbookUpload, owner: User
) -> None:
    confirm(upload, owner)
    change_exchange(plant.line(plant.naphtha), by=plant.owner, version=1, amount="90")
    run_workbooks()
    upload.refresh_from_db()
    assert upload.refusals is not None
    assert (upload.state, [one["code"] for one in upload.refusals]) == ("open", ["stale"])
    assert plant.line(plant.naphtha).amount == 90
    client = signed_in(owner)
    shown = client.get(page_of(upload)).content.decode()
    assert "was changed after this comparison" in shown and "Store all these changes" not in shown
    client.post(page_of(upload), {"what": "compare", "version": 1})
    upload.refresh_from_db()
    assert (upload.refusals, upload.summary["conflicts"]) == (None, 1)


def test_a_killed_worker_leaves_it_to_the_next(
    plant: Plant, upload: WorkbookUpload, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(upload, owner)
    with monkeypatch.context() as broken:
        broken.setattr(workbook_job.ledger, "wake", lambda: 1 / 0)
        run_workbooks()
    upload.refresh_from_db()
    assert (upload.state, upload.attempts, plant.line(plant.naphtha).amount) == ("storing", 1, 100)
    run_workbooks()
    upload.refresh_from_db()
    assert (upload.state, plant.line(plant.naphtha).amount) == ("applied", 120)
    run_workbook(upload.pk)
    assert plant.line(plant.naphtha).version == 2


def test_what_breaks_again_and_again_is_given_up_and_can_be_confirmed_anew(
    plant: Plant, upload: WorkbookUpload, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(upload, owner)
    with monkeypatch.context() as broken:
        broken.setattr(workbook_job, "store", lambda *_given, **_more: 1 / 0)
        for _attempt in range(WorkbookUpload.MOST_ATTEMPTS + 1):
            run_workbooks()
    upload.refresh_from_db()
    assert upload.refusals is not None
    assert (upload.state, upload.refusals[0]["code"], due_workbooks()) == ("open", "broken_off", [])
    assert plant.line(plant.naphtha).amount == 100
    confirm(upload, owner)
    run_workbooks()
    assert plant.line(plant.naphtha).amount == 120


def test_who_lost_the_right_stores_nothing(plant: Plant, upload: WorkbookUpload, owner: User) -> None:
    confirm(upload, owner)
    Membership.objects.filter(user=owner).delete()
    run_workbooks()
    upload.refresh_from_db()
    assert upload.refusals is not None
    assert (upload.state, upload.refusals[0]["code"]) == ("open", "not_allowed")
    assert plant.line(plant.naphtha).amount == 100


def added(row: int, place: int, **more: str) -> Move:
    told = {"process": "CRACKER", "direction": "input", "kind": "product", "product": "power"}
    told |= {"amount": str(place + 1), "unit": "kWh", **more}
    return Move(row, "", 0, tuple(Edit(column, "", value) for column, value in told.items()))


def statements(plant: Plant, moves: list[Move]) -> int:
    doing = Moves(plant.owner, plant.inventory, lines_of(plant.owner, plant.inventory))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert doing.carry_out(moves) == []
    return len(asked)


def test_a_hundred_lines_take_no_more_statements_than_three(plant: Plant) -> None:
    """New lines with a factor, and others that get another provider."""
    factor = f"factor {plant.power.factor.code} v1"
    few = statements(plant, [added(row, row, provider=factor) for row in range(3)])
    assert statements(plant, [added(row, row, provider=factor) for row in range(100)]) == few
    stored = Exchange.objects.filter(process__code="CRACKER", product=plant.kwh, amount__lte=100)
    assert [line.position for line in stored.order_by("position")] == list(range(4, 107))

    def without(some: Any) -> list[Move]:
        gone = (Edit("provider", factor, ""),)
        return [Move(row, str(line.uuid), line.version, gone) for row, line in enumerate(some)]

    few = statements(plant, without(stored.order_by("position")[:3]))
    assert statements(plant, without(stored.order_by("position")[3:])) == few
    assert not stored.exclude(factor_version=None).exists()


def test_progress_counts_lines(plant: Plant) -> None:
    doing = Moves(plant.owner, plant.inventory, lines_of(plant.owner, plant.inventory))
    told: list[tuple[int, int]] = []
    moves = [added(row, row) for row in range(250)]
    assert doing.carry_out(moves, lambda done, every: told.append((done, every))) == []
    assert told == [(100, 250), (200, 250)]


def test_refusals_of_the_inventory_are_told_with_their_rows(
    plant: Plant, upload: WorkbookUpload, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that became stricter between the comparison and the worker."""
    confirm(upload, owner)

    def strict(*_given: object, **_more: object) -> Any:
        raise action.Refusals([action.Refusal("Row 5: too much", field="amount", row=5, code="refused")])

    monkeypatch.setattr(workbook_job, "store", strict)
    run_workbooks()
    upload.refresh_from_db()
    assert json.loads(json.dumps(upload.refusals)) == [
        {"row": 5, "field": "amount", "code": "refused", "detail": "Row 5: too much"}
    ]
    assert "Row 5: too much" in signed_in(owner).get(page_of(upload)).content.decode()
