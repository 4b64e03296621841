"""The clock's door, and that of whoever hands in a file of factors or asks for one of a release."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from factors.actions.import_job import IMPORT_TASK, due_imports, forget_declined, run_import
from factors.actions.release_file import WRITE_TASK, due_files, remove_old_files, write_file

logger = logging.getLogger(__name__)


@shared_task(name=IMPORT_TASK, ignore_result=True)
def run_imports() -> None:
    """Read or publish what waits for it, oldest first; one that is being imported is passed over."""
    forget_declined()
    for key in due_imports():
        try:
            run_import(key)
        except Exception:
            # it is tried again by the clock, a few times; the next one must not wait for it
            logger.exception("import of factors %s broke", key)


@shared_task(name=WRITE_TASK, ignore_result=True)
def write_release_files() -> None:
    """Write the files that wait, oldest first, and remove those whose time is over."""
    for key in due_files():
        try:
            write_file(key, at=timezone.now())
        except Exception:
            # as above
            logger.exception("file of a release %s broke", key)
    remove_old_files(at=timezone.now())
