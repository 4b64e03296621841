"""Published rules never change; nobody writes them through the web; what is audited."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.sql import read_only_for_web

NEVER_CHANGES = """
CREATE FUNCTION rules_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are never changed or removed: publish a further version', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON rules_methodprofileversion
  FOR EACH ROW EXECUTE FUNCTION rules_never_change();
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON rules_closurerule
  FOR EACH ROW EXECUTE FUNCTION rules_never_change();

CREATE FUNCTION rules_code_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.code, NEW.uuid) IS DISTINCT FROM (OLD.code, OLD.uuid) THEN
    RAISE EXCEPTION 'the code of a method profile never changes: results are known by it'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER code_stays BEFORE UPDATE ON rules_methodprofile
  FOR EACH ROW EXECUTE FUNCTION rules_code_stays();
"""

UNDO = """
DROP TRIGGER never_changes ON rules_methodprofileversion;
DROP TRIGGER never_changes ON rules_closurerule;
DROP TRIGGER code_stays ON rules_methodprofile;
DROP FUNCTION rules_never_change, rules_code_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("rules", "0001_initial"), ("accounts", "0003_locks")]

    operations = [
        migrations.RunSQL(NEVER_CHANGES, UNDO),
        *(
            read_only_for_web(f"rules_{table}")
            for table in ("methodprofile", "methodprofileversion", "closurerule")
        ),
        audited("rules_productcategory", company="NULL::bigint"),
    ]
