"""Many rows become a job: queued, run once, told row by row, cancelled."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse

from footprint.exchange import actions
from footprint.exchange.actions import due_upserts, forget_upserts, run_upsert, upserting
from footprint.exchange.models import UpsertBody, UpsertJob, UpsertRow
from footprint.exchange.tasks import run_upserts
from footprint.inventory.models import Exchange, Product
from tests import builders as new
from tests.api.conftest import World, machine_of
from tests.footprint.exchange.upserts.test_upserts import activity, faults


def queue(world: World, *rows: Any, key: str = "") -> HttpResponse:
    body = {"inventory": str(world.inventory.uuid), "rows": list(rows)}
    headers = {"Prefer": "respond-async", **({"Idempotency-Key": key} if key else {})}
    return world.erp.post("upserts/activities/", body, **headers)


def test_a_job_is_told_from_beginning_to_end(world: World) -> None:
    answer = queue(world, activity(), activity("MB-2"))
    assert answer.status_code == 202
    job = answer.json()
    assert (job["state"], job["rows"], job["kind"]) == ("queued", 2, "activities")
    assert answer["Location"].endswith(f"/api/v1/upserts/{job['uuid']}/")
    run_upserts()
    told = world.erp.get(answer["Location"]).json()
    assert (told["state"], told["created"], told["refused"]) == ("done", 2, 0)
    rows = world.erp.get(f"upserts/{job['uuid']}/rows/?limit=1").json()
    assert rows["results"][0] | {"uuid": "…"} == {
        "row": 1, "key": "MB-1", "outcome": "created", "uuid": "…", "pointer": "", "code": "", "detail": "",
    }  # fmt: skip
    assert world.erp.get(rows["next"]).json()["results"][0]["row"] == 2
    assert not UpsertBody.objects.exists()
    assert due_upserts() == []


def test_a_refused_job_stores_nothing_and_says_why(world: World) -> None:
    before = Exchange.objects.count()
    job = queue(world, activity(), activity("MB-2", amount="-1", unit="stone")).json()
    run_upserts()
    told = world.erp.get(f"upserts/{job['uuid']}/").json()
    assert (told["state"], told["created"], told["refused"]) == ("refused", 0, 1)
    rows = world.erp.get(f"upserts/{job['uuid']}/rows/?outcome=refused").json()["results"]
    assert [(row["row"], row["key"], row["pointer"], row["code"]) for row in rows] == [
        (2, "MB-2", "/rows/1/amount", "negative_amount"),
        (2, "MB-2", "/rows/1/unit", "unknown_unit"),
    ]
    assert rows[0]["detail"].startswith("An amount must not be negative")  # in the language asked for
    assert Exchange.objects.count() == before


def test_the_same_key_makes_one_job(world: World) -> None:
    first, again = (queue(world, activity(), key="a-key") for _time in range(2))
    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true"
    assert UpsertJob.objects.count() == 1


def test_a_job_that_ran_is_not_run_again(world: World) -> None:
    job = UpsertJob.objects.get(uuid=queue(world, activity()).json()["uuid"])
    run_upsert(job.pk)
    run_upsert(job.pk)
    assert UpsertRow.objects.filter(job=job).count() == 1
    assert Exchange.objects.get(external_id="MB-1").version == 1


def test_what_breaks_is_tried_again_and_then_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = UpsertJob.objects.get(uuid=queue(world, activity()).json()["uuid"])

    def broken(*_given: object, **_more: object) -> None:
        raise RuntimeError("the worker dies")

    monkeypatch.setattr(upserting, "upsert", broken)
    for _attempt in range(UpsertJob.MOST_ATTEMPTS + 1):
        run_upserts()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", UpsertJob.MOST_ATTEMPTS)
    assert not Exchange.objects.filter(external_id="MB-1").exists()


def test_jobs_of_a_company_are_run_in_the_order_they_were_sent(world: World) -> None:
    first, second = (queue(world, activity(amount=amount)).json()["uuid"] for amount in ("1", "2"))
    jobs = {job.uuid: job.pk for job in UpsertJob.objects.all()}
    run_upsert(jobs[UUID(second)])
    assert UpsertJob.objects.get(uuid=second).state == "queued"
    sent_after = world.erp.post(
        "upserts/activities/", {"inventory": str(world.inventory.uuid), "rows": [activity(amount="3")]}
    )
    assert sent_after.status_code == 202  # few rows, but not before the others
    run_upserts()
    told = [world.erp.get(f"upserts/{job}/").json() for job in (first, second, sent_after.json()["uuid"])]
    assert [(job["state"], job["created"], job["changed"]) for job in told] == [
        ("done", 1, 0),
        ("done", 0, 1),
        ("done", 0, 1),
    ]
    assert Exchange.objects.get(external_id="MB-1").amount == 3


def test_a_worker_takes_what_others_passed_over_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was queued, and passed over by another worker, while the first job ran here."""
    first = UpsertJob.objects.get(uuid=queue(world, activity()).json()["uuid"])
    run, later = upserting.run_upsert, []

    def meanwhile(job_id: int) -> None:
        if job_id == first.pk:
            later.append(queue(world, activity("MB-2")).json()["uuid"])
        run(job_id)

    monkeypatch.setattr(actions, "run_upsert", meanwhile)
    run_upserts()
    assert [UpsertJob.objects.get(uuid=uuid).state for uuid in later] == ["done"]


def test_only_what_has_not_ended_is_cancelled(world: World) -> None:
    path = f"upserts/{queue(world, activity()).json()['uuid']}/cancel/"
    assert world.erp.post(path, None).json()["state"] == "cancelled"
    run_upserts()
    assert not Exchange.objects.filter(external_id="MB-1").exists()
    assert [code for _pointer, _row, code in faults(world.erp.post(path, None))] == ["ended"]


def test_who_lost_the_right_stores_nothing(world: World) -> None:
    queue(world, activity())
    job = UpsertJob.objects.get()
    assert job.client is not None
    job.client.is_active = False
    job.client.save()
    run_upserts()
    job.refresh_from_db()
    assert job.state == "refused"
    assert UpsertRow.objects.get(job=job).code == "not_allowed"


@pytest.mark.django_db(transaction=True)  # the job's progress is told by another connection
def test_many_rows_are_a_job_by_themselves(world: World) -> None:
    rows = [{"code": f"P-{number}", "unit": "kg", "name_en": "x"} for number in range(1001)]
    answer = world.erp.post("upserts/products/", {"rows": rows})
    assert answer.status_code == 202
    run_upserts()
    assert world.erp.get(answer["Location"]).json()["created"] == 1001
    assert Product.objects.filter(company=world.company, code__startswith="P-").count() == 1001


def test_a_long_body_is_read_here_and_not_elsewhere(world: World) -> None:
    long = json.dumps({"rows": [{"code": "P-1", "unit": "kg", "name_en": "x", "name_zh": " " * 6_000_000}]})
    assert world.erp.call("POST", "upserts/products/", long.encode()).status_code == 200
    elsewhere = world.erp.call("POST", "products/", long.encode())
    assert elsewhere.status_code == 400
    assert "5 MB" in elsewhere.json()["detail"]


def test_rows_are_forgotten_after_a_month(world: World) -> None:
    queue(world, activity())
    run_upserts()
    job = UpsertJob.objects.get()
    assert job.finished_at is not None
    assert forget_upserts(at=job.finished_at) == 0
    assert forget_upserts(at=job.finished_at + timedelta(days=UpsertJob.DAYS + 1)) == 1


def test_an_outsider_sees_nothing_of_it(world: World) -> None:
    job = queue(world, activity()).json()
    outsider = machine_of(new.company("outsider"))
    assert outsider.get("upserts/").json()["results"] == []
    for path in ("", "rows/"):
        assert outsider.get(f"upserts/{job['uuid']}/{path}").status_code == 404
    assert outsider.post(f"upserts/{job['uuid']}/cancel/", None).status_code == 404
