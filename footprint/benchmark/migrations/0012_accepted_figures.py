"""What comparisons are made of is found for one comparison at a time, with each copy read once."""

from django.db import migrations

from footprint.benchmark.figures_sql import create_figures


class Migration(migrations.Migration):
    contract = "the former view is left out of the migrations that made it; no release was made with it"
    dependencies = [
        ("benchmark", "0011_weighed_as_accepted"),
        ("analysis", "0008_causes"),
        ("inventory", "0017_frozen_price_locks"),
    ]

    operations = [create_figures()]
