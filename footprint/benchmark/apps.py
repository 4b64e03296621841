"""Where one stands among peers, without showing any peer."""

from django.apps import AppConfig


class BenchmarkConfig(AppConfig):
    """The room footprint.benchmark."""

    name = "footprint.benchmark"
    label = "benchmark"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who settles cells: after the unit processes they are made of."""
        from footprint.calculation import ledger

        ledger.register(ledger.CELL, _settle)


def _settle(keys: list[int], gen: int) -> None:
    """As the action does, loaded when something is due."""
    from footprint.benchmark.actions.settle import settle_cells

    settle_cells(keys, gen)
