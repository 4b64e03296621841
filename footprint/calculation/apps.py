"""From rows to figures: the recompute ledger, assembly, runs and footprints."""

from django.apps import AppConfig


class CalculationConfig(AppConfig):
    """The room footprint.calculation."""

    name = "footprint.calculation"
    label = "calculation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who settles unit processes."""
        from footprint.calculation import ledger

        ledger.register(ledger.PROCESS, "footprint.calculation.actions.settle.settle_processes")
