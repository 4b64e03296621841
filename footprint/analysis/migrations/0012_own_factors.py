"""A company decides about versions that are shared, or its own."""

from django.db import migrations

from factors.sql import own_or_shared


class Migration(migrations.Migration):
    dependencies = [("analysis", "0011_practice_locks"), ("factors", "0013_own_locks")]

    operations = [
        own_or_shared("analysis_adoptiondecision", "old_id"),
        own_or_shared("analysis_adoptiondecision", "new_id"),
    ]
