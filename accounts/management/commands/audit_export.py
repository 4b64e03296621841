"""`manage.py audit_export --company CODE -o FILE`: a chain as JSON lines, to be verified without us."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import audit_queries
from accounts.actor import Actor
from accounts.audit import Action, record
from accounts.audit_chain import Head, entry_line, header_line
from accounts.models import AuditChain
from accounts.queries import actor_for_company
from accounts.visibility import acting_as


class Command(BaseCommand):
    """The file is verified by `python -m accounts.audit_chain FILE`."""

    help = "Write the audit log of a company (without one: of the alliance) to a file, prices sealed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and where to."""
        parser.add_argument("--company", default="", metavar="CODE")
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it in one reading; that it was taken is recorded behind it."""
        with acting_as(Actor.worker()):
            chains = AuditChain.objects.filter(code=options["company"]).select_related("company")
            chain = chains.order_by("-pk").first()  # a code may have been another company's once
            if chain is None:
                raise CommandError(f"there is no chain of {options['company']!r}")
            head = Head(chain.position, chain.head)
            with options["output"].open("w", encoding="utf-8") as file:
                file.write(header_line(chain.name, chain.code, head) + "\n")
                for entry in audit_queries.stored_entries(chain, until=chain.position):
                    file.write(entry_line(entry) + "\n")
            who = actor_for_company(chain.company) if chain.company else Actor.worker()
            record(
                who, Action.EXPORTED, "audit_export", company_id=chain.company_id, file=options["output"].name
            )
        self.stdout.write(f"{chain}: {head.position} entries written to {options['output']}")
