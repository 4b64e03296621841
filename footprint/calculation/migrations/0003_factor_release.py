"""A run says which release of factors was the latest when it ran."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calculation", "0002_locks"), ("factors", "0007_releases")]

    operations = [
        migrations.AddField(
            "calculationrun",
            "factor_release",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="factors.factorrelease",
            ),
        ),
    ]
