"""Rows that a company's own system sent, and what became of each."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audited_sql import audited
from accounts.sql import same_company, tenant_table
from accounts.states_sql import only_moves

ENDS = ("done", "refused", "failed", "cancelled")
MOVES = {
    "queued": ("running", "failed", "cancelled"),
    "running": ("done", "refused", "failed"),
    **dict.fromkeys(ENDS, ()),
}
FORGETS = ("inventory_id", "created_by_id", "client_id")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_notifications"),
        ("exchange", "0005_workbooks"),
        ("inventory", "0009_external_id"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UpsertJob",
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
                            ("products", "Products"),
                            ("activities", "Activity data"),
                            ("production-volumes", "Production volumes"),
                            ("bills-of-material", "Bills of material"),
                        ],
                        max_length=20,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("language", models.CharField(max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Stored"),
                            ("refused", "Refused"),
                            ("failed", "Broken off"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("rows", models.PositiveIntegerField(verbose_name="rows")),
                ("steps_done", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created", models.PositiveIntegerField(default=0, verbose_name="rows that added something")),
                (
                    "changed",
                    models.PositiveIntegerField(default=0, verbose_name="rows that changed something"),
                ),
                (
                    "unchanged",
                    models.PositiveIntegerField(default=0, verbose_name="rows that changed nothing"),
                ),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="rows that were refused")),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.serviceclient",
                    ),
                ),
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
                (
                    "inventory",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inventory.inventory",
                    ),
                ),
            ],
            options={
                "verbose_name": "upsert",
                "indexes": [
                    models.Index(fields=["company", "-created_at"], name="upsert_by_time"),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["state"],
                        name="upsert_unfinished",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("company", "id"), name="upsert_company_id")],
            },
        ),
        migrations.CreateModel(
            name="UpsertBody",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.BinaryField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="body",
                        to="exchange.upsertjob",
                    ),
                ),
            ],
            options={
                "verbose_name": "content of an upsert",
            },
        ),
        migrations.CreateModel(
            name="UpsertRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("key", models.CharField(blank=True, max_length=200)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("created", "Added"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("refused", "Refused"),
                        ],
                        max_length=10,
                    ),
                ),
                ("thing", models.UUIDField(null=True)),
                ("pointer", models.CharField(blank=True, max_length=200)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("detail", models.TextField(blank=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="exchange.upsertjob",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of an upsert",
                "indexes": [models.Index(fields=["job", "number", "id"], name="upsert_row_by_number")],
            },
        ),
        tenant_table("exchange_upsertjob"),
        tenant_table("exchange_upsertbody"),
        tenant_table("exchange_upsertrow"),
        same_company("exchange_upsertjob", "inventory_id", "inventory_inventory"),
        same_company("exchange_upsertbody", "job_id", "exchange_upsertjob"),
        same_company("exchange_upsertrow", "job_id", "exchange_upsertjob"),
        only_moves("exchange_upsertjob", MOVES, forgets=FORGETS),
        audited("exchange_upsertjob", ignoring=("steps_done", "attempts", "started_at")),
    ]
