"""`manage.py load_factors`: bring the built-in gases, GWP values and factors into the database."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from factors.actions.load_seed import SeedConflict, load_seed
from factors.seed.reading import BadSeed, read


class Command(BaseCommand):
    """Safe to run any number of times."""

    help = "Load the built-in greenhouse gases, GWP values and emission factors."

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the seed files and load them in one transaction."""
        begun = time.monotonic()
        try:
            loaded = load_seed(read())
        except (BadSeed, SeedConflict) as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - begun
        self.stdout.write(
            f"factors: {loaded.gases} gases, {loaded.gwp_new} new GWP values, {loaded.factors} factors, "
            f"{loaded.versions_new} new versions, {loaded.versions_superseded} superseded, "
            f"{loaded.versions_kept} left to curators ({seconds:.1f} s)"
        )
