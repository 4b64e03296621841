"""``manage.py import_openlca ZIP --company CODE [--wait]``."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from accounts.models import Company, Site
from accounts.queries import actor_for_company
from footprint.calculation import ledger
from footprint.calculation.queries import Freshness, ledger_state
from footprint.exchange import queries, report
from footprint.exchange.actions import Imported, Period, import_openlca, last_full_year
from footprint.exchange.confined.archive import MOST_BYTES

LISTED = 20


class Command(BaseCommand):
    """Bring in an openLCA package."""

    help = "Import an openLCA JSON-LD zip as an inventory of a company; all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, for whom, and for which period."""
        parser.add_argument("zip", type=Path, help="the openLCA JSON-LD package")
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--site", help="code of the site (default: a site “openlca”, made when missing)")
        parser.add_argument("--period-start", type=date.fromisoformat, help="first day, default 1 January")
        parser.add_argument(
            "--period-end", type=date.fromisoformat, help="last day, default last 31 December"
        )
        parser.add_argument("--replace", action="store_true", help="replace the inventory of the same period")
        parser.add_argument("--report", type=Path, help="write cut-offs and notes to this CSV file")
        parser.add_argument("--wait", action="store_true", help="return when every footprint is current")
        parser.add_argument("--timeout", type=float, default=300.0, help="seconds to --wait at most")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, report, wait."""
        with translation.override("en"):
            self._handle(options)

    def _handle(self, options: dict[str, Any]) -> None:
        begun = time.monotonic()
        company = company_of(options["company"])
        actor = actor_for_company(company)
        imported = self._import(actor, company, options)
        counts = ", ".join(f"{number} {label.lower()}" for label, number in report.counts(imported.summary))
        self.stdout.write(f"imported in {time.monotonic() - begun:.2f} s: {counts}")
        if options["report"]:
            options["report"].write_text(report.as_csv(imported.summary, imported.findings), "utf-8")
        if options["wait"]:
            waited = time.monotonic()
            columns = self._wait(actor, company, options["timeout"])
            self.stdout.write(f"{columns} footprints current after {time.monotonic() - waited:.2f} s more")

    def _import(self, actor: Actor, company: Company, options: dict[str, Any]) -> Imported:
        try:
            return import_openlca(
                by=actor,
                company=company,
                content=_content(options["zip"]),
                period=_period(options["period_start"], options["period_end"]),
                site=_site(company, options["site"]),
                replace=options["replace"],
                title=options["zip"].name,
                progress=self._progress,
            )
        except Refusals as refused:
            for one in refused.refusals[:LISTED]:
                self.stderr.write(f"{one.row or 'package'}: {one.field or '-'}: {one}")
            first = refused.refusals[0]
            where = ": ".join(str(part) for part in (first.row, first.field, first) if part)
            more = len(refused.refusals)
            raise CommandError(f"nothing imported, {more} problem(s), the first: {where}") from refused
        except Refusal as refused:
            raise CommandError(f"nothing imported: {refused}") from refused

    def _progress(self, stage: str, done: int, every: int) -> None:
        if sys.stderr.isatty() or done == every:
            end = "\n" if done == every else "\r"
            self.stderr.write(f"{stage} {done}/{every}", ending=end)

    def _wait(self, actor: Actor, company: Company, seconds: float) -> int:
        """Until no column is pending, working at the ledger oneself when no worker does."""
        until = time.monotonic() + seconds
        while True:
            columns = queries.columns(actor, company)
            pending = [column for column in columns if column.state is Freshness.PENDING]
            if not pending:
                break
            _stop_at_quarantine(actor)
            if time.monotonic() > until:
                raise CommandError(
                    f"{len(pending)} of {len(columns)} footprints are not current after {seconds:g} s"
                )
            ledger.drain()
            time.sleep(0.1)
        failed = [column for column in columns if column.state is Freshness.FAILED]
        if failed:
            first = failed[0]
            raise CommandError(
                f"{len(failed)} of {len(columns)} footprints could not be computed, the first: "
                f"{first.process}, {first.product}: {first.failure}"
            )
        return len(columns)


def _stop_at_quarantine(actor: Actor) -> None:
    """A process whose calculation keeps breaking will not become current by waiting."""
    for failure in ledger_state(actor).broken:
        if failure.is_quarantined:
            raise CommandError(f"the calculation broke, {failure}")


def company_of(code: str) -> Company:
    """The company with this code."""
    company = Company.objects.filter(code=code).first()
    if company is None:
        raise CommandError(f"there is no company with the code {code!r}")
    return company


def _site(company: Company, code: str | None) -> Site | None:
    if code is None:
        return None
    site = Site.objects.filter(company=company, code=code).first()
    if site is None:
        raise CommandError(f"{company.code} has no site with the code {code!r}")
    return site


def _period(start: date | None, end: date | None) -> Period:
    usual = last_full_year(timezone.localdate())
    if start is None and end is None:
        return usual
    if start is None or end is None:
        known = start or end
        assert known is not None
        return Period(start or date(known.year, 1, 1), end or date(known.year, 12, 31))
    return Period(start, end)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{path.name} is larger than {MOST_BYTES // 2**20} MB")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from error
