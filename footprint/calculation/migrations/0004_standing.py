"""How many footprints are current, pending and failed, without whose they are."""

from django.db import migrations

from footprint.calculation import readings_sql


class Migration(migrations.Migration):
    dependencies = [("calculation", "0003_factor_release")]

    operations = [migrations.RunSQL(readings_sql.FRESHNESS, readings_sql.NO_FRESHNESS)]
