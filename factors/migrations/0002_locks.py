"""What is published stays as published, whoever connects; who may write at all; what is audited."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.sql import read_only_for_web
from accounts.visibility import APP_ROLE

NEVER_CHANGES = """
CREATE FUNCTION factors_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are never changed or removed: publish a new version', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON factors_factoremission
  FOR EACH ROW EXECUTE FUNCTION factors_never_changes();
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON factors_characterizationfactor
  FOR EACH ROW EXECUTE FUNCTION factors_never_changes();
CREATE TRIGGER never_removed BEFORE DELETE ON factors_factorversion
  FOR EACH ROW EXECUTE FUNCTION factors_never_changes();
"""

ONLY_STATUS_MOVES = """
CREATE FUNCTION factors_only_status_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE movable text[] := ARRAY['status', 'status_changed_at', 'status_reason'];
BEGIN
  IF (to_jsonb(NEW) - movable) IS DISTINCT FROM (to_jsonb(OLD) - movable) THEN
    RAISE EXCEPTION 'a factor version is never edited: publish a new version'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN
     (('published', 'superseded'), ('published', 'withdrawn'), ('superseded', 'withdrawn')) THEN
    RAISE EXCEPTION 'a factor version does not go back from % to %', OLD.status, NEW.status
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_status_moves BEFORE UPDATE ON factors_factorversion
  FOR EACH ROW EXECUTE FUNCTION factors_only_status_moves();
"""

EMISSIONS_JOIN_AT_BIRTH = """
CREATE FUNCTION factors_remember_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.written_in := txid_current();
  RETURN NEW;
END $$;
CREATE TRIGGER remember_transaction BEFORE INSERT ON factors_factorversion
  FOR EACH ROW EXECUTE FUNCTION factors_remember_transaction();

CREATE FUNCTION factors_join_at_birth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM factors_factorversion WHERE id = NEW.version_id AND written_in = txid_current();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an emission joins its factor version in the transaction that publishes it'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER join_at_birth BEFORE INSERT ON factors_factoremission
  FOR EACH ROW EXECUTE FUNCTION factors_join_at_birth();
"""

UNIT_STAYS = """
CREATE FUNCTION factors_unit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.unit, NEW.code, NEW.uuid) IS DISTINCT FROM (OLD.unit, OLD.code, OLD.uuid) THEN
    RAISE EXCEPTION 'the unit and code of a factor never change: its versions mean that unit'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER unit_stays BEFORE UPDATE ON factors_factor
  FOR EACH ROW EXECUTE FUNCTION factors_unit_stays();
"""

# NaN counts as larger than Infinity in PostgreSQL, so one comparison refuses both.
FINITE = """
ALTER TABLE factors_factoremission ADD CONSTRAINT factor_emission_finite
  CHECK (kg_per_unit < 'Infinity'::numeric);
ALTER TABLE factors_characterizationfactor ADD CONSTRAINT characterization_value_finite
  CHECK (value < 'Infinity'::numeric);
ALTER TABLE factors_factorversion ADD CONSTRAINT factor_version_uncertainty_plausible
  CHECK (uncertainty_gsd2 >= 1 AND uncertainty_gsd2 < 'Infinity'::numeric);
"""

# Curators publish through the web: they add versions and move a status, nothing else.
CURATORS = f"""
REVOKE UPDATE, DELETE ON factors_factorversion, factors_factoremission FROM {APP_ROLE};
GRANT UPDATE (status, status_changed_at, status_reason) ON factors_factorversion TO {APP_ROLE};
"""

UNDO = """
DROP TRIGGER never_changes ON factors_factoremission;
DROP TRIGGER never_changes ON factors_characterizationfactor;
DROP TRIGGER never_removed ON factors_factorversion;
DROP TRIGGER only_status_moves ON factors_factorversion;
DROP TRIGGER remember_transaction ON factors_factorversion;
DROP TRIGGER join_at_birth ON factors_factoremission;
DROP TRIGGER unit_stays ON factors_factor;
DROP FUNCTION factors_never_changes, factors_only_status_moves, factors_remember_transaction,
  factors_join_at_birth, factors_unit_stays;
ALTER TABLE factors_factoremission DROP CONSTRAINT factor_emission_finite;
ALTER TABLE factors_characterizationfactor DROP CONSTRAINT characterization_value_finite;
ALTER TABLE factors_factorversion DROP CONSTRAINT factor_version_uncertainty_plausible;
"""

SHARED_TABLES = ["greenhousegas", "characterizationset", "characterizationfactor", "source", "factor"]

ALLIANCE = "NULL::bigint"

VERSION = ("version_id", "factors_factorversion", "factor_id", "factors_factor")


class Migration(migrations.Migration):
    dependencies = [("factors", "0001_initial"), ("accounts", "0003_locks")]

    operations = [
        migrations.RunSQL(
            NEVER_CHANGES + ONLY_STATUS_MOVES + EMISSIONS_JOIN_AT_BIRTH + UNIT_STAYS + FINITE, UNDO
        ),
        migrations.RunSQL(CURATORS, f"GRANT UPDATE, DELETE ON factors_factorversion TO {APP_ROLE};"),
        *(read_only_for_web(f"factors_{table}") for table in SHARED_TABLES),
        audited("factors_source", company=ALLIANCE),
        audited("factors_greenhousegas", company=ALLIANCE),
        audited("factors_characterizationset", company=ALLIANCE),
        audited("factors_characterizationfactor", company=ALLIANCE),
        audited("factors_factor", company=ALLIANCE),
        audited(
            "factors_factorversion",
            company=ALLIANCE,
            within=("factor_id", "factors_factor"),
            ignoring=("written_in", "digest"),
        ),
        audited("factors_factoremission", company=ALLIANCE, within=VERSION),
    ]
