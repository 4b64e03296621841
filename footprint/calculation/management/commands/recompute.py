"""``manage.py recompute``: settle what is due without Celery."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from footprint.calculation import ledger
from footprint.calculation.models import RecomputeFailure


class Command(BaseCommand):
    """Drain the recompute ledger."""

    help = "Recompute every footprint and benchmark whose inputs changed, without Celery."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Once, or for ever."""
        parser.add_argument(
            "--loop", action="store_true", help="keep looking every two seconds until stopped"
        )
        parser.add_argument("--retry", action="store_true", help="give quarantined keys another chance first")

    def handle(self, *args: Any, loop: bool, retry: bool, **options: Any) -> None:
        """Drain; fail when something stays broken."""
        if retry:
            self.stdout.write(f"{ledger.retry_quarantined()} broken keys released")
        while True:
            begun = time.monotonic()
            done = ledger.drain()
            if done.settled or done.broken or not loop:
                seconds = time.monotonic() - begun
                self.stdout.write(f"{done.settled} settled, {done.broken} broken in {seconds:.2f} s")
            if not loop:
                break
            time.sleep(2)
        broken = RecomputeFailure.objects.order_by("kind", "key").first()
        if broken is not None:
            raise CommandError(f"{broken} (attempt {broken.attempts})")
        if ledger.pending():
            raise CommandError(
                f"{ledger.pending()} keys still wait: another drain is at work, or they back off"
            )
