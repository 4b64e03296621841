"""Other formats and partners: one folder per protocol."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The room footprint.exchange."""

    name = "footprint.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
