"""A sandbox hands in no practice."""

from django.db import migrations

from accounts.sandbox_sql import never_of_sandbox


class Migration(migrations.Migration):
    dependencies = [("analysis", "0013_direct_apart"), ("accounts", "0008_sandbox")]

    operations = [never_of_sandbox("analysis_practice")]
