"""What is left out of a figure, against the cut-off rule of each method profile."""

from django.db import migrations, models

from footprint.analysis.sql import assess_everything

VERDICTS = [
    ("kept", "within the limits"),
    ("flow", "one flow above the limit"),
    ("total", "together above the limit"),
    ("unknown", "not estimated"),
]


class Migration(migrations.Migration):
    dependencies = [("analysis", "0014_sandboxes"), ("inventory", "0020_exempted")]

    operations = [
        migrations.AddField("profilefigure", "largest_exempted", models.FloatField(null=True)),
        migrations.AddField(
            "profilefigure",
            "cut_off",
            models.CharField(blank=True, choices=VERDICTS, db_default="", default="", max_length=10),
        ),
        assess_everything(),
    ]
