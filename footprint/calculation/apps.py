"""From rows to figures: the recompute ledger, assembly, runs and footprints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from accounts.actor import Actor
    from footprint.inventory.gate import Finding
    from footprint.inventory.models import Inventory


class CalculationConfig(AppConfig):
    """The room footprint.calculation."""

    name = "footprint.calculation"
    label = "calculation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who settles unit processes, and what figures say when an inventory is submitted."""
        from footprint.calculation import faults, ledger
        from footprint.inventory import gate, gate_words

        ledger.register(ledger.PROCESS, _settle)
        gate.register(_say)
        gate.register_figures(_freeze)
        gate_words.register_reasons(faults.WORDS)


def _settle(keys: list[int], gen: int) -> None:
    """As the action does, loaded when something is due."""
    from footprint.calculation.actions.settle import settle_processes

    settle_processes(keys, gen)


def _say(actor: Actor, inventory: Inventory) -> Iterable[Finding]:
    """As the gate's check does, loaded when somebody submits."""
    from footprint.calculation.gate import figure_findings

    return figure_findings(actor, inventory)


def _freeze(actor: Actor, inventory: Inventory) -> list[dict[str, Any]]:
    """As above."""
    from footprint.calculation.gate import frozen_figures

    return frozen_figures(actor, inventory)
