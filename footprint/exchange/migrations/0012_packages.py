"""What a company takes home may be one inventory for openLCA, and a machine may have asked for it."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.audited_sql import audited
from accounts.sql import same_company

TABLE = "exchange_companyexport"
PROGRESS = ("steps_done", "steps_all", "attempts")
BEFORE = audited(TABLE, ignoring=PROGRESS)
KINDS = [("company", "Everything of the company"), ("openlca", "An inventory for openLCA")]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_told_once"),
        ("exchange", "0011_cancelled_upserts"),
        ("inventory", "0021_product_identifiers"),
    ]

    operations = [
        migrations.AddField(
            model_name="companyexport",
            name="kind",
            field=models.CharField(choices=KINDS, db_default="company", default="company", max_length=10),
        ),
        migrations.AddField(
            model_name="companyexport",
            name="inventory",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="inventory.inventory",
            ),
        ),
        migrations.AddField(
            model_name="companyexport",
            name="gwp",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=10, verbose_name="GWP values"
            ),
        ),
        migrations.AddField(
            model_name="companyexport",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            model_name="companyexport",
            name="notes",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="companyexport",
            name="client",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.serviceclient",
            ),
        ),
        same_company(TABLE, "inventory_id", "inventory_inventory"),
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        audited(TABLE, ignoring=(*PROGRESS, "notes")),
    ]
