"""`manage.py add_sandbox --company CODE`: a company to try things out in, beside a real one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import open_sandbox
from accounts.errors import Refusal
from accounts.models import Company
from accounts.queries import actor_for_company
from accounts.visibility import acting_as


class Command(BaseCommand):
    """`invite` asks its people in, `add_client` makes its credentials."""

    help = "Open the sandbox of a company: nothing of it reaches others."

    def add_arguments(self, parser: CommandParser) -> None:
        """Beside which company."""
        parser.add_argument("--company", required=True, metavar="CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        """As the company's data owner."""
        company = Company.objects.filter(code=options["company"]).first()
        if company is None:
            raise CommandError(f"there is no company {options['company']!r}")
        actor = actor_for_company(company)
        try:
            with acting_as(actor):
                made = open_sandbox(company, by=actor)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"sandbox {made.code}")
