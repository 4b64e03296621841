"""Imports on their way."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.sql import same_company, tenant_table


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_service_client"),
        ("inventory", "0001_inventories"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("file_name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("period_start", models.DateField()),
                ("period_end", models.DateField()),
                ("replaces", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Imported"),
                            ("refused", "Refused"),
                            ("failed", "Broken off"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[("reading", "Reading and checking"), ("storing", "Storing")],
                        max_length=10,
                    ),
                ),
                ("steps_done", models.PositiveIntegerField(default=0)),
                ("steps_all", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("summary", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                ("findings", models.JSONField(default=list)),
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
                    "inventory",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inventory.inventory",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "indexes": [
                    models.Index(fields=["company", "-created_at"], name="import_by_time"),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["state"],
                        name="import_unfinished",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("company", "id"), name="import_company_id")],
            },
        ),
        tenant_table("exchange_importjob"),
        same_company("exchange_importjob", "site_id", "accounts_site"),
        same_company("exchange_importjob", "inventory_id", "inventory_inventory"),
    ]
