"""What columns were made of and what came out, run after run; the first drain fills it."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.sql import append_only, tenant_table

# an alliance that was calculated before has no versions yet
MARK_EVERYTHING = "SELECT calculation_mark('process', ARRAY(SELECT id FROM inventory_unitprocess))"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_service_client"),
        ("calculation", "0002_rows_and_triggers"),
        ("inventory", "0002_products_by_chinese_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="ColumnVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("process_uuid", models.UUIDField()),
                ("process_code", models.CharField(max_length=80)),
                ("product_uuid", models.UUIDField()),
                ("product_code", models.CharField(max_length=80)),
                ("content", models.JSONField(null=True)),
                ("fault", models.JSONField(null=True)),
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
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calculation.calculationrun",
                    ),
                ),
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
                ("year", models.PositiveSmallIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("production", models.FloatField()),
                ("kg_co2e_ar5", models.FloatField(null=True)),
                ("kg_co2e_ar6", models.FloatField(null=True)),
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
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calculation.calculationrun",
                    ),
                ),
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
        tenant_table("calculation_columnversion"),
        tenant_table("calculation_figureversion"),
        append_only("calculation_columnversion"),
        append_only("calculation_figureversion"),
        migrations.RunSQL(MARK_EVERYTHING, migrations.RunSQL.noop),
    ]
