"""`manage.py load_demo`: bring the demo alliance into the database, with figures."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Company
from accounts.visibility import acting_as
from alliance.demo.benchmarks import accept_inventories, define, join_products, release_all
from alliance.demo.removal import remove
from alliance.demo.reviews import write_publications, write_submissions
from alliance.demo.writer import MissingVersion, Written, write
from footprint.benchmark.actions.overview import count
from footprint.calculation import ledger


class Command(BaseCommand):
    """Safe to run any number of times."""

    help = "Load the demo alliance: invented companies with plausible plants, marked as demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--replace", action="store_true", help="build the demo alliance anew")
        parser.add_argument(
            "--beside-real-data", action="store_true", help="load it into a database with real members"
        )
        parser.add_argument("--logins", type=Path, metavar="FILE", help="write what demo_logins prints there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, calculate what was loaded, and say who can sign in."""
        self._fill(**options)
        if place := options["logins"]:
            place.touch(mode=0o600)
            with place.open("w", encoding="utf-8") as told:
                call_command("demo_logins", stdout=told)

    def _fill(self, **options: Any) -> None:
        began = time.monotonic()
        with transaction.atomic(), acting_as(Actor.worker()):
            self._refuse_beside_real_members(allowed=options["beside_real_data"])
            loaded = Company.objects.filter(is_demonstration=True)
            if loaded.exists() and not options["replace"]:
                self.stdout.write("demo alliance: already loaded (--replace builds it anew)")
                return
            written = self._load(loaded)
        self.stdout.write(
            "demo alliance: "
            + ", ".join(f"{count} {what}" for what, count in written.counts.items())
            + f" ({time.monotonic() - began:.1f} s)"
        )
        self._calculate()
        self._review()
        self._publish()

    def _refuse_beside_real_members(self, *, allowed: bool) -> None:
        real = Company.objects.filter(is_demonstration=False, kind=Company.Kind.MEMBER)
        if real.exists() and not allowed:
            raise CommandError(
                "this database has real member companies; --beside-real-data loads the demo alliance anyway"
            )

    def _load(self, loaded: Any) -> Written:
        call_command("load_factors", stdout=self.stdout)
        call_command("load_rules", stdout=self.stdout)
        call_command("load_practices", stdout=self.stdout)
        if loaded.exists():
            try:
                remove(loaded)
            except ProtectedError as error:
                raise CommandError(
                    "cannot replace the demo alliance: another company's inventory links to its products"
                ) from error
        try:
            return write()
        except MissingVersion as error:
            raise CommandError(f"cannot load the demo alliance: {error}") from error

    def _calculate(self) -> None:
        """The figures; what else follows is settled beside the reviews, where a worker runs."""
        began = time.monotonic()
        try:
            drained = ledger.finish(figures=True)
        except OperationalError as error:
            raise CommandError(
                f"the demo alliance is loaded, but its figures are not yet: {str(error).splitlines()[0]}"
            ) from error
        self.stdout.write(
            f"footprints: {drained.settled} processes settled here, {drained.broken} broken "
            f"({time.monotonic() - began:.1f} s)"
        )

    def _review(self) -> None:
        """What people handed in and accepted, once there are figures."""
        began, at = time.monotonic(), timezone.now()
        with transaction.atomic(), acting_as(Actor.worker()):
            write_submissions(at=at)
            accepted, joined = accept_inventories(at=at), join_products()
        self.stdout.write(
            f"reviews: {accepted} inventories accepted, {joined} products joined "
            f"({time.monotonic() - began:.1f} s)"
        )

    def _publish(self) -> None:
        """What the alliance shows, once all that follows from figures and reviews is settled."""
        began, at = time.monotonic(), timezone.now()
        ledger.finish()
        with transaction.atomic(), acting_as(Actor.worker()):
            counts, definitions = write_publications(at=at), define(at=at)
        released = release_all(definitions, at=at)
        count(at)
        told = ", ".join(f"{count} {what}" for what, count in counts.items())
        self.stdout.write(
            f"published: {told}, {released} of {len(definitions)} comparisons "
            f"({time.monotonic() - began:.1f} s)"
        )
