"""What plants enter: products, inventories, unit processes, exchanges."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """The room footprint.inventory."""

    name = "footprint.inventory"
    label = "inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name who puts notifications about its things into words."""
        from accounts import notices

        notices.register("submission", "footprint.inventory.notices.told_of_submissions")
        notices.register("thread", "footprint.inventory.notices.told_of_threads")
        notices.register("product", "footprint.inventory.notices.told_of_products")
