"""Why a figure under one method is not the one under another."""

from django.db import migrations, models

from footprint.analysis.sql import assess_everything


class Migration(migrations.Migration):
    dependencies = [("analysis", "0003_answers")]

    operations = [
        migrations.AddField(model_name="profilefigure", name="bridges", field=models.JSONField(default=list)),
        assess_everything(),
    ]
