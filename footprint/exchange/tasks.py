"""The clock's door, and that of the pages that import and export."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from footprint.exchange import actions
from footprint.exchange.actions.exporting import EXPORT_TASK
from footprint.exchange.actions.import_job import IMPORT_TASK
from footprint.exchange.actions.upserting import UPSERT_TASK
from footprint.exchange.actions.workbook_job import WORKBOOK_TASK

logger = logging.getLogger(__name__)

LEFT_BEHIND_SECONDS = 3600.0


@shared_task(name=IMPORT_TASK, ignore_result=True)
def run_imports() -> None:
    """Import what waits, oldest first; one that is being imported is passed over."""
    for job_id in actions.due_jobs():
        try:
            actions.run_import(job_id)
        except Exception:
            # it is tried again by the clock, a few times; the next one must not wait for it
            logger.exception("import %s broke", job_id)
    actions.discard_leftovers(older_than=LEFT_BEHIND_SECONDS)


@shared_task(name=EXPORT_TASK, ignore_result=True)
def run_exports() -> None:
    """Write the files that wait, oldest first, and remove those whose time is over."""
    for export_id in actions.due_exports():
        try:
            actions.run_export(export_id, at=timezone.now())
        except Exception:
            # as above
            logger.exception("export %s broke", export_id)
    actions.remove_old_exports(at=timezone.now())


@shared_task(name=UPSERT_TASK, ignore_result=True)
def run_upserts() -> None:
    """Store the rows that wait, oldest first, and forget what became of old ones.

    Another worker passes over what waits for the one that runs here, so this one looks again after each.
    """
    tried: set[int] = set()
    while job_id := next((each for each in actions.due_upserts() if each not in tried), None):
        tried.add(job_id)
        try:
            actions.run_upsert(job_id)
        except Exception:
            # as above
            logger.exception("upsert %s broke", job_id)
    actions.forget_upserts(at=timezone.now())


@shared_task(name=WORKBOOK_TASK, ignore_result=True)
def run_workbooks() -> None:
    """Store the workbooks that were confirmed, oldest first."""
    for upload_id in actions.due_workbooks():
        try:
            actions.run_workbook(upload_id)
        except Exception:
            # as above
            logger.exception("workbook %s broke", upload_id)
