"""What partners' systems read is told to the audit log; so is whose a token was that opened nothing."""

from django.db import migrations, models

from footprint.partners import sql


class Migration(migrations.Migration):
    dependencies = [("partners", "0013_asked_again")]

    operations = [
        migrations.AddField(model_name="receipt", name="noted_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="receipt",
            name="noted_level",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.RunSQL(sql.NOTED, sql.NOT_NOTED),
        migrations.RunSQL(sql.REFUSED_CALLER, sql.NO_REFUSED_CALLER),
    ]
