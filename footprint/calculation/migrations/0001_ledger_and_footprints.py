"""The ledger, its triggers, and footprints."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_service_client"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalculationRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("engine_version", models.CharField(max_length=20)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField()),
                ("columns", models.PositiveIntegerField()),
                ("changed", models.PositiveIntegerField()),
                ("residual", models.FloatField()),
                ("input_digest", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "calculation run",
            },
        ),
        migrations.CreateModel(
            name="FootprintBreakdown",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_gas", models.JSONField()),
                ("contributions", models.JSONField()),
            ],
            options={
                "verbose_name": "footprint breakdown",
            },
        ),
        migrations.CreateModel(
            name="RecomputeFailure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("key", models.BigIntegerField()),
                ("gen", models.BigIntegerField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("last_error", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="RecomputeMark",
            fields=[
                ("gen", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("key", models.BigIntegerField()),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Footprint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("year", models.PositiveSmallIntegerField()),
                ("unit", models.CharField(max_length=20)),
                ("production", models.FloatField()),
                ("kg_co2e_ar5", models.FloatField(null=True)),
                ("kg_co2e_ar6", models.FloatField(null=True)),
                ("share", models.FloatField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("current", "Current"), ("failed", "Failed")],
                        default="current",
                        max_length=8,
                    ),
                ),
                ("error", models.JSONField(blank=True, default=dict)),
                ("input_digest", models.CharField(max_length=64)),
                ("generation", models.BigIntegerField()),
                ("computed_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
            ],
            options={
                "verbose_name": "footprint",
            },
        ),
    ]
