"""Filled-in workbooks: what each would change, and what was decided."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audited_sql import audited
from accounts.sql import same_company, tenant_table
from accounts.states_sql import only_moves

READ = ("rows", "found", "problems")
ENDS = ("refused", "applied", "discarded")
MOVES = {"open": ENDS, **dict.fromkeys(ENDS, ())}


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_locks"),
        ("exchange", "0004_states"),
        ("inventory", "0002_locks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkbookUpload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("file_name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be confirmed"),
                            ("refused", "Refused"),
                            ("applied", "Stored"),
                            ("discarded", "Discarded"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("summary", models.JSONField(default=dict)),
                ("rows", models.JSONField(default=list)),
                ("found", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.inventory",
                    ),
                ),
            ],
            options={
                "verbose_name": "workbook upload",
                "indexes": [models.Index(fields=["inventory", "-created_at"], name="workbook_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="workbook_company_id")
                ],
            },
        ),
        tenant_table("exchange_workbookupload"),
        same_company("exchange_workbookupload", "inventory_id", "inventory_inventory"),
        only_moves("exchange_workbookupload", MOVES, forgets=("created_by_id",)),
        audited("exchange_workbookupload", within=("inventory_id", "inventory_inventory"), ignoring=READ),
    ]
