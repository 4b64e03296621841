"""A company's own system hands in packages, too."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.states_sql import only_moves

TABLE = "exchange_importjob"
MOVES = {
    "queued": ("running", "failed"),
    "running": ("done", "refused", "failed"),
    "done": (),
    "refused": (),
    "failed": (),
}
FORGETS = ("inventory_id", "created_by_id")
BEFORE = only_moves(TABLE, MOVES, forgets=FORGETS)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_told_once"),
        ("exchange", "0012_packages"),
    ]

    operations = [
        migrations.AddField(
            model_name="importjob",
            name="client",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.serviceclient",
            ),
        ),
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        only_moves(TABLE, MOVES, forgets=(*FORGETS, "client_id")),
    ]
