"""When a footprint was last seen at its partner's, and since when it is not shown there any longer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0024_asked_once")]

    operations = [
        migrations.AddField(
            model_name="partnerfootprint", name="seen_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="partnerfootprint",
            name="gone_at",
            field=models.DateTimeField(null=True, verbose_name="no longer shared since"),
        ),
    ]
