"""Long files of releases: everybody's to ask for, a worker's to write."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from accounts.audited_sql import audited
from accounts.visibility import APP_ROLE

PROGRESS = ("versions_done", "attempts")


class Migration(migrations.Migration):
    dependencies = [
        ("factors", "0023_targets"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReleaseFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("csv", "CSV"), ("xlsx", "Excel"), ("openlca", "openLCA")],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
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
                ("versions_done", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        verbose_name="release of factors",
                        to="factors.factorrelease",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a release of factors",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("queued", "running", "done"))),
                        fields=("release", "kind", "language"),
                        name="release_file_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE ON factors_releasefile FROM {APP_ROLE};",
            f"GRANT UPDATE, DELETE ON factors_releasefile TO {APP_ROLE};",
        ),
        audited("factors_releasefile", company="NULL::bigint", ignoring=PROGRESS),
    ]
