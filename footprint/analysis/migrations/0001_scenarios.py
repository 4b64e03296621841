"""Scenarios: levers under a name."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.sql import same_company, tenant_table


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_service_client"),
        ("inventory", "0002_products_by_chinese_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Scenario",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("year", models.PositiveSmallIntegerField()),
                ("levers", models.JSONField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scenarios",
                        to="inventory.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "scenario",
                "constraints": [
                    models.UniqueConstraint(fields=("product", "name"), name="scenario_name_once_per_product")
                ],
            },
        ),
        tenant_table("analysis_scenario"),
        same_company("analysis_scenario", "product_id", "inventory_product"),
    ]
