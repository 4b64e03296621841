"""What a partner could not give is asked for again; whether those who may answer a request were told."""

from django.db import migrations, models

from accounts.audited_sql import audited

EVENT, CONNECTION = "partners_partnerevent", "partners_connection"
WITHIN = ("connection_id", CONNECTION)
PULLS = ("pull_due_at", "pulled_at", "pull_told")
EVENTS_BEFORE = audited(EVENT, within=WITHIN, hushed=("body",))
CONNECTIONS_BEFORE = audited(CONNECTION, hushed=("callback_secret",), ignoring=PULLS)


class Migration(migrations.Migration):
    dependencies = [("partners", "0012_company_lists")]

    operations = [
        migrations.AddField(model_name="partnerevent", name="missing", field=models.JSONField(null=True)),
        migrations.AddField(model_name="partnerevent", name="ask_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="partnerevent",
            name="attempts",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(model_name="partnerevent", name="told_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="connection",
            name="pull_attempts",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="connection", name="pull_gives_up_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL(EVENTS_BEFORE.reverse_sql, EVENTS_BEFORE.sql),
        audited(
            EVENT, within=WITHIN, ignoring=("ask_at", "attempts", "missing", "told_at"), hushed=("body",)
        ),
        migrations.RunSQL(CONNECTIONS_BEFORE.reverse_sql, CONNECTIONS_BEFORE.sql),
        audited(
            CONNECTION,
            hushed=("callback_secret",),
            ignoring=(*PULLS, "pull_attempts", "pull_gives_up_at"),
        ),
    ]
