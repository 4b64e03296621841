"""Footprints that leave for partners and come from them."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """The room footprint.partners."""

    name = "footprint.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who puts notifications into words."""
        from accounts import notices

        notices.register("conformance_run", "footprint.partners.notices.told_of_runs")
        notices.register("partner_event", "footprint.partners.notices.told_of_requests")
        notices.register("partner_delivery", "footprint.partners.notices.told_of_deliveries")
        notices.register("partner_connection", "footprint.partners.notices.told_of_pulls")
        notices.register("connection_request", "footprint.partners.notices.told_of_introductions")
