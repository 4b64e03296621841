"""Footprints of a company are asked for by its lists of identifiers."""

from django.db import migrations

from footprint.partners import company_lists_sql, sql


class Migration(migrations.Migration):
    dependencies = [("partners", "0011_company_lists_index")]

    operations = [
        migrations.RunSQL(company_lists_sql.CONDITION, migrations.RunSQL.noop),
        migrations.RunSQL(sql.NOT_FOUND + sql.FOUND, migrations.RunSQL.noop),
    ]
