"""Cells, contributions and releases."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("rules", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cells",
                        to="rules.productcategory",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name": "benchmark cell",
                "constraints": [
                    models.UniqueConstraint(fields=("category", "year"), name="one_cell_per_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="Contribution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cell",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributions",
                        to="benchmark.cell",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.companygroup",
                    ),
                ),
                ("value", models.FloatField(null=True)),
                ("released_value", models.FloatField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("cell", "group"), name="one_contribution_per_group")
                ],
            },
        ),
        migrations.CreateModel(
            name="Estimate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cell",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="estimate",
                        to="benchmark.cell",
                    ),
                ),
                ("groups", models.PositiveSmallIntegerField()),
                ("median", models.FloatField(null=True)),
                ("input_digest", models.CharField(max_length=64)),
                ("generation", models.BigIntegerField()),
                ("computed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cell",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="release",
                        to="benchmark.cell",
                    ),
                ),
                ("median", models.FloatField()),
                (
                    "size",
                    models.CharField(
                        choices=[("5-7", "5–7"), ("8-11", "8–11"), ("12+", "12+")], max_length=5
                    ),
                ),
                ("released_at", models.DateTimeField()),
            ],
        ),
    ]
