"""What a company wants its product's footprint to come down to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_kept_replies"),
        ("benchmark", "0006_parts"),
        ("inventory", "0005_submission_locks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReductionTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("base_year", models.PositiveSmallIntegerField(verbose_name="base year")),
                ("target_year", models.PositiveSmallIntegerField(verbose_name="target year")),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="reduction, %")),
                ("set_at", models.DateTimeField(verbose_name="set")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reduction_target",
                        to="inventory.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "reduction target",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("target_year__gt", models.F("base_year"))),
                        name="reduction_target_after_base",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gt", 0), ("percent__lte", 100)),
                        name="reduction_target_is_less",
                    ),
                ],
            },
        ),
    ]
