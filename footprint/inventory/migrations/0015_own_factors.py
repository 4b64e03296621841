"""A line takes a factor that is shared, or its own company's."""

from django.db import migrations

from factors.sql import own_or_shared


class Migration(migrations.Migration):
    dependencies = [("inventory", "0014_checklist_locks"), ("factors", "0013_own_locks")]

    operations = [own_or_shared("inventory_exchange", "factor_version_id")]
