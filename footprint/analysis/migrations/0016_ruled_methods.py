"""The product category rule in force orders methods of allocation, so assessments rest on it, too."""

from django.db import migrations

from footprint.analysis.sql import mark_rules


class Migration(migrations.Migration):
    dependencies = [("analysis", "0015_cut_off"), ("rules", "0006_one_place_for_each_rule")]

    operations = [mark_rules()]
