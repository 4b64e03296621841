"""What contributions and released medians are made of, and how the same groups moved since the year before."""

from django.db import migrations, models

from footprint.benchmark.sql import keep_parts


def added(model: str, *names: str) -> list[migrations.AddField]:
    return [
        migrations.AddField(model_name=model, name=name, field=models.JSONField(db_default={}, default=dict))
        for name in names
    ]


class Migration(migrations.Migration):
    dependencies = [("benchmark", "0005_locks_of_definitions"), ("analysis", "0008_causes")]

    operations = [
        *added("contribution", "parts"),
        *added("cohortmember", "parts"),
        *added("position", "parts"),
        *added("release", "parts", "trend"),
        keep_parts(),
    ]
