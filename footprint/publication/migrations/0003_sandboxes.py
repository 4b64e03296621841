"""A sandbox publishes nothing."""

from django.db import migrations

from accounts.sandbox_sql import never_of_sandbox


class Migration(migrations.Migration):
    dependencies = [("publication", "0002_locks"), ("accounts", "0008_sandbox")]

    operations = [never_of_sandbox("publication_publication")]
