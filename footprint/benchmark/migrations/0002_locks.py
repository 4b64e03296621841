"""Contributions are the worker's alone. What made a cell due is made anew in 0005."""

from django.db import migrations

from accounts.sql import read_only_for_web, worker_only


class Migration(migrations.Migration):
    dependencies = [("benchmark", "0001_initial"), ("accounts", "0003_locks"), ("calculation", "0002_locks")]

    operations = [
        worker_only("benchmark_contribution"),
        worker_only("benchmark_estimate"),
        read_only_for_web("benchmark_cell"),
        read_only_for_web("benchmark_release"),
    ]
