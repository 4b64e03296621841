"""A release is made by curators through the web, and nothing of it changes afterwards."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.visibility import APP_ROLE, WORKER_ROLE

KEPT = """
CREATE FUNCTION factors_release_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'factors_factorrelease'
     AND (to_jsonb(NEW) - 'released_by_id') IS NOT DISTINCT FROM (to_jsonb(OLD) - 'released_by_id') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a release stays as it was made' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON factors_factorrelease
  FOR EACH ROW EXECUTE FUNCTION factors_release_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON factors_releasedversion
  FOR EACH ROW EXECUTE FUNCTION factors_release_stays();
CREATE FUNCTION factors_joins_its_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT release_id, count(*) AS members FROM factors_releasedversion
                 WHERE release_id IN (SELECT release_id FROM come) GROUP BY release_id) AS counted
    JOIN factors_factorrelease release ON release.id = counted.release_id
    WHERE counted.members > release.versions
  ) THEN
    RAISE EXCEPTION 'a release takes in nothing afterwards' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER takes_in_nothing AFTER INSERT ON factors_releasedversion REFERENCING NEW TABLE AS come
  FOR EACH STATEMENT EXECUTE FUNCTION factors_joins_its_release();
"""
UNDO = """
DROP TRIGGER stays ON factors_factorrelease;
DROP TRIGGER stays ON factors_releasedversion;
DROP TRIGGER takes_in_nothing ON factors_releasedversion;
DROP FUNCTION factors_release_stays, factors_joins_its_release;
"""
TABLES = "factors_factorrelease, factors_releasedversion"


class Migration(migrations.Migration):
    dependencies = [("factors", "0007_releases"), ("accounts", "0005_kept_replies")]

    operations = [
        migrations.RunSQL(KEPT, UNDO),
        migrations.RunSQL(
            f"REVOKE DELETE ON {TABLES} FROM {APP_ROLE}, {WORKER_ROLE};",
            f"GRANT DELETE ON {TABLES} TO {APP_ROLE}, {WORKER_ROLE};",
        ),
        audited("factors_factorrelease", company="NULL::bigint"),
    ]
