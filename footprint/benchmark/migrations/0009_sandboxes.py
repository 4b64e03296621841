"""A sandbox takes part in no comparison."""

from django.db import migrations

from accounts.sandbox_sql import never_of_sandbox


class Migration(migrations.Migration):
    dependencies = [("benchmark", "0008_locks_of_targets"), ("accounts", "0008_sandbox")]

    operations = [never_of_sandbox("benchmark_participation")]
