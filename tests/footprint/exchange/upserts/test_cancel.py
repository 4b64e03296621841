"""A bulk upsert that runs is cancelled: by page and REST, in the middle, at the end, too late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Refusal
from accounts.roles import Role
from footprint.exchange.actions import cancel_upsert, due_upserts, run_upsert, upserting
from footprint.exchange.models import UpsertBody, UpsertJob, UpsertRow
from footprint.exchange.tasks import run_upserts
from footprint.inventory.models import Exchange
from tests import builders as new
from tests.api.conftest import World, machine_of
from tests.footprint.exchange.test_import_jobs import signed_in
from tests.footprint.exchange.upserts.test_jobs import queue
from tests.footprint.exchange.upserts.test_upserts import activity, faults
from tests.footprint.exchange.workbook.test_cancel import elsewhere

pytestmark = pytest.mark.django_db
real_upsert = upserting.upsert
lines = import_module("footprint.inventory.actions.upsert_lines")


def queued(world: World, *rows: Mapping[str, Any]) -> UpsertJob:
    return UpsertJob.objects.get(uuid=queue(world, *rows).json()["uuid"])


def cancel(world: World, job: UpsertJob) -> UpsertJob:
    by = new.actor(world.company, Role.OWNER)
    return cancel_upsert(UpsertJob.objects.get(pk=job.pk), by=by, at=timezone.now())


def told(job: UpsertJob) -> tuple[str, int, bool, bool]:
    """Its state and attempts; whether its body and any result are there."""
    job.refresh_from_db()
    has_body, has_rows = (kind.objects.filter(job=job).exists() for kind in (UpsertBody, UpsertRow))
    return job.state, job.attempts, has_body, has_rows


def test_while_it_runs_by_the_page(world: World) -> None:
    job = queued(world, activity())
    UpsertJob.objects.update(state="running", attempts=1)
    page, place = (reverse(f"exchange:{name}", args=[job.uuid]) for name in ("upsert", "cancel_upsert"))
    owner = signed_in(new.person(world.company, Role.OWNER))
    assert place in owner.get(page).content.decode()
    reader = signed_in(new.person(world.company, Role.APPROVER))
    assert place not in reader.get(page).content.decode()
    assert reader.post(place).status_code == 403
    assert signed_in(new.person(new.company(), Role.OWNER)).post(place).status_code == 404
    shown = owner.post(place, follow=True).content.decode()
    assert "Cancelled; nothing of it is stored." in shown and place not in shown
    assert told(job) == ("cancelled", 1, False, False)


def test_while_it_runs_over_rest(world: World) -> None:
    job = queued(world, activity())
    UpsertJob.objects.update(state="running", steps_done=1)
    place = f"upserts/{job.uuid}/cancel/"
    assert machine_of(new.company("outsider")).post(place, None).status_code == 404
    answer = world.erp.post(place, None).json()
    assert (answer["state"], answer["rows_done"]) == ("cancelled", 0)
    assert answer["finished_at"] is not None


def test_after_it_was_stored(world: World) -> None:
    job = queued(world, activity())
    run_upserts()
    refused = world.erp.post(f"upserts/{job.uuid}/cancel/", None)
    assert [code for _pointer, _row, code in faults(refused)] == ["stored"]
    assert told(job) == ("done", 1, False, True)
    assert Exchange.objects.filter(external_id="MB-1").exists()


def test_a_cancelled_job_is_not_begun_again(world: World) -> None:
    """Its worker died; the one that looks for what was left behind passes over it."""
    job = queued(world, activity())
    UpsertJob.objects.update(state="running", attempts=1)
    cancel(world, job)
    assert due_upserts() == []
    run_upsert(job.pk)
    assert told(job) == ("cancelled", 1, False, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before it is read", "between two rows", "after the last one"])
def test_in_the_middle_everything_is_taken_back(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The worker's own transaction is open, and another connection cancels."""
    monkeypatch.setattr(lines, "TELL_EVERY", 1)
    monkeypatch.setattr(upserting, "TELL_SECONDS", 0.0)
    job = queued(world, activity(), activity("MB-2"))
    steps: list[int] = []

    def interrupted(target: Any, rows: Sequence[Any], *, by: Any, progress: Any) -> Any:
        def step(done: int, every: int) -> None:
            progress(done, every)
            steps.append(done)
            if moment == "between two rows" and done == 1:
                elsewhere(lambda: cancel(world, job))

        done = real_upsert(target, rows, by=by, progress=step)
        assert Exchange.objects.filter(external_id="MB-2").exists(), "written, not committed"
        elsewhere(lambda: cancel(world, job))
        return done

    def cancelled_first(*asked: Any) -> Any:
        elsewhere(lambda: cancel(world, job))
        return real_actor(*asked)

    real_actor = upserting.actor_behind
    if moment == "before it is read":
        monkeypatch.setattr(upserting, "actor_behind", cancelled_first)
    monkeypatch.setattr(upserting, "upsert", interrupted)
    run_upserts()
    assert steps == {"before it is read": [], "between two rows": [1], "after the last one": [1, 2]}[moment]
    assert told(job) == ("cancelled", 1, False, False)
    assert not Exchange.objects.filter(external_id__startswith="MB-").exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_just_then_was_cancelled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = queued(world, activity())

    def refusing(*_given: object, **_more: object) -> None:
        elsewhere(lambda: cancel(world, job))
        raise Refusal("no", code="no")

    monkeypatch.setattr(upserting, "upsert", refusing)
    run_upserts()
    assert told(job) == ("cancelled", 1, False, False)
