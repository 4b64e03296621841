"""Where one stands among peers, without showing any peer."""

from django.apps import AppConfig


class BenchmarkConfig(AppConfig):
    """The room footprint.benchmark."""

    name = "footprint.benchmark"
    label = "benchmark"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who settles comparisons: after the figures they are made of."""
        from footprint.calculation import ledger

        ledger.register(ledger.CELL, "footprint.benchmark.actions.settle.settle_definitions")
