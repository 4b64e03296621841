"""`manage.py backup [--keep N] [--every HOURS] [--list]`: a copy of the database and of what was uploaded."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.runtime.backup import KEPT, copy_files, copy_rows
from alliance.runtime.environment import Misconfigured
from alliance.runtime.postgres import Cluster
from alliance.runtime.vault import Copy, Vault

HOUR = 3600.0


class Command(BaseCommand):
    """Of the embedded database its files, so that any second since can be restored; of another its rows."""

    help = "Back up the database and the uploaded files into BACKUP_DIR."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """How many to keep, and whether to go on."""
        parser.add_argument("--keep", type=int, default=KEPT, metavar="N", help="backups that stay")
        parser.add_argument("--every", type=float, metavar="HOURS", help="go on for ever")
        parser.add_argument("--list", action="store_true", help="only name what there is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make one, or one after another."""
        if options["list"]:
            for copy in settings.VAULT.copies():
                self._tell(copy)
            return
        if options["keep"] < 1:
            raise CommandError("--keep: at least one backup has to stay")
        if options["every"] is not None and not options["every"] > 0:
            raise CommandError("--every: say after how many hours, more than 0")
        self._make(options["keep"])
        while options["every"]:
            time.sleep(options["every"] * HOUR)
            self._make(options["keep"])

    def _make(self, keep: int) -> None:
        try:
            self._tell(make(settings.VAULT, keep))
        except Misconfigured as error:
            raise CommandError(str(error)) from error

    def _tell(self, copy: Copy) -> None:
        seconds = (copy.ended_at - copy.began_at).total_seconds()
        self.stdout.write(
            f"{copy.name}  {copy.bytes / 2**20:.1f} MiB  {seconds:.1f} s  PostgreSQL {copy.server}"
        )


def make(vault: Vault, keep: int) -> Copy:
    """The backup that fits where the data are.

    Raises:
        Misconfigured: the login for it is missing, or PostgreSQL refuses.
    """
    uploads = Path(settings.MEDIA_ROOT)
    if settings.EMBEDDED_DATABASE:
        return copy_files(Cluster.under(settings.DATA_DIR), vault, uploads, keep=keep)
    if not settings.BACKUP_DATABASE_URL:
        raise Misconfigured(
            "the database is an outside one: set BACKUP_DATABASE_URL to a login that may read everything"
            " (pg_read_all_data, BYPASSRLS)"
        )
    return copy_rows(settings.BACKUP_DATABASE_URL, vault, uploads, keep=keep)
