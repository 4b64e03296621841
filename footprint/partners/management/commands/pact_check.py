"""Check ProductFootprints in a file: by the schema, by PACT's rules, and by its methodology."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from footprint.partners.judging import Judged, judged


class Command(BaseCommand):
    """`manage.py pact_check footprint.json`; exit 1 when the schema refuses one."""

    help = "Check ProductFootprints (one, a list, or a PACT answer) and grade their usability."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say everything that was found, by its JSON pointer."""
        try:
            found = json.loads(options["file"].read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        documents = found.get("data", found) if isinstance(found, dict) else found
        results = [judged(one, at=timezone.now()) for one in _listed(documents)]
        for result in results:
            self._tell(result)
        if not all(result.is_valid for result in results):
            raise CommandError("the schema refuses what is marked with schema")

    def _tell(self, result: Judged) -> None:
        self.stdout.write(f"{result.id}: usability level {result.level}")
        for each in result.findings:
            self.stdout.write(f"  {each.severity:6} {each.pointer or '/'}  {each.sentence}")


def _listed(documents: Any) -> list[Any]:
    return documents if isinstance(documents, list) else [documents]
