"""Whose a token is and what a page of a list holds are functions whose plans a session keeps."""

from django.db import migrations

from footprint.partners import asked_sql


class Migration(migrations.Migration):
    dependencies = [("partners", "0023_pulls_go_on")]

    operations = [
        migrations.RunSQL(asked_sql.CREATE_PAGE, asked_sql.DROP_PAGE),
        migrations.RunSQL(asked_sql.caller(language="plpgsql"), asked_sql.caller(language="sql")),
    ]
