"""Prices as they were when copies were made: rows of their own, for reviewers read the copies."""

import django.db.models.deletion
from django.db import migrations, models

import accounts.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_ended"),
        ("inventory", "0015_own_factors"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrozenPrice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveIntegerField()),
                ("process", models.UUIDField()),
                ("line", models.UUIDField()),
                ("year", models.PositiveSmallIntegerField()),
                ("price", accounts.fields.ExactDecimalField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="frozen_prices",
                        to="inventory.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "price of a frozen copy",
                "verbose_name_plural": "prices of frozen copies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "round", "line", "year"), name="frozen_price_once_a_year"
                    )
                ],
            },
        ),
    ]
