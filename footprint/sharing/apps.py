"""Sharing of footprints between companies."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The room footprint.sharing."""

    name = "footprint.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who puts notifications into words."""
        from accounts import notices

        notices.register("sharing", "footprint.sharing.notices.told_of_requests")
        notices.register("supplier_figure", "footprint.sharing.notices.told_of_figures")
