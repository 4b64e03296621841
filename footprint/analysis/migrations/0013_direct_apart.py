"""At the border direct emissions are kept apart from what electricity brings anywhere behind a good."""

from django.db import migrations

from footprint.analysis.sql import assess_everything


class Migration(migrations.Migration):
    dependencies = [("analysis", "0012_own_factors")]

    operations = [assess_everything()]
