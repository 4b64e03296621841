"""Rows of footprints belong to companies; the ledger's functions and triggers."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.sql import read_only_for_web, same_company, tenant_table
from footprint.calculation.sql import create_ledger

GRANTED = "product_id IN (SELECT product_id FROM inventory_productgrant)"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_service_client"),
        ("calculation", "0001_ledger_and_footprints"),
        ("inventory", "0001_inventories"),
        ("factors", "0001_factor_database"),
    ]

    operations = [
        migrations.AddField(
            model_name="footprint",
            name="inventory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="footprints",
                to="inventory.inventory",
            ),
        ),
        migrations.AddField(
            model_name="footprint",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="footprints",
                to="inventory.unitprocess",
            ),
        ),
        migrations.AddField(
            model_name="footprint",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="footprints", to="inventory.product"
            ),
        ),
        migrations.AddField(
            model_name="footprint",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="footprints",
                to="calculation.calculationrun",
            ),
        ),
        migrations.AddField(
            model_name="footprintbreakdown",
            name="company",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="footprintbreakdown",
            name="footprint",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="breakdown",
                to="calculation.footprint",
            ),
        ),
        migrations.AddConstraint(
            model_name="recomputefailure",
            constraint=models.UniqueConstraint(fields=("kind", "key"), name="one_failure_per_key"),
        ),
        migrations.AddIndex(
            model_name="recomputemark",
            index=models.Index(fields=["kind", "key"], name="mark_by_key"),
        ),
        migrations.AddIndex(
            model_name="footprint",
            index=models.Index(fields=["product", "-year"], name="footprint_by_year"),
        ),
        migrations.AddConstraint(
            model_name="footprint",
            constraint=models.UniqueConstraint(
                fields=("process", "product"), name="one_footprint_per_column"
            ),
        ),
        migrations.AddConstraint(
            model_name="footprint",
            constraint=models.UniqueConstraint(fields=("company", "id"), name="footprint_company_id"),
        ),
        tenant_table("calculation_footprint", also_readable=GRANTED),
        tenant_table("calculation_footprintbreakdown"),
        same_company("calculation_footprint", "product_id", "inventory_product"),
        same_company("calculation_footprint", "process_id", "inventory_unitprocess"),
        same_company("calculation_footprintbreakdown", "footprint_id", "calculation_footprint"),
        read_only_for_web("calculation_footprint"),
        read_only_for_web("calculation_footprintbreakdown"),
        read_only_for_web("calculation_calculationrun"),
        read_only_for_web("calculation_recomputefailure"),
        create_ledger(),
    ]
