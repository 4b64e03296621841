"""Where one stands among peers, without showing any peer."""

from django.apps import AppConfig


class BenchmarkConfig(AppConfig):
    """The room footprint.benchmark."""

    name = "footprint.benchmark"
    label = "benchmark"
    default_auto_field = "django.db.models.BigAutoField"
