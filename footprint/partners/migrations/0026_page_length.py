"""How many footprints a page of a partner is asked for: fewer where its pages are too long."""

from django.db import migrations, models

from accounts.audited_sql import audited

CONNECTION = "partners_connection"
PULLS = (
    "pull_due_at", "pulled_at", "pull_told", "pull_attempts", "pull_gives_up_at", "pull_page", "pull_found",
)  # fmt: skip
BEFORE = audited(CONNECTION, hushed=("callback_secret",), ignoring=PULLS)


class Migration(migrations.Migration):
    dependencies = [("partners", "0025_gone")]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="pull_limit",
            field=models.PositiveSmallIntegerField(db_default=100, default=100),
        ),
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        audited(CONNECTION, hushed=("callback_secret",), ignoring=(*PULLS, "pull_limit")),
    ]
