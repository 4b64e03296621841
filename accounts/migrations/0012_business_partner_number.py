"""The number by which Catena-X knows a company."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_told_once")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="bpnl",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=16,
                verbose_name="business partner number (BPNL)",
            ),
        ),
    ]
