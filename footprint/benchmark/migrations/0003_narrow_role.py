"""What the role of benchmarks may read is said anew in 0005."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("benchmark", "0002_locks"),
        ("calculation", "0002_locks"),
        ("inventory", "0003_heat_power_and_answers"),
        ("rules", "0002_locks"),
    ]

    operations = []
