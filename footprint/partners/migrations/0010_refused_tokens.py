"""Whose partner a refused client is, and which of its secrets ended lately."""

from django.db import migrations

from footprint.partners import sql


class Migration(migrations.Migration):
    dependencies = [("partners", "0009_preceding_index")]

    operations = [migrations.RunSQL(sql.ENDED_SECRETS, sql.NO_ENDED_SECRETS)]
