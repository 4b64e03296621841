"""A study moves forward only, and what it found stays."""

from django.db import migrations

from accounts.states_sql import only_moves

ENDS = ("done", "failed")
MOVES = {"queued": ("running", "failed"), "running": ENDS, **dict.fromkeys(ENDS, ())}


class Migration(migrations.Migration):
    dependencies = [("analysis", "0004_bridges_between_methods")]

    operations = [only_moves("analysis_uncertaintyrun", MOVES)]
