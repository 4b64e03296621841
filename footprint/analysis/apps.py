"""What people ask next of a figure: where it comes from, what moves it, how sure it is."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """The room footprint.analysis."""

    name = "footprint.analysis"
    label = "analysis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who settles assessments, when no figure is due, who asks at the gate, who tells."""
        from accounts import notices
        from footprint.analysis.sql import KIND
        from footprint.calculation import ledger
        from footprint.inventory import gate

        ledger.register(KIND, "footprint.analysis.actions.assess.settle_assessments", waits=True)
        gate.register("footprint.analysis.gate.rule_findings")
        gate.register("footprint.analysis.gate.cut_off_findings")
        notices.register("practice", "footprint.analysis.notices.told_of_practices")
        notices.register("factor_version", "footprint.analysis.notices.told_of_versions")
