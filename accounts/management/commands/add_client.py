"""`manage.py add_client --company CODE --name NAME`: credentials for a company's own system."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import add_service_client
from accounts.errors import Refusal
from accounts.models import Company
from accounts.queries import actor_for_company
from accounts.visibility import acting_as


class Command(BaseCommand):
    """Prints the secret this once."""

    help = "Add a machine client of a company and print its id and secret."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and what it is called."""
        parser.add_argument("--company", required=True, metavar="CODE")
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """As the company's data owner."""
        company = Company.objects.filter(code=options["company"]).first()
        if company is None:
            raise CommandError(f"there is no company {options['company']!r}")
        actor = actor_for_company(company)
        try:
            with acting_as(actor):
                made = add_service_client(company, by=actor, name=options["name"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"client id      {made.client_id}\nclient secret  {made.client_secret}")
