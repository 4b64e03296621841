"""An import moves forward only, and what it told stays."""

from django.db import migrations

from accounts.states_sql import only_moves

ENDS = ("done", "refused", "failed")
MOVES = {"queued": ("running", "failed"), "running": ENDS, **dict.fromkeys(ENDS, ())}


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_company_export")]

    operations = [only_moves("exchange_importjob", MOVES, forgets=("inventory_id", "created_by_id"))]
