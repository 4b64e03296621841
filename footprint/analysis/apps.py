"""What people ask next of a figure: where it comes from, what moves it, how sure it is."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """The room footprint.analysis."""

    name = "footprint.analysis"
    label = "analysis"
    default_auto_field = "django.db.models.BigAutoField"
