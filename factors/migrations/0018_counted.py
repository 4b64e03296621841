"""All versions that somebody may read are counted from an index alone; built while others write."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("factors", "0017_best")]

    operations = [
        AddIndexConcurrently(
            "factorversion",
            models.Index(fields=["status", "company"], name="factor_version_counted"),
        ),
    ]
