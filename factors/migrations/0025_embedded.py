"""A factor may count what the EU counts at its border."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("factors", "0024_release_files")]

    operations = [
        migrations.AlterField(
            model_name="factorversion",
            name="boundary",
            field=models.CharField(
                choices=[
                    ("direct", "Direct emissions of generation"),
                    ("combustion", "Combustion"),
                    ("upstream", "Supply, well to tank"),
                    ("life_cycle", "Life cycle"),
                    ("cradle_to_gate", "Cradle to gate"),
                    ("embedded", "Embedded (CBAM)"),
                ],
                max_length=20,
            ),
        ),
    ]
