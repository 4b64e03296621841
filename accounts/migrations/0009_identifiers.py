"""Numbers by which others know a company."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_sandbox")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="lei",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="LEI"),
        ),
        migrations.AddField(
            model_name="company",
            name="uscc",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=18,
                verbose_name="unified social credit code",
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="duns",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=9, verbose_name="D-U-N-S number"
            ),
        ),
    ]
