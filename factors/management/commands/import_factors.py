"""`manage.py import_factors FILE --by EMAIL`: publish a CSV of factor versions, all of it or nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from accounts.errors import Refusal, Refusals
from accounts.models import User
from accounts.queries import actor_of_user
from accounts.visibility import acting_as
from factors.actions.import_table import import_table

SHOWN = 100


class Command(BaseCommand):
    """In the name of a curator, who answers for what another prepared. The same again adds nothing."""

    help = "Publish the factor versions of a CSV file (one line for each gas) in the name of a curator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file, and whose."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, metavar="EMAIL", help="the curator who answers for it")
        parser.add_argument(
            "--prepared-by", required=True, metavar="EMAIL", help="who prepared it, somebody else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how far it is; every fault with its line."""
        other, actor = _person(options["prepared_by"]), actor_of_user(_person(options["by"]))
        begun = time.monotonic()
        try:
            with (
                translation.override("en"),
                acting_as(actor),
                options["file"].open(encoding="utf-8-sig", newline="") as lines,
            ):
                done = import_table(lines, by=actor, prepared_by=other.signature, progress=self._tell)
        except Refusals as several:
            told = [f"line {each.row}, {each.field}: {each}" for each in several.refusals]
            more = len(told) - SHOWN
            raise CommandError(
                "\n".join([*told[:SHOWN], *([f"and {more} more"] if more > 0 else [])])
            ) from several
        except (Refusal, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{done.factors} new factors, {done.versions} new versions, {done.superseded} superseded, "
            f"{done.known} there already ({time.monotonic() - begun:.1f} s)"
        )

    def _tell(self, step: str, count: int) -> None:
        self.stdout.write(f"{step}: {count}")


def _person(address: str) -> User:
    found = User.objects.filter(email=address, is_active=True).first()
    if found is None:
        raise CommandError(f"nobody has the address {address}")
    return found
