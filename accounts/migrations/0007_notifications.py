"""What people are told, each recipient's own, and when they want it by mail."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.notices_sql import leaves_notes, recipients_table


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_own_rows_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("move_waits", "Your move is waited for"),
                            ("moved", "Something of your company moved"),
                            ("question", "Questions and answers in a review"),
                            ("mention", "Somebody called you by name"),
                            ("shared", "A partner opened something to your company"),
                            ("due", "A published footprint is about to expire, or has moved"),
                            ("deadline", "A deadline is near"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "mail",
                    models.CharField(
                        choices=[("at_once", "At once"), ("daily", "Once a day"), ("never", "Never")],
                        max_length=10,
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "mail choice",
                "constraints": [
                    models.UniqueConstraint(fields=("recipient", "kind"), name="mail_choice_once_for_a_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
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
                        choices=[
                            ("move_waits", "Your move is waited for"),
                            ("moved", "Something of your company moved"),
                            ("question", "Questions and answers in a review"),
                            ("mention", "Somebody called you by name"),
                            ("shared", "A partner opened something to your company"),
                            ("due", "A published footprint is about to expire, or has moved"),
                            ("deadline", "A deadline is near"),
                        ],
                        max_length=20,
                    ),
                ),
                ("event", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=20)),
                ("subject_uuid", models.UUIDField()),
                ("once", models.CharField(blank=True, default="", max_length=120)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "mail",
                    models.CharField(
                        choices=[("at_once", "At once"), ("daily", "Once a day"), ("never", "Never")],
                        max_length=10,
                    ),
                ),
                ("mailed_at", models.DateTimeField(null=True)),
                ("mail_tries", models.PositiveSmallIntegerField(default=0)),
                ("mail_after", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notification",
                "indexes": [
                    models.Index(fields=["recipient", "-created_at"], name="notification_by_time"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["recipient"],
                        name="notification_unread",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("mailed_at__isnull", True), models.Q(("mail", "never"), _negated=True)
                        ),
                        fields=["mail", "created_at"],
                        name="notification_to_mail",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("once", ""), _negated=True),
                        fields=("recipient", "once"),
                        name="notification_told_once",
                    )
                ],
            },
        ),
        recipients_table("accounts_notification"),
        recipients_table("accounts_mailchoice"),
        leaves_notes(),
    ]
