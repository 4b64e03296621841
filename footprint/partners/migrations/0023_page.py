"""A page of a list is one function, whose plan a session keeps."""

from django.db import migrations

from footprint.partners import page_sql


class Migration(migrations.Migration):
    dependencies = [("partners", "0022_erased_contacts")]

    operations = [migrations.RunSQL(page_sql.CREATE_PAGE, page_sql.DROP_PAGE)]
