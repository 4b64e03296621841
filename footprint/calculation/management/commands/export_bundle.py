"""``manage.py export_bundle --company CODE --product CODE [--year Y] -o FILE``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.models import Company
from accounts.queries import actor_for_company
from accounts.visibility import acting_as
from footprint.calculation.bundles import NoBundle, bundle
from footprint.inventory.models import Product


class Command(BaseCommand):
    """Write a product's calculation bundle."""

    help = (
        "Write all that a product's footprint was made of to one file, which `replay` solves again offline."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, which, where to."""
        parser.add_argument("--company", required=True, help="code of the company")
        parser.add_argument("--product", required=True, help="code of the product")
        parser.add_argument("--year", type=int, help="reference year, default the latest")
        parser.add_argument("-o", "--output", type=Path, required=True, help="the file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or say why not."""
        with translation.override("en"):
            company = Company.objects.filter(code=options["company"]).first()
            if company is None:
                raise CommandError(f"there is no company with the code {options['company']!r}")
            self._write(company, options)

    def _write(self, company: Company, options: dict[str, Any]) -> None:
        actor = actor_for_company(company)
        with acting_as(actor):
            product = Product.objects.own(actor).filter(code=options["product"]).first()
            if product is None:
                raise CommandError(f"{company.code} has no product with the code {options['product']!r}")
            try:
                written = bundle(actor, product, options["year"])
            except NoBundle as refusal:
                raise CommandError(f"no bundle written: {refusal}") from refusal
        try:
            options["output"].write_bytes(written.content)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror or error}") from error
        self.stdout.write(f"{options['output']}: {len(written.content)} bytes, root {written.root}")
