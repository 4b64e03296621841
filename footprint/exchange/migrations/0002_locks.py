"""Imports belong to companies; what is audited of them."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.sql import same_company, tenant_table

PROGRESS = ("stage", "steps_done", "steps_all", "attempts", "started_at", "problems", "findings")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("accounts", "0003_locks"), ("inventory", "0002_locks")]

    operations = [
        tenant_table("exchange_importjob"),
        same_company("exchange_importjob", "site_id", "accounts_site"),
        same_company("exchange_importjob", "inventory_id", "inventory_inventory"),
        audited("exchange_importjob", within=("inventory_id", "inventory_inventory"), ignoring=PROGRESS),
    ]
