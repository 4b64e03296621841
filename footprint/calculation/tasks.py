"""The clock's door."""

from __future__ import annotations

from celery import shared_task

from footprint.calculation import ledger


@shared_task(name=ledger.DRAIN_TASK, ignore_result=True)
def drain() -> None:
    """Settle what is due; doing it twice does nothing more."""
    ledger.drain()
