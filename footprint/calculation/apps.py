"""From rows to figures: the recompute ledger, assembly, runs and footprints."""

from django.apps import AppConfig


class CalculationConfig(AppConfig):
    """The room footprint.calculation."""

    name = "footprint.calculation"
    label = "calculation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who settles unit processes, and what figures say when an inventory is submitted."""
        from footprint.calculation import faults, ledger
        from footprint.inventory import gate, gate_words

        ledger.register(ledger.PROCESS, "footprint.calculation.actions.settle.settle_processes")
        gate.register("footprint.calculation.gate.figure_findings")
        gate.register_figures("footprint.calculation.gate.frozen_figures")
        gate_words.register_reasons(faults.WORDS)
