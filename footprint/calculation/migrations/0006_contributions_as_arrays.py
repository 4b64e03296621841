"""What a figure is made of as arrays of numbers, which nobody has to read as text.

What stands stays where it was until it is calculated again, and what a worker of the former release writes
meanwhile holds as well; a later release removes the documents.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calculation", "0005_written_in_place")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("footprintbreakdown", "contributions", "former"),
                migrations.AlterField(
                    "footprintbreakdown",
                    "former",
                    models.JSONField(db_column="contributions", default=list),
                ),
            ]
        ),
        *(
            migrations.AddField("footprintbreakdown", name, ArrayField(inner, null=True))
            for name, inner in (
                ("exchanges", models.BigIntegerField()),
                ("ar5", models.FloatField()),
                ("ar6", models.FloatField()),
            )
        ),
    ]
