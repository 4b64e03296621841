"""Benchmark cells; estimates and contributions are for the worker alone."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.sql import read_only_for_web, worker_only
from footprint.benchmark.sql import create_cell_triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_service_client"),
        ("rules", "0001_categories"),
        ("calculation", "0002_rows_and_triggers"),
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
                ("year", models.PositiveSmallIntegerField()),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cells",
                        to="rules.productcategory",
                    ),
                ),
            ],
            options={
                "verbose_name": "benchmark cell",
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
                ("value", models.FloatField(null=True)),
                ("released_value", models.FloatField(null=True)),
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
            ],
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
                ("groups", models.PositiveSmallIntegerField()),
                ("median", models.FloatField(null=True)),
                ("input_digest", models.CharField(max_length=64)),
                ("generation", models.BigIntegerField()),
                ("computed_at", models.DateTimeField()),
                (
                    "cell",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="estimate",
                        to="benchmark.cell",
                    ),
                ),
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
                ("median", models.FloatField()),
                (
                    "size",
                    models.CharField(
                        choices=[("5-7", "5–7"), ("8-11", "8–11"), ("12+", "12+")], max_length=5
                    ),
                ),
                ("released_at", models.DateTimeField()),
                (
                    "cell",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="release",
                        to="benchmark.cell",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="cell",
            constraint=models.UniqueConstraint(fields=("category", "year"), name="one_cell_per_year"),
        ),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.UniqueConstraint(fields=("cell", "group"), name="one_contribution_per_group"),
        ),
        worker_only("benchmark_contribution"),
        worker_only("benchmark_estimate"),
        read_only_for_web("benchmark_cell"),
        read_only_for_web("benchmark_release"),
        create_cell_triggers(),
    ]
