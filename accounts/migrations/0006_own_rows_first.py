"""Policies of databases that were made before this release get the name by which they are asked last."""

from __future__ import annotations

from django.db import migrations

RENAME = """
DO $$ DECLARE of_table regclass; BEGIN
  FOR of_table IN SELECT polrelid FROM pg_policy WHERE polname = '{before}' LOOP
    EXECUTE format('ALTER POLICY {before} ON %s RENAME TO {after}', of_table);
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    """Runs after every table of the release before exists; on a new database there is nothing to rename."""

    contract = "no code asks for a policy by its name"

    dependencies = [("accounts", "0005_kept_replies")]

    operations = [
        migrations.RunSQL(RENAME.format(before="shared_rows", after="opened_rows"), migrations.RunSQL.noop)
    ]
