"""`manage.py audit_checkpoint [--company CODE -o FILE]`: sign how the audit log stands, now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import audit_queries
from accounts.actions.checkpoint import make_checkpoint
from accounts.actor import Actor
from accounts.audit_keys import signing_key
from accounts.models import AuditCheckpoint
from accounts.visibility import acting_as


class Command(BaseCommand):
    """Does at once what the clock does every hour."""

    help = "Make a checkpoint, and write a company's proof to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """For whom to write the proof."""
        parser.add_argument("--company", default="", metavar="CODE")
        parser.add_argument("-o", "--output", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sign, print the line, write the file."""
        if bool(options["company"]) != bool(options["output"]):
            raise CommandError("--company and --output go together")
        try:
            made = make_checkpoint(at=timezone.now(), key=signing_key())
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        self.stdout.write(made.line)
        with acting_as(Actor.worker()):
            findings = [f"{part.chain}: {part.finding}" for part in made.parts.exclude(finding="")]
            if options["output"]:
                self._write(made, options["company"], options["output"])
        if findings:
            raise CommandError("\n".join(findings))

    def _write(self, made: AuditCheckpoint, code: str, file: Path) -> None:
        part = made.parts.filter(company__code=code).select_related("checkpoint").first()
        if part is None:
            raise CommandError(f"there is no chain of {code!r}")
        file.write_text(json.dumps(audit_queries.proof_of(part, code), indent=1), encoding="utf-8")
