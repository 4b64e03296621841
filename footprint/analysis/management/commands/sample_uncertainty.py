"""``manage.py sample_uncertainty``: a Monte Carlo study of all products without Celery."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actor import Actor
from accounts.errors import Refusal
from footprint.analysis.actions.sample import SAMPLES, start_run, work
from footprint.analysis.models import UncertaintyRun


class Command(BaseCommand):
    """Sample the whole network."""

    help = "Sample all products at once, or go on with the study that is under way, without Celery."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many samples, from which seed."""
        parser.add_argument("--samples", type=int, default=SAMPLES)
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *args: Any, samples: int, seed: int, **options: Any) -> None:
        """Start one unless one is under way, and work until nothing is left to do."""
        unfinished = UncertaintyRun.objects.filter(finished_at=None).first()
        try:
            run = unfinished or start_run(by=Actor.worker(), samples=samples, seed=seed)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        while work():
            pass
        run.refresh_from_db()
        self.stdout.write(f"{run.columns} products, {run.samples} samples: {run.state}")
        if run.state != UncertaintyRun.State.DONE:
            raise CommandError("The study is not finished: another worker is at it, or it was broken off.")
