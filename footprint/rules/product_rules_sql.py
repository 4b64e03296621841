"""SQL for migrations: what of a product category rule never changes, whoever writes."""

from __future__ import annotations

from django.db import migrations

from accounts.visibility import APP_ROLE, WORKER_ROLE

TABLES = ("productrule", "rulemove", "rulecomment", "ruleballot")

KEEP = """
CREATE FUNCTION rules_productrule_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['state', 'version'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a product category rule is never removed: withdraw it'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'published' AND (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free) THEN
    RAISE EXCEPTION 'a published product category rule never changes: propose a further version'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.document, NEW.digest) IS DISTINCT FROM (OLD.document, OLD.digest)
     AND (OLD.state <> 'drafting' OR NEW.state <> 'drafting') THEN
    RAISE EXCEPTION 'a product category rule is written while it is drafted, not while it is %', OLD.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.uuid, NEW.category_id, NEW.number, NEW.company_id)
     IS DISTINCT FROM (OLD.uuid, OLD.category_id, OLD.number, OLD.company_id) THEN
    RAISE EXCEPTION 'a product category rule stays the version it is'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps BEFORE UPDATE OR DELETE ON rules_productrule
  FOR EACH ROW EXECUTE FUNCTION rules_productrule_keeps();

CREATE FUNCTION rules_said_is_said() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := TG_ARGV[0]::text[];
BEGIN
  IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free) THEN
    RAISE EXCEPTION '% keeps what was said', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER said_is_said BEFORE UPDATE OR DELETE ON rules_rulemove
  FOR EACH ROW EXECUTE FUNCTION rules_said_is_said('{by_id}');
CREATE TRIGGER said_is_said BEFORE UPDATE OR DELETE ON rules_rulecomment
  FOR EACH ROW EXECUTE FUNCTION
  rules_said_is_said('{author_id,disposition,answer,answered_by_id,answered_at}');
CREATE TRIGGER said_is_said BEFORE UPDATE OR DELETE ON rules_ruleballot
  FOR EACH ROW EXECUTE FUNCTION rules_said_is_said('{choice,by_id,at}');
"""
UNDO = """
DROP TRIGGER keeps ON rules_productrule;
DROP TRIGGER said_is_said ON rules_rulemove;
DROP TRIGGER said_is_said ON rules_rulecomment;
DROP TRIGGER said_is_said ON rules_ruleballot;
DROP FUNCTION rules_productrule_keeps, rules_said_is_said;
"""


def keep_product_rules() -> migrations.RunSQL:
    """Published stays as it is; what somebody said or decided stays said."""
    return migrations.RunSQL(KEEP, UNDO)


def never_removed() -> migrations.RunSQL:
    """Neither role may remove rows."""
    roles = f"{APP_ROLE}, {WORKER_ROLE}"
    names = ", ".join(f"rules_{table}" for table in TABLES)
    return migrations.RunSQL(
        f"REVOKE DELETE ON {names} FROM {roles};", f"GRANT DELETE ON {names} TO {roles};"
    )
