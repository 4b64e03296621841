"""Changes are numbered for all where they are everybody's: a gap told when others took a supplier's figure."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION factors_number_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.change_number := {number};
  RETURN NEW;
END $$;
"""
# nought, not the key: keys are drawn from one sequence for all, too
SHARED = FUNCTION.format(
    number="CASE WHEN NEW.company_id IS NULL THEN nextval('factors_change_number') ELSE 0 END"
)
ALL = FUNCTION.format(number="nextval('factors_change_number')")
TAKE_BACK = """
UPDATE factors_factorversion SET change_number = 0 WHERE company_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("factors", "0013_own_locks")]

    operations = [
        migrations.RunSQL(SHARED, ALL),
        migrations.RunSQL(TAKE_BACK, migrations.RunSQL.noop),
    ]
