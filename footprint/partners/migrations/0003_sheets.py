"""People hand in a partner's footprints as a sheet; row-level security keeps them to their company."""

from django.db import migrations

from accounts.visibility import APP_ROLE


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_locks")]

    operations = [
        migrations.RunSQL(
            f"GRANT INSERT, UPDATE ON partners_partnerfootprint TO {APP_ROLE};",
            f"REVOKE INSERT, UPDATE ON partners_partnerfootprint FROM {APP_ROLE};",
        ),
    ]
