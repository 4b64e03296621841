"""Lines that were taken away, kept so that they can come back."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_kept_replies"),
        ("inventory", "0010_sandboxes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RemovedLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("line", models.UUIDField(unique=True, verbose_name="line")),
                ("name", models.CharField(max_length=300, verbose_name="name")),
                ("content", models.JSONField(verbose_name="content")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="removed at")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="removed_lines",
                        to="inventory.unitprocess",
                    ),
                ),
            ],
            options={
                "verbose_name": "removed line",
            },
        ),
    ]
