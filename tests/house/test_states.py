"""What has a state moves as it may, and what came to its end is never edited: said by the database."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company
from accounts.visibility import acting_as
from factors.models import FactorVersion
from footprint.analysis.models import UncertaintyRun
from footprint.exchange.models import ImportJob
from tests import builders as new

pytestmark = pytest.mark.django_db
JOB = {
    "queued": {"queued", "running", "failed"},
    "running": {"running", "done", "refused", "failed"},
    "done": {"done"}, "refused": {"refused"}, "failed": {"failed"},
}  # fmt: skip
RUN = {
    "queued": {"queued", "running", "failed"},
    "running": {"running", "done", "failed"},
    "done": {"done"}, "failed": {"failed"},
}  # fmt: skip
WAY = {"queued": (), "running": ("running",), "done": ("running", "done"), "refused": ("running", "refused"),
       "failed": ("running", "failed")}  # fmt: skip


def job(company: Company, **more: Any) -> ImportJob:
    days = {"period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31)}
    return ImportJob.objects.create(
        company=company, file_name="x.zip", size=1, sha256="0" * 64, **days, **more
    )


def moves(row: models.Model, state: str) -> bool:
    """Whether the database lets the row into the state."""
    ends = isinstance(row, UncertaintyRun) and state in ("done", "failed")
    more = {"finished_at": timezone.now()} if ends else {}
    rows = type(row)._default_manager.filter(pk=row.pk)
    if rows.get().state == state:
        more = {}
    try:
        with transaction.atomic():
            rows.update(state=state, **more)
    except DatabaseError as error:
        assert "does not go from" in str(error) or "is never edited" in str(error)
        return False
    return True


@pytest.mark.parametrize(("before", "after"), product(JOB, JOB))
def test_imports(before: str, after: str) -> None:
    row = job(new.company())
    assert all(moves(row, state) for state in WAY[before])
    assert moves(row, after) is (after in JOB[before])


WORKBOOK = {"open": {"open", "storing", "refused", "applied", "discarded"}, "storing": {
    "storing", "open", "applied", "cancelled"}, "cancelled": {"cancelled"}, **{
    end: {end} for end in ("refused", "applied", "discarded")
}}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), product(WORKBOOK, WORKBOOK))
def test_workbooks(before: str, after: str) -> None:
    process = new.process(new.inventory(new.site(new.company())))
    row = new.workbook_upload(new.output(process, new.product(process.company)))
    assert before != "cancelled" or moves(row, "storing")
    assert before == "open" or moves(row, before)
    assert moves(row, after) is (after in WORKBOOK[before])


@pytest.mark.parametrize(("before", "after"), product(RUN, RUN))
def test_studies(before: str, after: str) -> None:
    row = UncertaintyRun.objects.create(samples=100)
    assert all(moves(row, state) for state in WAY[before])
    assert moves(row, after) is (after in RUN[before])


def test_nothing_begins_at_its_end() -> None:
    with pytest.raises(DatabaseError, match="begins as queued"):
        job(new.company(), state="done")


def test_a_finished_import_is_never_edited_whoever_connects() -> None:
    company = new.company()
    row = job(company)
    assert moves(row, "running") and moves(row, "refused")
    own = ImportJob.objects.filter(pk=row.pk)
    for who in (new.actor(company), Actor.worker()):
        for change in ({"problems": [1]}, {"sha256": "1" * 64}, {"created_by_id": 1}):
            with pytest.raises(DatabaseError, match="is never edited"), acting_as(who):
                own.update(**change)
    own.update(created_by=None)


def test_a_published_factor_version_is_never_edited() -> None:
    version = new.factor_version("0.5")
    own = FactorVersion.objects.filter(pk=version.pk)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        own.update(technology="another")
    own.update(status="withdrawn")
    with pytest.raises(DatabaseError, match="does not go back"), transaction.atomic():
        own.update(status="published")
