"""Everything of a company as one file: who asked for it, and what became of it."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audited_sql import audited
from accounts.sql import tenant_table

PROGRESS = ("steps_done", "steps_all", "attempts")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_locks"),
        ("exchange", "0002_locks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CompanyExport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Ready"),
                            ("failed", "Broken off"),
                            ("removed", "Removed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("steps_done", models.PositiveIntegerField(default=0)),
                ("steps_all", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
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
            ],
            options={
                "verbose_name": "company export",
                "indexes": [models.Index(fields=["company", "-created_at"], name="export_by_time")],
                "constraints": [models.UniqueConstraint(fields=("company", "id"), name="export_company_id")],
            },
        ),
        tenant_table("exchange_companyexport"),
        audited("exchange_companyexport", ignoring=PROGRESS),
    ]
