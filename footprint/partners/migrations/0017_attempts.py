"""What each attempt to deliver asked and was answered; the audit log says what became of it, not each try."""

from django.db import migrations, models
from django.db.models import JSONField, Value

from accounts.audited_sql import audited

TABLE = "partners_delivery"
WITHIN = ("connection_id", "partners_connection")
TRIES = ("attempts", "due_at", "told")
BEFORE = audited(TABLE, within=WITHIN, ignoring=TRIES, hushed=("body",))


class Migration(migrations.Migration):
    dependencies = [("partners", "0016_standing")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="log",
            field=models.JSONField(db_default=Value([], output_field=JSONField()), default=list),
        ),
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        audited(TABLE, within=WITHIN, ignoring=(*TRIES, "log"), hushed=("body",)),
    ]
