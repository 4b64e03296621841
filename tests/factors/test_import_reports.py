"""What is said of an imported file: its lines, every fault of it, and that it holds nothing."""

from __future__ import annotations

import pytest

from accounts.queries import actor_of_user
from accounts.roles import Role
from factors.actions.import_job import queue_import
from factors.tasks import run_imports
from tests import builders
from tests.factors.test_import import GOOD, queued, table


def test_one_report_names_every_fault_in_the_order_of_the_file(small: object) -> None:
    years = [{**GOOD, "reference_year": str(year)} for year in range(2010, 2014)]
    job = queued(years[0], {**years[1], "geography": "ATLANTIS"}, {**years[2], "unit": "stone"}, years[0])
    run_imports()
    job.refresh_from_db()
    assert [(each["line"], each["field"]) for each in job.faults] == [
        (2, "emissions"), (3, "geography"), (4, "unit"),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_a_file_are_counted_without_its_head(small: object, end: str) -> None:
    text = end.join(line.rstrip("\n") for line in table(GOOD, {**GOOD, "reference_year": "2023"}))
    person = builders.person(builders.company(), Role.CURATOR)
    for content in (text, text + end):
        job = queue_import(by=actor_of_user(person), file_name="f.csv", content=content.encode())
        assert job.lines_all == 2


def test_a_file_without_a_version_waits_for_nobody(small: object) -> None:
    job = queued()
    run_imports()
    job.refresh_from_db()
    assert (job.state, [each["code"] for each in job.faults]) == ("refused", ["no_version"])
