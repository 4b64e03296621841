"""Releases of the whole database."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("factors", "0006_proposal_locks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FactorRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.SlugField(max_length=40, unique=True, verbose_name="name")),
                ("note", models.TextField(blank=True, default="", verbose_name="note")),
                ("versions", models.PositiveIntegerField(verbose_name="versions")),
                ("digest", models.CharField(max_length=64, verbose_name="checksum")),
                ("released_at", models.DateTimeField(verbose_name="released at")),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "release of factors",
            },
        ),
        migrations.CreateModel(
            name="ReleasedVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="factors.factorrelease",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="factors.factorversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "version in a release",
                "constraints": [
                    models.UniqueConstraint(fields=("release", "version"), name="released_version_once")
                ],
            },
        ),
    ]
