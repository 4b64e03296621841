"""What co-products are weighed by under a profile has to be as it was accepted."""

from django.db import migrations

from footprint.benchmark.sql import mark_priced


class Migration(migrations.Migration):
    dependencies = [
        ("benchmark", "0010_as_accepted"),
        ("inventory", "0017_frozen_price_locks"),
        ("rules", "0006_one_place_for_each_rule"),
    ]

    operations = [mark_priced()]
