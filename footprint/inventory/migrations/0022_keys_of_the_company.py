"""Of a line's two keys to one thing, the one with the company stays: it refuses whatever the other would.

``same_company`` asks for a row of that id in the line's own company, and no line is without a company.
"""

import django.db.models.deletion
from django.db import migrations, models

PROCESS, PRODUCT = "inventory.unitprocess", "inventory.product"
CASCADE = django.db.models.deletion.CASCADE
PROTECT, SET_NULL = django.db.models.deletion.PROTECT, django.db.models.deletion.SET_NULL


class Migration(migrations.Migration):
    dependencies = [("inventory", "0021_product_identifiers")]

    operations = [
        migrations.AlterField(
            "exchange",
            "process",
            models.ForeignKey(
                PROCESS, on_delete=CASCADE, related_name="exchanges", db_index=False, db_constraint=False
            ),
        ),
        migrations.AlterField(
            "exchange",
            "product",
            models.ForeignKey(
                PRODUCT,
                on_delete=PROTECT,
                null=True,
                blank=True,
                related_name="exchanges",
                db_constraint=False,
            ),
        ),
        migrations.AlterField(
            "exchange",
            "provider_process",
            models.ForeignKey(
                PROCESS,
                on_delete=SET_NULL,
                null=True,
                blank=True,
                related_name="consumers",
                db_constraint=False,
            ),
        ),
    ]
