"""`manage.py export_pact_sheet --company CODE -o FILE`: published footprints in PACT's simplified layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.queries import actor_for_company
from footprint.exchange import queries
from footprint.exchange.management.commands.import_openlca import company_of
from footprint.exchange.pact_sheet.writing import write


class Command(BaseCommand):
    """Acts as the company."""

    help = "Write a company's published footprints to an .xlsx in PACT's simplified layout."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and where to."""
        parser.add_argument("--company", required=True, metavar="CODE")
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        documents = queries.offered_documents(actor_for_company(company_of(options["company"])))
        options["output"].write_bytes(write(documents))
        self.stdout.write(f"{len(documents)} footprints written to {options['output']}")
