"""What the audit log records of what plants enter and whom they open it to."""

from django.db import migrations

from accounts.audited_sql import audited

PROCESS = ("process_id", "inventory_unitprocess", "inventory_id", "inventory_inventory")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_quality_stage_and_composition"), ("accounts", "0003_audit_log")]

    operations = [
        audited("inventory_product"),
        audited("inventory_productgrant", within=("product_id", "inventory_product")),
        audited("inventory_inventory", within=("site_id", "accounts_site")),
        audited("inventory_unitprocess", within=("inventory_id", "inventory_inventory")),
        audited("inventory_exchange", within=PROCESS),
        audited("inventory_allocationshare", within=PROCESS),
        audited(
            "inventory_outputprice", within=("exchange_id", "inventory_exchange", *PROCESS), sealed=("price",)
        ),
    ]
