"""A sandbox opens no product to anybody."""

from django.db import migrations

from accounts.sandbox_sql import never_of_sandbox


class Migration(migrations.Migration):
    dependencies = [("inventory", "0009_external_id"), ("accounts", "0008_sandbox")]

    operations = [never_of_sandbox("inventory_productgrant")]
