"""Rows of footprints belong to companies; the ledger's functions and triggers; history only grows."""

from django.db import migrations

from accounts.sql import append_only, read_only_for_web, same_company, tenant_table
from footprint.calculation.sql import create_ledger

GRANTED = "product_id IN (SELECT product_id FROM inventory_productgrant)"


class Migration(migrations.Migration):
    dependencies = [
        ("calculation", "0001_initial"),
        ("accounts", "0003_locks"),
        ("inventory", "0002_locks"),
        ("factors", "0002_locks"),
    ]

    operations = [
        tenant_table("calculation_footprint", also_readable=GRANTED),
        tenant_table("calculation_footprintbreakdown"),
        same_company("calculation_footprint", "inventory_id", "inventory_inventory"),
        same_company("calculation_footprint", "product_id", "inventory_product"),
        same_company("calculation_footprint", "process_id", "inventory_unitprocess"),
        same_company("calculation_footprintbreakdown", "footprint_id", "calculation_footprint"),
        read_only_for_web("calculation_footprint"),
        read_only_for_web("calculation_footprintbreakdown"),
        read_only_for_web("calculation_calculationrun"),
        read_only_for_web("calculation_recomputefailure"),
        create_ledger(),
        tenant_table("calculation_columnversion"),
        tenant_table("calculation_figureversion"),
        append_only("calculation_columnversion"),
        append_only("calculation_figureversion"),
    ]
