"""The shared factor database: gases, sources, factors and their versions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactorsConfig(AppConfig):
    """Stands on accounts alone."""

    name = "factors"
    verbose_name = _("Factors")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who puts notifications about proposals and imports into words."""
        from accounts import notices

        notices.register("factor_proposal", "factors.notices.told_of_proposals")
        notices.register("factor_import", "factors.notices.told_of_imports")
