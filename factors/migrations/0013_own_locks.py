"""Factors of one company: who reads them, whom they belong to, how they are found, whose log has them."""

from django.db import migrations

from accounts.audited_sql import audited
from factors.sql import CALLED, NOT_TOGETHER, STAYS, TOGETHER, shared_or_own_table

ALLIANCE = "NULL::bigint"
WITHIN = {
    "factors_factor": (),
    "factors_factorversion": ("factor_id", "factors_factor"),
    "factors_factoremission": ("version_id", "factors_factorversion", "factor_id", "factors_factor"),
}
IGNORING = {
    "factors_factor": ("search_text",),
    "factors_factorversion": ("written_in", "digest", "change_number"),
    "factors_factoremission": (),
}


def logged_anew(table: str) -> list[migrations.RunSQL]:
    """In the log of whose it is; what is shared stays in the alliance's."""
    more = {"within": WITHIN[table], "ignoring": IGNORING[table]}
    before = audited(table, company=ALLIANCE, **more)
    return [migrations.RunSQL(before.reverse_sql, before.sql), audited(table, **more)]


class Migration(migrations.Migration):
    dependencies = [("factors", "0012_own")]

    operations = [
        *(shared_or_own_table(table) for table in WITHIN),
        migrations.RunSQL(TOGETHER, NOT_TOGETHER),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
        migrations.RunSQL(CALLED, "DROP FUNCTION factors_called(text);"),
        *(each for table in WITHIN for each in logged_anew(table)),
    ]
