"""A proposal that is handed in again keeps what it said before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("factors", "0020_once_a_statement")]

    operations = [
        migrations.AddField(
            "proposalstep",
            "former_content",
            models.JSONField(blank=True, null=True, verbose_name="content before"),
        ),
    ]
