"""What the audit log records of the rules: the alliance's chain."""

from django.db import migrations

from accounts.audited_sql import audited


class Migration(migrations.Migration):
    dependencies = [("rules", "0002_profiles_and_closure"), ("accounts", "0003_audit_log")]

    operations = [audited("rules_productcategory", company="NULL::bigint")]
