"""Which comparison a figure enters is read as it was accepted, and recorded answers have to be as they were.

Not reversed: the former view let edits in that nobody accepted.
"""

from django.db import migrations

from footprint.benchmark.sql import count_as_accepted


class Migration(migrations.Migration):
    dependencies = [("benchmark", "0009_sandboxes"), ("inventory", "0004_submission")]

    operations = [count_as_accepted()]
