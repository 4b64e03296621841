"""A workbook that is being stored is cancelled: by page and REST, in the middle, at the end, too late."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.models import User
from accounts.queries import actor_of_user
from accounts.roles import Role
from footprint.exchange.actions import cancel_workbook, due_workbooks, run_workbook, workbook_job
from footprint.exchange.models import WorkbookUpload
from footprint.exchange.tasks import run_workbooks
from footprint.exchange.workbook import moves
from tests import builders as new
from tests.api.conftest import machine_of
from tests.footprint.exchange.books import Filling
from tests.footprint.exchange.test_import_jobs import signed_in
from tests.footprint.exchange.workbook.test_jobs import by_a_worker, confirm, owner, page_of, plant, upload
from tests.footprint.exchange.workbook.test_round_trip import Plant

__all__ = ["by_a_worker", "owner", "plant", "upload"]
pytestmark = pytest.mark.django_db
real_store = workbook_job.store


def elsewhere(act: Callable[[], Any]) -> Any:
    """Done and committed through a connection of its own, while ours has a transaction open."""

    def acting() -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        return other.submit(acting).result()


def cancel(upload: WorkbookUpload, by: Actor) -> WorkbookUpload:
    return cancel_workbook(WorkbookUpload.objects.get(pk=upload.pk), by=by, at=timezone.now())


def state_of(upload: WorkbookUpload) -> str:
    upload.refresh_from_db()
    return str(upload.state)


def test_before_a_worker_came_by_the_page(plant: Plant, upload: WorkbookUpload, owner: User) -> None:
    confirm(upload, owner)
    another = signed_in(new.person(plant.company, Role.OWNER))
    place = reverse("exchange:cancel_workbook", args=[upload.uuid])
    assert place in another.get(page_of(upload)).content.decode()
    reader = signed_in(new.person(plant.company, Role.APPROVER))
    assert place not in reader.get(page_of(upload)).content.decode()
    assert reader.post(place).status_code == 403
    assert signed_in(new.person(new.company(), Role.OWNER)).post(place).status_code == 404
    shown = another.post(place, follow=True).content.decode()
    assert "Cancelled; nothing of it is stored." in shown and "Nothing of this workbook was stored." in shown
    run_workbooks()
    assert (state_of(upload), due_workbooks(), upload.rows) == ("cancelled", [], [])
    assert plant.line(plant.naphtha).amount == 100
    again = another.post(place, follow=True).content.decode()
    assert "Only what is being stored can be cancelled" in again


def test_over_rest(plant: Plant, upload: WorkbookUpload, owner: User) -> None:
    headers: Any = {"Authorization": f"Bearer {machine_of(plant.company).token}", "Accept-Language": "en"}
    place, client = f"/api/v1/workbook-uploads/{upload.uuid}/cancel/", Client()
    early = client.post(place, headers=headers)
    assert (early.status_code, early.json()["errors"][0]["code"]) == (422, "not_storing")
    confirm(upload, owner)
    rival: Any = {"Authorization": f"Bearer {machine_of(new.company()).token}"}
    assert client.post(place, headers=rival).status_code == 404
    answer = client.post(place, headers=headers).json()
    assert (answer["state"], answer["lines_done"]) == ("cancelled", 0)
    run_workbooks()
    assert plant.line(plant.naphtha).amount == 100


def test_after_it_was_stored(plant: Plant, upload: WorkbookUpload, owner: User) -> None:
    confirm(upload, owner)
    run_workbooks()
    with pytest.raises(Refusal, match="too late to cancel") as refused:
        cancel(upload, plant.owner)
    assert (refused.value.code, state_of(upload)) == ("stored", "applied")
    assert plant.line(plant.naphtha).amount == 120


@pytest.fixture
def two(plant: Plant) -> WorkbookUpload:
    """A line that is changed, written with others, and one that is removed, on its own."""
    filling = Filling(plant.book())
    filling.put(filling.row_of(plant.line(plant.naphtha).uuid), amount=120)
    filling.put(filling.row_of(plant.line(plant.kwh).uuid), remove="Remove")
    return plant.hand_in(filling.saved())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["between two lines", "after the last one"])
def test_in_the_middle_everything_is_taken_back(
    plant: Plant, two: WorkbookUpload, owner: User, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The worker's own transaction is open, and another connection cancels."""
    monkeypatch.setattr(moves, "TELL_EVERY", 1)
    monkeypatch.setattr(workbook_job, "TELL_SECONDS", 0.0)
    confirm(two, owner)
    steps: list[int] = []

    def interrupted(upload: WorkbookUpload, *, by: Actor, taking: Any, progress: Any) -> Any:
        def step(done: int, every: int) -> None:
            progress(done, every)
            steps.append(done)
            if moment == "between two lines" and done == 1:
                elsewhere(lambda: cancel(two, plant.owner))

        summary = real_store(upload, by=by, taking=taking, progress=step)
        assert plant.line(plant.naphtha).amount == 120, "written, not committed"
        elsewhere(lambda: cancel(two, plant.owner))
        return summary

    monkeypatch.setattr(workbook_job, "store", interrupted)
    run_workbooks()
    assert steps == ([1] if moment == "between two lines" else [1, 2])
    assert (state_of(two), two.attempts, two.refusals) == ("cancelled", 1, None)
    assert {plant.line(each).version for each in (plant.naphtha, plant.kwh)} == {1}
    assert plant.line(plant.naphtha).amount == 100
    monkeypatch.setattr(workbook_job, "store", real_store)
    run_workbook(two.pk)
    assert (state_of(two), plant.line(plant.naphtha).amount) == ("cancelled", 100)


def test_a_cancelled_storing_is_not_begun_again(plant: Plant, upload: WorkbookUpload, owner: User) -> None:
    """Its worker died; the one that looks for what was left behind passes over it."""
    confirm(upload, owner)
    WorkbookUpload.objects.filter(pk=upload.pk).update(attempts=1)
    cancel(upload, actor_of_user(owner))
    run_workbook(upload.pk)
    assert (state_of(upload), upload.attempts) == ("cancelled", 1)
