"""The clock's door, and that of the page of operations."""

from __future__ import annotations

from celery import shared_task

from footprint.calculation import ledger


@shared_task(name=ledger.DRAIN_TASK, ignore_result=True)
def drain() -> None:
    """Settle what is due; doing it twice does nothing more."""
    ledger.drain()


@shared_task(name=ledger.RETRY_TASK, ignore_result=True)
def retry() -> None:
    """Give broken keys another chance, as the system administrator asked."""
    ledger.retry_quarantined()
    ledger.drain()
