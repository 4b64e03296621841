"""Imports."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("inventory", "0001_initial"),
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
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("file_name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
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
                (
                    "inventory",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inventory.inventory",
                    ),
                ),
                ("summary", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                ("findings", models.JSONField(default=list)),
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
    ]
