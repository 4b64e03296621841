"""Whose removed lines are, and that nothing of them changes."""

from django.db import migrations

from accounts.reviews_sql import kept_columns
from accounts.sql import same_company, tenant_table


class Migration(migrations.Migration):
    dependencies = [("inventory", "0011_removed_lines"), ("accounts", "0003_locks")]

    operations = [
        tenant_table("inventory_removedline"),
        same_company("inventory_removedline", "process_id", "inventory_unitprocess"),
        kept_columns(
            "inventory_removedline",
            ("uuid", "company_id", "process_id", "line", "name", "content", "at"),
        ),
    ]
