"""Who reads and writes impacts and decisions; what is recorded."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.sql import tenant_table
from accounts.visibility import APP_ROLE
from footprint.analysis.sql import start_only_for_web


class Migration(migrations.Migration):
    dependencies = [("analysis", "0006_impact"), ("accounts", "0005_kept_replies")]

    operations = [
        start_only_for_web("analysis_factorimpact"),
        tenant_table("analysis_adoptiondecision"),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE ON analysis_adoptiondecision FROM {APP_ROLE};",
            f"GRANT UPDATE, DELETE ON analysis_adoptiondecision TO {APP_ROLE};",
        ),
        audited("analysis_adoptiondecision"),
    ]
