"""Check ProductFootprints in a file: by the schema, by PACT's rules, and by its methodology."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from accounts.errors import Refusal
from accounts.models import User
from footprint.partners.judging import Judged
from footprint.partners.validating import all_judged, read


class Command(BaseCommand):
    """`manage.py pact_check footprint.json`; exit 1 when the schema refuses one."""

    help = "Check ProductFootprints (one, a list, or a PACT answer) and grade their usability."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the version of PACT it is in."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--pact", type=int, choices=(2, 3), help="version of the documents, else each by its own"
        )
        parser.add_argument("--language", choices=User.Locale.values, default=User.Locale.ENGLISH)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say everything that was found, by its JSON pointer."""
        with translation.override(options["language"]):
            self._check(options)

    def _check(self, options: dict[str, Any]) -> None:
        try:
            documents = read(options["file"].read_text("utf-8"))
        except (OSError, ValueError, Refusal) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        results = all_judged(documents, at=timezone.now(), version=options["pact"])
        for result in results:
            self._tell(result)
        if not all(result.is_valid for result in results):
            raise CommandError("the schema refuses what is marked with schema")

    def _tell(self, result: Judged) -> None:
        self.stdout.write(f"{result.id}: PACT {result.version}, usability level {result.level}")
        for each in result.findings:
            self.stdout.write(f"  {each.severity:6} {each.pointer or '/'}  {each.sentence}")
