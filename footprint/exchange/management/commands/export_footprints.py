"""``manage.py export_footprints --company CODE --gwp AR5|AR6 --format csv``."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.exports import safe
from accounts.queries import actor_for_company
from footprint.calculation.queries import Freshness
from footprint.exchange import queries
from footprint.exchange.management.commands.import_openlca import company_of

HEADER = (
    "process_uuid",
    "flow_uuid",
    "product",
    "unit",
    "kg_co2e_per_unit",
    "is_reference",
    "process",
    "site",
    "year",
    "gwp",
)


class Command(BaseCommand):
    """Print the current footprints of a company."""

    help = "Print every product column of a company, co-products too, per the unit its maker declares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and under which GWP values."""
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--gwp", choices=["AR5", "AR6"], default="AR6", help="GWP100 values")
        parser.add_argument("--format", choices=["csv"], default="csv")
        parser.add_argument("--year", type=int, help="only this reference year")
        parser.add_argument(
            "--allow-stale", action="store_true", help="print what is current even if some columns are not"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, or say what is missing."""
        with translation.override("en"):
            self._handle(options)

    def _handle(self, options: dict[str, Any]) -> None:
        company = company_of(options["company"])
        columns = queries.columns(actor_for_company(company), company)
        if options["year"]:
            columns = [column for column in columns if column.year == options["year"]]
        if not columns:
            raise CommandError(f"{company.code} makes no product in any inventory asked for")
        current = [column for column in columns if column.state is Freshness.CURRENT]
        missing = len(columns) - len(current)
        if missing and not options["allow_stale"]:
            raise CommandError(
                f"{missing} of {len(columns)} footprints are not current; recompute, or use --allow-stale"
            )
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(HEADER)
        for column in current:
            writer.writerow(
                [
                    column.process_uuid,
                    column.flow_uuid,
                    safe(column.product),
                    column.unit,
                    repr(column.figure(options["gwp"])),
                    column.is_reference,
                    safe(column.process),
                    column.site,
                    column.year,
                    options["gwp"],
                ]
            )
        if missing:
            self.stderr.write(f"{missing} of {len(columns)} footprints are not current and were left out")
