"""What co-products are weighed by under a profile has to be as it was accepted."""

from django.db import migrations

from footprint.benchmark.as_accepted_sql import weigh_as_accepted


class Migration(migrations.Migration):
    dependencies = [
        ("benchmark", "0010_as_accepted"),
        ("inventory", "0017_frozen_price_locks"),
        ("rules", "0006_one_place_for_each_rule"),
    ]

    operations = [weigh_as_accepted()]
