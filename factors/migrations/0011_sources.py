"""Curators add sources through the web; nothing of one changes afterwards."""

from django.db import migrations

from accounts.visibility import APP_ROLE


class Migration(migrations.Migration):
    dependencies = [("factors", "0010_imports")]

    operations = [
        migrations.RunSQL(
            f"GRANT INSERT ON factors_source TO {APP_ROLE};",
            f"REVOKE INSERT ON factors_source FROM {APP_ROLE};",
        ),
    ]
