"""Runs, footprints, their history, and the ledger."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("inventory", "0001_initial"),
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
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="one_failure_per_key")],
            },
        ),
        migrations.CreateModel(
            name="RecomputeMark",
            fields=[
                ("gen", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("key", models.BigIntegerField()),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "key"], name="mark_by_key")],
            },
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
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "inventory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="footprints",
                        to="inventory.inventory",
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="footprints",
                        to="inventory.unitprocess",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="footprints",
                        to="inventory.product",
                    ),
                ),
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
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="footprints",
                        to="calculation.calculationrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "footprint",
                "indexes": [models.Index(fields=["product", "-year"], name="footprint_by_year")],
                "constraints": [
                    models.UniqueConstraint(fields=("process", "product"), name="one_footprint_per_column"),
                    models.UniqueConstraint(fields=("company", "id"), name="footprint_company_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ColumnVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "inventory",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="inventory.inventory",
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="inventory.unitprocess",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="inventory.product",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calculation.calculationrun",
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("process_uuid", models.UUIDField()),
                ("process_code", models.CharField(max_length=80)),
                ("product_uuid", models.UUIDField()),
                ("product_code", models.CharField(max_length=80)),
                ("content", models.JSONField(null=True)),
                ("fault", models.JSONField(null=True)),
            ],
            options={
                "verbose_name": "column version",
                "indexes": [models.Index(fields=["product", "run"], name="column_by_product")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "process", "product", "run"),
                        include=("id",),
                        name="one_column_version_per_run",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("content__isnull", True), ("fault__isnull", True), _connector="OR"
                        ),
                        name="column_sound_or_faulty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FigureVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "inventory",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="inventory.inventory",
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="inventory.unitprocess",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="inventory.product",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calculation.calculationrun",
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("production", models.FloatField()),
                ("kg_co2e_ar5", models.FloatField(null=True)),
                ("kg_co2e_ar6", models.FloatField(null=True)),
            ],
            options={
                "verbose_name": "figure version",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product", "process", "run"), name="one_figure_version_per_run"
                    )
                ],
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
                (
                    "footprint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="breakdown",
                        to="calculation.footprint",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                ("by_gas", models.JSONField()),
                ("contributions", models.JSONField()),
            ],
            options={
                "verbose_name": "footprint breakdown",
            },
        ),
    ]
