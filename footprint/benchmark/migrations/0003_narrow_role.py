"""Benchmarks are calculated by a role that can read nothing else."""

from django.db import migrations

from footprint.benchmark.sql import create_narrow_role


class Migration(migrations.Migration):
    dependencies = [
        ("benchmark", "0002_locks"),
        ("calculation", "0002_locks"),
        ("inventory", "0003_heat_power_and_answers"),
        ("rules", "0002_locks"),
    ]

    operations = [create_narrow_role()]
