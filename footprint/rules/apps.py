"""What is to be calculated and how: categories, rules and profiles as records."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    """The room footprint.rules."""

    name = "footprint.rules"
    label = "rules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who puts notifications about rules and comments into words."""
        from accounts import notices

        notices.register("product_rule", "footprint.rules.notices.told_of_rules")
        notices.register("rule_comment", "footprint.rules.notices.told_of_comments")
