"""What a partner's footprint says it follows, beside its text, to be found by it."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from accounts.visibility import WORKER_ROLE

# texts are kept compact; a quotation mark within a text of theirs has a backslash before it
READ = """
UPDATE partners_partnerfootprint SET preceding = ARRAY(
  SELECT DISTINCT named[1]::uuid FROM regexp_matches(
    substring(original FROM '"precedingPfIds":\\[([^]]*)\\]'),
    '"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"', 'gi') AS named
)
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0007_conformance_locks")]

    operations = [
        migrations.AddField(
            model_name="partnerfootprint",
            name="preceding",
            field=ArrayField(base_field=models.UUIDField(), default=list, null=True, size=None),
        ),
        migrations.RunSQL([f"SET LOCAL ROLE {WORKER_ROLE}", READ, "RESET ROLE"], migrations.RunSQL.noop),
    ]
