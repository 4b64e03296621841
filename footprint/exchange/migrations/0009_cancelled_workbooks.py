"""The storing of a workbook can be cancelled. Taken back, it refuses while a cancelled one is there."""

from django.db import migrations, models

from accounts.states_sql import only_moves

TABLE = "exchange_workbookupload"
FORGETS = ("created_by_id", "confirmed_by_id", "confirmed_client_id")
ENDS = dict.fromkeys(("refused", "applied", "discarded"), ())
OPEN = {"open": ("storing", *ENDS)}
BEFORE = only_moves(TABLE, {**OPEN, "storing": ("open", "applied"), **ENDS}, forgets=FORGETS)
AFTER = only_moves(
    TABLE,
    {**OPEN, "storing": ("open", "applied", "cancelled"), **ENDS, "cancelled": ()},
    forgets=FORGETS,
)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0008_workbook_being_stored")]

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
                    ("cancelled", "Cancelled"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        AFTER,
    ]
