"""`manage.py states`: every procedure as a diagram and a table, for docs/states.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.review import document
from factors.procedure import PROPOSAL
from footprint.analysis.procedure import PRACTICE
from footprint.benchmark.procedure import DEFINITION, RELEASE
from footprint.inventory.procedure import SUBMISSION
from footprint.partners.procedure import CONNECTION_REQUEST
from footprint.publication.procedure import PUBLICATION
from footprint.rules.document.lifecycle import RULE
from footprint.sharing.procedure import REQUEST
from footprint.verification.procedure import VERIFICATION

PROCEDURES = (
    RULE,
    PROPOSAL,
    SUBMISSION,
    PUBLICATION,
    VERIFICATION,
    REQUEST,
    CONNECTION_REQUEST,
    PRACTICE,
    DEFINITION,
    RELEASE,
)


class Command(BaseCommand):
    """Needs no database."""

    help = "Print docs/states.md: what has a state, and who moves it on."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output."""
        self.stdout.write(document(PROCEDURES), ending="")
