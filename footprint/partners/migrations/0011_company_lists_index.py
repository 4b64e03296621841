"""A company's few lists of identifiers are found without reading its footprints."""

from django.db import migrations

from footprint.partners import company_lists_sql


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("partners", "0010_refused_tokens")]

    operations = [migrations.RunSQL(company_lists_sql.INDEX, company_lists_sql.NO_INDEX)]
