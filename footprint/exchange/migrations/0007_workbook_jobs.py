"""A confirmed workbook waits for a worker: who confirmed what, how far it is, why it was refused."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audited_sql import audited
from accounts.states_sql import only_moves

TABLE = "exchange_workbookupload"
READ = ("rows", "found", "problems")
PROGRESS = ("steps_done", "attempts", "started_at")
WITHIN = ("inventory_id", "inventory_inventory")
ENDS = dict.fromkeys(("refused", "applied", "discarded"), ())
BEFORE = only_moves(TABLE, {"open": tuple(ENDS), **ENDS}, forgets=("created_by_id",))
AFTER = only_moves(
    TABLE,
    {"open": ("storing", *ENDS), "storing": ("open", "applied"), **ENDS},
    forgets=("created_by_id", "confirmed_by_id", "confirmed_client_id"),
)
LOGGED_BEFORE = audited(TABLE, within=WITHIN, ignoring=READ)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_sandbox"),
        ("exchange", "0006_upserts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="workbookupload",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "To be confirmed"),
                    ("storing", "Being stored"),
                    ("refused", "Refused"),
                    ("applied", "Stored"),
                    ("discarded", "Discarded"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="workbookupload",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="workbookupload",
            name="confirmed_client",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.serviceclient",
            ),
        ),
        migrations.AddField(model_name="workbookupload", name="order", field=models.JSONField(null=True)),
        migrations.AddField(model_name="workbookupload", name="refusals", field=models.JSONField(null=True)),
        migrations.AddField(
            model_name="workbookupload",
            name="steps_done",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="workbookupload",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="workbookupload", name="started_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        AFTER,
        migrations.RunSQL(LOGGED_BEFORE.reverse_sql, LOGGED_BEFORE.sql),
        audited(TABLE, within=WITHIN, ignoring=(*READ, *PROGRESS, "order", "refusals")),
    ]
