"""``manage.py prepare_releases``: take what was asked for through the gates without Celery."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from footprint.benchmark.actions import prepare_waiting
from footprint.calculation import ledger


class Command(BaseCommand):
    """Safe to run any number of times."""

    help = "Prepare the benchmark releases that the steward asked for, once every figure is settled."

    def handle(self, *args: Any, **options: Any) -> None:
        """Settle figures first: a cohort is frozen only when none is due."""
        ledger.drain()
        self.stdout.write(f"{prepare_waiting()} releases prepared")
