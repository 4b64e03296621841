"""`manage.py export_openlca --company CODE --site CODE --year YEAR -o FILE`: an inventory for openLCA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.queries import actor_for_company
from footprint.calculation.own_network import GWP_SETS
from footprint.exchange import queries
from footprint.exchange.management.commands.import_openlca import company_of
from footprint.exchange.openlca.exporting import outgoing
from footprint.exchange.openlca.notes import NOTES
from footprint.exchange.openlca.writing import write


class Command(BaseCommand):
    """Acts as the company; what is left out is said on the error stream."""

    help = "Write the inventory of a site and year as an openLCA package (JSON-LD in a zip)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and where to."""
        parser.add_argument("--company", required=True, metavar="CODE")
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--gwp", choices=GWP_SETS, default=GWP_SETS[-1], help="weighs suppliers' totals")
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        company = company_of(options["company"])
        who = actor_for_company(company)
        found = queries.inventories(who).filter(
            site__company=company, site__code=options["site"], period_end__year=options["year"]
        )
        inventory = found.first()
        if inventory is None:
            raise CommandError(f"{options['site']} has no inventory that ends in {options['year']}")
        package = outgoing(who, inventory, gwp=options["gwp"], language="en")
        options["output"].write_bytes(write(package))
        for note in package.notes:
            self.stderr.write(": ".join(filter(None, (note.process, note.line, str(NOTES[note.code])))))
        self.stdout.write(f"{len(package.processes)} processes written to {options['output']}")
