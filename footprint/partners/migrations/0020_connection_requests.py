"""Who outside asks to be connected, and which companies let themselves be asked."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_told_once"),
        ("partners", "0019_restated"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reception",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("is_open", models.BooleanField(default=False, verbose_name="takes requests")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
            ],
            options={
                "verbose_name": "reception of requests to be connected",
            },
        ),
        migrations.CreateModel(
            name="ConnectionRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="organisation")),
                ("lei", models.CharField(blank=True, max_length=20, verbose_name="LEI")),
                (
                    "uscc",
                    models.CharField(blank=True, max_length=18, verbose_name="unified social credit code"),
                ),
                ("duns", models.CharField(blank=True, max_length=9, verbose_name="D-U-N-S number")),
                ("contact_name", models.CharField(max_length=120, verbose_name="contact")),
                (
                    "contact_mail",
                    models.CharField(max_length=254, verbose_name="e-mail address of the contact"),
                ),
                ("base_url", models.CharField(blank=True, max_length=500, verbose_name="base address")),
                ("purpose", models.TextField(verbose_name="purpose")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "Waiting"), ("accepted", "Taken up"), ("refused", "Refused")],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "connection",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="partners.connection",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "request to be connected",
                "indexes": [
                    models.Index(fields=["company", "-received_at"], name="connection_request_by_time")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="connection_request_company_id")
                ],
            },
        ),
    ]
