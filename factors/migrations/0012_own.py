"""Factors of one company, beside those that all members share."""

import django.db.models.deletion
from django.db import migrations, models


def company() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="accounts.company",
        verbose_name="company",
    )


class Migration(migrations.Migration):
    dependencies = [("factors", "0011_sources"), ("accounts", "0007_notifications")]

    operations = [
        migrations.AddField("factor", "company", company()),
        migrations.AddField("factorversion", "company", company()),
        migrations.AddField("factoremission", "company", company()),
    ]
