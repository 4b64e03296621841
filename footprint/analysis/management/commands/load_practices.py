"""Load the practices that come with the product."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from footprint.analysis.actions.seeding import load_practices


class Command(BaseCommand):
    """Safe to run any number of times."""

    help = "Add the reduction practices that come with the product. Load factors and rules first."

    def handle(self, *args: Any, **options: Any) -> None:
        """Those of the literature."""
        self.stdout.write(f"practices: {load_practices()} from the literature")
