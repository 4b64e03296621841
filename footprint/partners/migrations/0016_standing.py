"""How many deliveries wait and were given up, without whose they are; found without reading all of them."""

from django.db import migrations

from footprint.partners import readings_sql


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("partners", "0015_networks")]

    operations = [
        migrations.RunSQL(readings_sql.INDEX, readings_sql.NO_INDEX),
        migrations.RunSQL(readings_sql.STANDING, readings_sql.NOT_STANDING),
    ]
