"""``manage.py recompute``: settle what is due without Celery."""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from footprint.calculation import ledger
from footprint.calculation.models import RecomputeFailure

logger = logging.getLogger(__name__)
LOOK_SECONDS = 2.0


class Command(BaseCommand):
    """Drain the recompute ledger."""

    help = "Recompute every footprint and benchmark whose inputs changed, without Celery."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Once, or for ever."""
        parser.add_argument(
            "--loop", action="store_true", help="keep looking every two seconds until stopped"
        )
        parser.add_argument(
            "--after",
            type=float,
            default=0.0,
            metavar="SECONDS",
            help="in the loop, leave to the workers what has waited for less: a standby",
        )
        parser.add_argument("--retry", action="store_true", help="give quarantined keys another chance first")

    def handle(self, *args: Any, loop: bool, after: float, retry: bool, **options: Any) -> None:
        """Drain; fail when something stays broken."""
        if retry:
            self.stdout.write(f"{ledger.retry_quarantined()} broken keys released")
        while loop:
            self._look(timedelta(seconds=after))
            time.sleep(LOOK_SECONDS)
        self._drain()
        broken = RecomputeFailure.objects.order_by("kind", "key").first()
        if broken is not None:
            raise CommandError(f"{broken} (attempt {broken.attempts})")
        if ledger.pending():
            raise CommandError(
                f"{ledger.pending()} keys still wait: another drain is at work, or they back off"
            )

    def _look(self, after: timedelta) -> None:
        """One turn of the loop; a database that is away is asked again in the next."""
        try:
            waiting_since = ledger.oldest()
            if waiting_since is not None and timezone.now() - waiting_since >= after:
                self._drain(quietly=True)
        except (OperationalError, InterfaceError) as error:
            logger.warning("the database is away: %s", error)
            connection.close()

    def _drain(self, *, quietly: bool = False) -> None:
        """Settle, and say what was done."""
        begun = time.monotonic()
        done = ledger.drain()
        if done.settled or done.broken or not quietly:
            seconds = time.monotonic() - begun
            self.stdout.write(f"{done.settled} settled, {done.broken} broken in {seconds:.2f} s")
