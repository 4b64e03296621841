"""Files of versions wait in the database for a worker; the lines read of them are the worker's alone."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audited_sql import audited
from accounts.sql import worker_only
from accounts.visibility import APP_ROLE

STATES = [
    ("queued", "Queued"), ("running", "Running"), ("done", "Imported"), ("refused", "Refused"),
    ("failed", "Broken off"),
]  # fmt: skip
PROGRESS = ("content", "stage", "lines_read", "attempts", "faults")


def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("factors", "0009_words"),
        ("accounts", "0005_kept_replies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FactorImport",
            fields=[
                ("id", key()),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64, verbose_name="checksum")),
                ("content", models.BinaryField()),
                (
                    "state",
                    models.CharField(choices=STATES, default="queued", max_length=10, verbose_name="state"),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[("reading", "Reading and checking"), ("publishing", "Publishing")],
                        max_length=10,
                    ),
                ),
                ("lines_all", models.PositiveIntegerField(verbose_name="lines")),
                ("lines_read", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("summary", models.JSONField(default=dict, verbose_name="summary")),
                ("faults", models.JSONField(default=list, verbose_name="faults")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={"verbose_name": "import of factors"},
        ),
        migrations.CreateModel(
            name="ImportedLine",
            fields=[
                ("id", key()),
                (
                    "imported",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="factors.factorimport",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("stated", models.TextField()),
                ("gas", models.TextField()),
            ],
            options={
                "verbose_name": "line of an import of factors",
                "constraints": [
                    models.UniqueConstraint(fields=("imported", "number"), name="imported_line_once")
                ],
            },
        ),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE ON factors_factorimport FROM {APP_ROLE};",
            f"GRANT UPDATE, DELETE ON factors_factorimport TO {APP_ROLE};",
        ),
        worker_only("factors_importedline"),
        audited("factors_factorimport", company="NULL::bigint", ignoring=PROGRESS),
    ]
