"""Verification of published footprints."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """The room footprint.verification."""

    name = "footprint.verification"
    label = "verification"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who says what was stated about a publication, and who puts notifications into words."""
        from accounts import notices
        from footprint.publication import statements

        statements.register("footprint.verification.standing.stated_of")
        notices.register("engagement", "footprint.verification.notices.told_of_engagements")
