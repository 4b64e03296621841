"""What the audit log records of saved scenarios."""

from django.db import migrations

from accounts.audited_sql import audited


class Migration(migrations.Migration):
    dependencies = [("analysis", "0002_assessments"), ("accounts", "0003_audit_log")]

    operations = [audited("analysis_scenario", within=("product_id", "inventory_product"))]
