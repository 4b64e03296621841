"""Of a site nothing is accepted twice for the same days.

The gate asks when a submission is handed in and submitted. Until it is accepted the period of its inventory can
be moved and another inventory take those days; whoever accepts sees neither sites nor inventories to notice.
"""

from django.db import migrations

from accounts.sql import run_as_worker

ONCE = """
CREATE FUNCTION inventory_submission_accepted_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE place bigint;
BEGIN
  SELECT site_id INTO place FROM inventory_inventory WHERE id = NEW.inventory_id;
  PERFORM pg_advisory_xact_lock(hashtext('inventory_submission'), (place % 2147483648)::int);
  IF EXISTS (
    SELECT FROM inventory_submission other JOIN inventory_inventory kept ON kept.id = other.inventory_id
    WHERE kept.site_id = place AND other.id <> NEW.id AND other.state = 'accepted'
      AND other.period_start <= NEW.period_end AND other.period_end >= NEW.period_start
  ) THEN
    RAISE EXCEPTION 'a submission of this site is accepted for a part of this period'
      USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'submission_accepted_once_a_period';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accepted_once BEFORE UPDATE ON inventory_submission
  FOR EACH ROW WHEN (NEW.state = 'accepted') EXECUTE FUNCTION inventory_submission_accepted_once();
"""
UNDONE = """
DROP TRIGGER accepted_once ON inventory_submission;
DROP FUNCTION inventory_submission_accepted_once();
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0022_keys_of_the_company")]

    operations = [migrations.RunSQL([ONCE, run_as_worker("inventory_submission_accepted_once()")], UNDONE)]
