"""What a round of comments was about stays readable beside what the draft says later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rules", "0006_one_place_for_each_rule")]

    operations = [
        migrations.AddField(
            "rulemove",
            "document",
            models.JSONField("rule document", blank=True, null=True),
        ),
    ]
