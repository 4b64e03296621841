"""An index for what footprints of partners follow, built while others write."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("partners", "0008_preceding")]

    operations = [
        AddIndexConcurrently(
            "partnerfootprint", GinIndex(fields=["preceding"], name="partner_footprint_follows")
        ),
    ]
