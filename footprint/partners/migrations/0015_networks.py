"""The networks a partner's system may call from, known wherever its secret and its tokens are."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from footprint.partners import sql


class Migration(migrations.Migration):
    dependencies = [("partners", "0014_noted_reads")]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="networks",
            field=ArrayField(
                models.CharField(max_length=43), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.RunSQL(sql.UNKNOWN + sql.known(networks=True), sql.UNKNOWN + sql.known(networks=False)),
    ]
