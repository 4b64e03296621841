"""Which page of a partner's footprints is next, and how many came so far: a long list is fetched in parts."""

from django.db import migrations, models

from accounts.audited_sql import audited

CONNECTION = "partners_connection"
PULLS = ("pull_due_at", "pulled_at", "pull_told", "pull_attempts", "pull_gives_up_at")
BEFORE = audited(CONNECTION, hushed=("callback_secret",), ignoring=PULLS)


class Migration(migrations.Migration):
    dependencies = [("partners", "0022_erased_contacts")]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="pull_page",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="connection",
            name="pull_found",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        audited(CONNECTION, hushed=("callback_secret",), ignoring=(*PULLS, "pull_page", "pull_found")),
    ]
