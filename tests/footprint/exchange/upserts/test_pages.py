"""The pages of bulk uploads: what a member sees of what its systems sent; each ends with the outsider."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from footprint.exchange.actions import may_cancel
from footprint.exchange.models import UpsertJob, UpsertRow
from footprint.exchange.tasks import run_upserts
from tests import builders as new
from tests.api.conftest import World
from tests.footprint.exchange.test_import_jobs import signed_in
from tests.footprint.exchange.upserts.test_jobs import queue
from tests.footprint.exchange.upserts.test_upserts import activity


@pytest.fixture
def owners(world: World) -> Client:
    return signed_in(new.person(world.company, Role.OWNER))


def url(name: str, *jobs: UpsertJob) -> str:
    return reverse(f"exchange:{name}", args=[job.uuid for job in jobs])


def shown(client: Client, name: str, *jobs: UpsertJob, **query: object) -> str:
    answer = client.get(url(name, *jobs), query)
    assert answer.status_code == 200, answer.content
    return re.sub(r"\s+", " ", answer.content.decode())


def test_whoever_sent_nothing_is_told_how(owners: Client) -> None:
    page = shown(owners, "upsert_list")
    assert "Nothing was sent yet" in page
    assert f'href="{reverse("api_docs")}"' in page
    assert f'href="{url("upsert_list")}"' in page


def test_the_list_refreshes_itself_until_everything_ended(world: World, owners: Client) -> None:
    queue(world, activity(), activity("MB-2"))
    job = UpsertJob.objects.get()
    UpsertJob.objects.update(state="running", steps_done=1)
    page = shown(owners, "upsert_list", sort="-rows")
    assert f'hx-get="{url("upsert_table")}?sort=-rows"' in page
    assert "1 / 2" in page
    assert str(job.client) in page
    assert "Activity data" in page
    run_upserts()
    part = shown(owners, "upsert_table", sort="-rows")
    assert "hx-get" not in part and "<html" not in part
    assert url("upsert", job) in part
    assert "Nothing matches" in shown(owners, "upsert_list", state="refused")


def test_a_job_tells_row_by_row_what_it_did(world: World, owners: Client) -> None:
    queue(world, activity(), activity("MB-2"))
    job = UpsertJob.objects.get()
    assert f'hx-get="{url("upsert_state", job)}"' in shown(owners, "upsert", job)
    run_upserts()
    part = shown(owners, "upsert_state", job)
    assert "hx-get" not in part
    line = UpsertRow.objects.get(job=job, key="MB-2").thing
    assert f'<a href="{reverse("inventory:exchange", args=[line])}">MB-2</a>' in part
    assert owners.get(reverse("inventory:exchange", args=[line])).status_code == 200


def test_refused_rows_are_filtered_paged_and_taken_home(world: World, owners: Client) -> None:
    queue(world, activity(), activity("=MB+2", amount="-1", unit="stone"))
    run_upserts()
    job = UpsertJob.objects.get()
    rows = [
        UpsertRow(company=world.company, job=job, number=number, key=f"K-{number}", outcome="unchanged")
        for number in range(10, 70)
    ]
    UpsertRow.objects.bulk_create(rows)
    page = shown(owners, "upsert", job, outcome="refused")
    assert "Nothing was stored." in page
    assert "<code>amount</code>" in page and "An amount must not be negative" in page
    assert "K-10" not in page
    assert "K-69" not in shown(owners, "upsert", job) and "K-69" in shown(owners, "upsert", job, page=2)
    answer = owners.get(url("upsert_export", job), {"outcome": "refused"})
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[:3] + row[4:6] for row in table[1:]] == [
        ["2", "'=MB+2", "refused", "amount", "negative_amount"],
        ["2", "'=MB+2", "refused", "unit", "unknown_unit"],
    ]
    book = owners.get(url("upsert_export", job), {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert (sheet.max_row, sheet["A2"].value, sheet["B2"].value) == (63, 2, "=MB+2")
    assert f"{url('upsert_export', job)}?outcome=refused" in page


@pytest.mark.parametrize(
    ("pointer", "field"),
    [
        ("/rows/1/amount", "amount"),
        ("/rows/0", ""),
        ("/inventory", "inventory"),
        ("/rows/3/a/b", "a/b"),
        ("", ""),
    ],
)
def test_a_pointer_names_a_field(pointer: str, field: str) -> None:
    assert UpsertRow(pointer=pointer).field == field


def test_only_what_has_not_ended_is_taken_back_and_only_by_editors(world: World, owners: Client) -> None:
    queue(world, activity())
    job = UpsertJob.objects.get()
    reader = signed_in(new.person(world.company, Role.APPROVER))
    assert "Cancel the job" not in shown(reader, "upsert", job)
    assert reader.post(url("cancel_upsert", job)).status_code == 403
    assert "Cancel the job" in shown(owners, "upsert", job)
    assert owners.post(url("cancel_upsert", job)).status_code == 302
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert "The job was cancelled." in shown(owners, "upsert", job)
    owners.post(url("cancel_upsert", job))
    assert "Only what has not ended can be cancelled" in shown(owners, "upsert", job)


def test_a_job_whose_inventory_is_gone_cannot_be_taken_back(world: World) -> None:
    job = UpsertJob(company=world.company, kind="activities", state="queued")
    owner = new.actor(world.company, Role.OWNER)
    assert not may_cancel(job, by=owner)
    job.inventory = world.inventory
    assert may_cancel(job, by=owner)
    assert may_cancel(UpsertJob(company=world.company, kind="products"), by=owner)
    assert not may_cancel(UpsertJob(company=world.company, kind="products", state="done"), by=owner)


def test_after_a_month_only_the_counts_are_told(
    world: World, owners: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(world, activity())
    run_upserts()
    job = UpsertJob.objects.get()
    assert "Row by row" in shown(owners, "upsert", job)
    monkeypatch.setattr(UpsertJob, "DAYS", -1)
    page = shown(owners, "upsert", job)
    assert "Row by row" not in page and "kept for thirty days" in page


def test_an_outsider_finds_nothing(world: World) -> None:
    queue(world, activity())
    job = UpsertJob.objects.get()
    outsider = signed_in(new.person(new.company("outsider"), Role.OWNER))
    assert str(job.uuid) not in shown(outsider, "upsert_list")
    for name in ("upsert", "upsert_state", "upsert_export"):
        assert outsider.get(url(name, job)).status_code == 404
    assert outsider.post(url("cancel_upsert", job)).status_code == 404
