"""Prices of frozen copies: the database writes them down with the copy, whoever makes it, and they stay.

Copies that hold or lie with somebody when this is applied get the prices of that day: the figures beside them
stand on these, and nobody knows former ones.
"""

from django.db import migrations

from accounts.reviews_sql import kept_columns, never_removed
from accounts.sql import same_company, tenant_table
from accounts.visibility import WORKER_ROLE

TABLE = "inventory_frozenprice"
COLUMNS = ("company_id", "submission_id", "round", "process", "line", "year", "price", "currency")
WRITTEN_DOWN = """
INSERT INTO inventory_frozenprice
  (company_id, submission_id, round, process, line, year, price, currency)
SELECT handed.company_id, handed.id, {round}, process.uuid, line.uuid, price.year, price.price, price.currency
FROM inventory_submission handed
JOIN inventory_unitprocess process ON process.inventory_id = handed.inventory_id
JOIN inventory_exchange line ON line.process_id = process.id
JOIN inventory_outputprice price ON price.exchange_id = line.id
WHERE {which}
"""
WITH_THE_COPY = f"""
CREATE FUNCTION inventory_frozencopy_keeps_prices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {WRITTEN_DOWN.format(round="NEW.round", which="handed.id = NEW.submission_id")};
  RETURN NULL;
END $$;
CREATE TRIGGER keeps_prices AFTER INSERT ON inventory_frozencopy
  FOR EACH ROW EXECUTE FUNCTION inventory_frozencopy_keeps_prices();
"""
TODAY = WRITTEN_DOWN.format(
    round="handed.round",
    which="handed.state IN ('internal_review', 'submitted', 'under_review', 'accepted') AND handed.round > 0",
)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0016_frozen_prices"), ("accounts", "0010_ended")]

    operations = [
        tenant_table(TABLE),
        same_company(TABLE, "submission_id", "inventory_submission"),
        kept_columns(TABLE, COLUMNS),
        never_removed(TABLE),
        migrations.RunSQL(
            WITH_THE_COPY,
            "DROP TRIGGER keeps_prices ON inventory_frozencopy;"
            " DROP FUNCTION inventory_frozencopy_keeps_prices();",
        ),
        migrations.RunSQL([f"SET LOCAL ROLE {WORKER_ROLE}", TODAY, "RESET ROLE"], migrations.RunSQL.noop),
    ]
