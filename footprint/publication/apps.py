"""Published footprints."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """The room footprint.publication."""

    name = "footprint.publication"
    label = "publication"
    default_auto_field = "django.db.models.BigAutoField"
