"""A recorded answer on allocation is one more thing that assessments rest on."""

from django.db import migrations

from footprint.analysis.sql import mark_answers


class Migration(migrations.Migration):
    dependencies = [("analysis", "0002_locks"), ("inventory", "0003_heat_power_and_answers")]

    operations = [mark_answers()]
