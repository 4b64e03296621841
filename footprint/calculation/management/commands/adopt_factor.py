"""``manage.py adopt_factor OLD_UUID NEW_UUID (--company CODE | --all)``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from accounts.errors import Refusal
from accounts.models import Company
from accounts.queries import actor_for_company
from factors.models import FactorVersion
from footprint.calculation import ledger
from footprint.inventory.actions import adopt_version


class Command(BaseCommand):
    """Replace one version of a factor by another wherever it is used."""

    help = "Let the lines that use a factor version use another one, and have the figures recomputed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which versions, and whose lines."""
        parser.add_argument("old", type=UUID, help="uuid of the version in use")
        parser.add_argument("new", type=UUID, help="uuid of the version that takes its place")
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--company", help="code of the company")
        whose.add_argument("--all", action="store_true", help="every company, in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        """Adopt, then wake the workers."""
        old, new = _version(options["old"]), _version(options["new"])
        with translation.override("en"), transaction.atomic():
            adopted = {company.code: _adopt(old, new, company) for company in _companies(options["company"])}
            ledger.wake()
        for code, lines in adopted.items():
            if lines:
                self.stdout.write(f"{code}: {lines} lines")
        self.stdout.write(f"{sum(adopted.values())} lines use the new version")


def _version(uuid: UUID) -> FactorVersion:
    found = FactorVersion.objects.select_related("factor").filter(uuid=uuid).first()
    if found is None:
        raise CommandError(f"no factor version has the uuid {uuid}")
    return found


def _companies(code: str | None) -> list[Company]:
    found = list(Company.objects.filter(**{"code": code} if code else {}).order_by("code"))
    if code and not found:
        raise CommandError(f"no company has the code {code}")
    return found


def _adopt(old: FactorVersion, new: FactorVersion, company: Company) -> int:
    try:
        return adopt_version(old, new, by=actor_for_company(company), company=company)
    except Refusal as refusal:
        raise CommandError(str(refusal)) from refusal
