"""Rows belong to companies, and refer to rows of the same company; what is audited."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.sql import OWN, same_company, tenant_table

IN_FORCE = "(ends_on IS NULL OR ends_on >= (SELECT accounts_today()))"

RECEIVED = OWN.replace("company_id", "recipient_id") + " AND " + IN_FORCE

GRANTED = "id IN (SELECT product_id FROM inventory_productgrant)"

PROCESS = ("process_id", "inventory_unitprocess", "inventory_id", "inventory_inventory")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial"), ("accounts", "0003_locks")]

    operations = [
        tenant_table("inventory_inventory"),
        tenant_table("inventory_unitprocess"),
        tenant_table("inventory_exchange"),
        tenant_table("inventory_allocationshare"),
        tenant_table("inventory_outputprice"),
        tenant_table("inventory_productgrant", also_readable=RECEIVED),
        tenant_table("inventory_product", also_readable=GRANTED),
        same_company("inventory_inventory", "site_id", "accounts_site"),
        same_company("inventory_unitprocess", "inventory_id", "inventory_inventory"),
        same_company("inventory_exchange", "process_id", "inventory_unitprocess"),
        same_company("inventory_exchange", "provider_process_id", "inventory_unitprocess"),
        same_company("inventory_exchange", "product_id", "inventory_product"),
        same_company("inventory_allocationshare", "process_id", "inventory_unitprocess"),
        same_company("inventory_allocationshare", "product_id", "inventory_product"),
        same_company("inventory_allocationshare", "exchange_id", "inventory_exchange"),
        same_company("inventory_outputprice", "exchange_id", "inventory_exchange"),
        same_company("inventory_productgrant", "product_id", "inventory_product"),
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
