"""`manage.py export_company --company CODE -o FILE`: everything of one company, as its page gives it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.audit import Action, record
from accounts.queries import actor_for_company
from accounts.visibility import acting_as
from footprint.exchange.actions import write_export
from footprint.exchange.management.commands.import_openlca import company_of


class Command(BaseCommand):
    """Acts as the company's data owner; that it was taken is recorded."""

    help = "Write everything of a company to a zip: tables, people, audit log."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and where to."""
        parser.add_argument("--company", required=True, metavar="CODE")
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        company = company_of(options["company"])
        who = actor_for_company(company)
        with options["output"].open("wb") as file:
            write_export(file, by=who, company=company, at=timezone.now())
        with acting_as(who):
            record(who, Action.EXPORTED, "export_company", company_id=company.pk, file=options["output"].name)
        self.stdout.write(f"{company.code}: written to {options['output']}")
