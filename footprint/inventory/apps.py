"""What plants enter: products, inventories, unit processes, exchanges."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """The room footprint.inventory."""

    name = "footprint.inventory"
    label = "inventory"
    default_auto_field = "django.db.models.BigAutoField"
