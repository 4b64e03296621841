"""Footprints that leave for partners and come from them."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """The room footprint.partners."""

    name = "footprint.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"
