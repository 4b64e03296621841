"""Replies to requests that may be sent again, each its caller's own."""

from django.db import migrations, models

from accounts.sql import callers_table


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_access"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("caller", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=255)),
                ("digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField(default=bytes)),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                "verbose_name": "kept reply",
                "constraints": [
                    models.UniqueConstraint(fields=("caller", "key"), name="reply_once_for_a_key")
                ],
            },
        ),
        callers_table("accounts_keptreply"),
    ]
