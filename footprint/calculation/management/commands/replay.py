"""``manage.py replay BUNDLE``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from footprint.engine.errors import EngineError
from footprint.engine.replay import read_file, replay


class Command(BaseCommand):
    """Solve a calculation bundle again, as ``python -m footprint.engine.replay`` does without Django."""

    help = "Solve a calculation bundle again and compare every figure with what it states."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file."""
        parser.add_argument("bundle", help="the file that export_bundle or the platform's pages wrote")

    def handle(self, *args: Any, bundle: str, **options: Any) -> None:
        """Print the verdict; fail unless the figures are the same."""
        try:
            verdict = replay(read_file(bundle))
        except OSError as error:
            raise CommandError(f"refused: {bundle}: {error.strerror or error}", returncode=2) from error
        except EngineError as error:
            raise CommandError(f"refused: {error.sentence}", returncode=2) from error
        for line in verdict.lines():
            self.stdout.write(line)
        if not verdict.is_same:
            raise CommandError("the figures are others")
