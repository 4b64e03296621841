"""The clock's door, and that of whoever hands in a file of factors."""

from __future__ import annotations

import logging

from celery import shared_task

from factors.actions.import_job import IMPORT_TASK, due_imports, forget_declined, run_import

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
