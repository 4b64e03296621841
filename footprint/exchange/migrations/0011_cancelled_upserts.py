"""A bulk upsert can be cancelled while it runs."""

from django.db import migrations

from accounts.states_sql import only_moves

TABLE = "exchange_upsertjob"
FORGETS = ("inventory_id", "created_by_id", "client_id")
QUEUED = {"queued": ("running", "failed", "cancelled")}
ENDS = dict.fromkeys(("done", "refused", "failed", "cancelled"), ())
BEFORE = only_moves(TABLE, {**QUEUED, "running": ("done", "refused", "failed"), **ENDS}, forgets=FORGETS)
AFTER = only_moves(
    TABLE,
    {**QUEUED, "running": ("done", "refused", "failed", "cancelled"), **ENDS},
    forgets=FORGETS,
)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0010_fewer_indexes")]

    operations = [migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql), AFTER]
