"""What a figure is made of at its company's gate."""

from django.db import migrations, models

from footprint.analysis.sql import assess_everything


class Migration(migrations.Migration):
    dependencies = [("analysis", "0007_impact_locks")]

    operations = [
        migrations.AddField(
            model_name="profilefigure", name="causes", field=models.JSONField(db_default={}, default=dict)
        ),
        assess_everything(),
    ]
