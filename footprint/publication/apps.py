"""Published footprints."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """The room footprint.publication."""

    name = "footprint.publication"
    label = "publication"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who puts notifications about publications into words."""
        from accounts import notices

        notices.register("publication", "footprint.publication.notices.told_of_publications")
