"""The middle level of detail is by life-cycle stage."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0017_attempts")]

    operations = [
        migrations.AlterField(
            model_name="footprintgrant",
            name="level",
            field=models.CharField(
                choices=[
                    ("total", "Total only"),
                    ("stage", "Total by life-cycle stage"),
                    ("full", "Everything published"),
                ],
                default="total",
                max_length=10,
                verbose_name="detail",
            ),
        ),
    ]
