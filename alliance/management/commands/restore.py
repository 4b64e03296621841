"""`manage.py restore [NAME] [--at TIME] [--into URL] [--rehearse]`: the database as it was."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from alliance.runtime.backup import restore_rows, restore_uploads
from alliance.runtime.environment import Misconfigured
from alliance.runtime.memory import Memory
from alliance.runtime.postgres import Cluster
from alliance.runtime.preconditions import prepare_data_dir
from alliance.runtime.recovery import recover, rehearse
from alliance.runtime.vault import DUMP, Vault


class Command(BaseCommand):
    """The embedded database is restored while the product is stopped; its former files are kept."""

    help = "Restore a backup of BACKUP_DIR: the latest state, or with --at the one of a moment."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which backup, until when, and where to."""
        parser.add_argument("name", nargs="?", default="", help="a backup; else the latest that fits")
        parser.add_argument("--at", type=moment, metavar="TIME", help="2026-03-01T14:05:00+08:00")
        parser.add_argument(
            "--timeline", default="latest", help="latest, current (the backup's own) or a number"
        )
        parser.add_argument("--rehearse", action="store_true", help="only try it, beside the running product")
        parser.add_argument("--into", default="", metavar="URL", help="an outside database, as a superuser")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore it, and say what to do next."""
        try:
            if not options["into"] and not settings.EMBEDDED_DATABASE:
                raise Misconfigured(
                    "the database is an outside one: say with --into which one takes the dump"
                )
            if options["rehearse"]:
                self._rehearse(options["name"])
                return
            if options["into"]:
                self._rows(options)
            else:
                self._files(options)
        except Misconfigured as error:
            raise CommandError(str(error)) from error
        self.stdout.write("start the product, then: manage.py audit_verify, audit_checkpoint and recompute")

    def _rehearse(self, name: str) -> None:
        """What the last restore proved is all that a backup is."""
        copy = settings.VAULT.chosen(name)
        if copy.kind == DUMP:
            raise Misconfigured(f"{copy.name} is a dump: rehearse it with --into an empty database")
        rehearse(Cluster.under(settings.DATA_DIR), settings.VAULT, copy, say=self.stdout.write)
        self.stdout.write(f"{copy.name} can be restored")

    def _files(self, options: dict[str, Any]) -> None:
        vault: Vault = settings.VAULT
        with prepare_data_dir(settings.DATA_DIR):
            copy = vault.chosen(options["name"], options["at"])
            if copy.kind == DUMP:
                raise Misconfigured(f"{copy.name} is a dump: say with --into which database takes it")
            cluster = Cluster.under(settings.DATA_DIR)
            how = {"at": options["at"], "timeline": options["timeline"], "say": self.stdout.write}
            former = recover(cluster, vault, copy, **how)
            restore_uploads(copy, vault, Path(settings.MEDIA_ROOT))
            memory = Memory(settings.DATA_DIR)
            for what in ("migrated", "built-in"):  # an older state may need them again
                memory.drop(what)
        self.stdout.write(
            f"restored from {copy.name}" + (f"; the former files are in {former}" if former else "")
        )

    def _rows(self, options: dict[str, Any]) -> None:
        if options["at"]:
            raise Misconfigured(
                "--at needs the archived log, which belongs to backups of the embedded database"
            )
        copy = settings.VAULT.chosen(options["name"])
        if copy.kind != DUMP:
            raise Misconfigured(f"{copy.name} holds files of a server, not rows: restore it without --into")
        restore_rows(copy, settings.VAULT, options["into"])
        restore_uploads(copy, settings.VAULT, Path(settings.MEDIA_ROOT))
        self.stdout.write(f"restored from {copy.name}")


def moment(text: str) -> datetime:
    """A time with its offset, or in the product's own time zone."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no time; write 2026-03-01T14:05:00+08:00") from None
    return told if told.tzinfo else timezone.make_aware(told)
