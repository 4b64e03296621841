"""Load the product categories that come with the product."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from footprint.rules.actions.seeding import load_categories


class Command(BaseCommand):
    help = "Load or refresh the product categories."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_categories()} product categories")
