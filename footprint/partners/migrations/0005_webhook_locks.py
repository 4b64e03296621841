"""Webhooks: whose they are, that a delivery has one receiver, and the news that triggers leave."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.sql import same_company, tenant_table, worker_only
from footprint.partners import hooks_sql as sql


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0004_webhooks"),
        ("calculation", "0002_locks"),
        ("exchange", "0006_upserts"),
        ("inventory", "0005_submission_locks"),
        ("publication", "0002_locks"),
    ]

    operations = [
        tenant_table("partners_webhook"),
        tenant_table("partners_webhooksecret"),
        worker_only("partners_waitingnews"),
        same_company("partners_webhooksecret", "webhook_id", "partners_webhook"),
        same_company("partners_delivery", "webhook_id", "partners_webhook"),
        migrations.RunSQL(sql.EITHER, sql.NOT_EITHER),
        migrations.RunSQL(sql.KEEPS, migrations.RunSQL.noop),
        audited("partners_webhook"),
        audited("partners_webhooksecret", within=("webhook_id", "partners_webhook"), hushed=("sealed",)),
        migrations.RunSQL(sql.NEWS, sql.NO_NEWS),
    ]
