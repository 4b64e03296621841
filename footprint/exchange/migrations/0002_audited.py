"""What the audit log records of imports: that they were handed in and what became of them, not their progress."""

from django.db import migrations

from accounts.audited_sql import audited

PROGRESS = ("stage", "steps_done", "steps_all", "attempts", "started_at", "problems", "findings")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_imports"), ("accounts", "0003_audit_log")]

    operations = [
        audited("exchange_importjob", within=("inventory_id", "inventory_inventory"), ignoring=PROGRESS)
    ]
