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

        ledger.register(ledger.PROCESS, _settle)


def _settle(keys: list[int], gen: int) -> None:
    """As the action does, loaded when something is due."""
    from footprint.calculation.actions.settle import settle_processes

    settle_processes(keys, gen)
