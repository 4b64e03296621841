"""A company decides about versions that are shared, or its own."""

from django.db import migrations

from factors.sql import own_or_shared


class Migration(migrations.Migration):
    dependencies = [("analysis", "0007_impact_locks"), ("factors", "0010_own_locks")]

    operations = [
        own_or_shared("analysis_adoptiondecision", "old_id"),
        own_or_shared("analysis_adoptiondecision", "new_id"),
    ]
