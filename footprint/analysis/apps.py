"""What people ask next of a figure: where it comes from, what moves it, how sure it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from accounts.actor import Actor
    from footprint.inventory.gate import Finding
    from footprint.inventory.models import Inventory


class AnalysisConfig(AppConfig):
    """The room footprint.analysis."""

    name = "footprint.analysis"
    label = "analysis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who settles assessments, when no figure is due, and who asks whether balances close."""
        from footprint.analysis.sql import KIND
        from footprint.calculation import ledger
        from footprint.inventory import gate

        ledger.register(KIND, _settle, waits=True)
        gate.register(_closes)


def _closes(actor: Actor, inventory: Inventory) -> Iterable[Finding]:
    """As the gate's check does, loaded when somebody submits."""
    from footprint.analysis.gate import closure_findings

    return closure_findings(actor, inventory)


def _settle(keys: list[int], gen: int) -> None:
    """As the action does, loaded when something is due."""
    from footprint.analysis.actions.assess import settle_assessments

    settle_assessments(keys, gen)
