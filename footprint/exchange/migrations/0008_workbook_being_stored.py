"""Workbooks that wait for a worker are found without reading the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("exchange", "0007_workbook_jobs")]

    operations = [
        AddIndexConcurrently(
            model_name="workbookupload",
            index=models.Index(
                condition=models.Q(("state", "storing")), fields=["state"], name="workbook_being_stored"
            ),
        )
    ]
