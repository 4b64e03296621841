"""Whether partners' endpoints speak PACT: the runs of all cases."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_sandbox"),
        ("partners", "0005_webhook_locks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConformanceRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("base_url", models.CharField(max_length=500, verbose_name="base address")),
                ("speaks", models.PositiveSmallIntegerField(verbose_name="PACT version")),
                ("is_strict", models.BooleanField(default=True, verbose_name="with the stricter cases")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Broken off"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("steps_done", models.PositiveSmallIntegerField(default=0)),
                ("steps_all", models.PositiveSmallIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("conforms", "Conforms"),
                            ("as_far", "Conforms as far as it could be tried"),
                            ("fails", "Does not conform"),
                        ],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("passed", models.PositiveSmallIntegerField(default=0, verbose_name="passed")),
                ("failed", models.PositiveSmallIntegerField(default=0, verbose_name="failed")),
                ("skipped", models.PositiveSmallIntegerField(default=0, verbose_name="skipped")),
                ("results", models.JSONField(default=list)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conformance_runs",
                        to="partners.connection",
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
                "verbose_name": "conformance run",
                "indexes": [
                    models.Index(fields=["connection", "-created_at"], name="conformance_run_by_time")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="conformance_run_company_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=("connection",),
                        name="one_conformance_run_at_a_time",
                    ),
                ],
            },
        ),
    ]
