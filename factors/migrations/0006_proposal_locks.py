"""How a proposal moves, what of it never changes, that it is recorded, and who may add a factor."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.states_sql import only_moves
from accounts.visibility import APP_ROLE, WORKER_ROLE

MOVES = {
    "screening": ("technical_review", "returned", "rejected", "retracted"),
    "technical_review": ("public_comment", "approved", "returned", "rejected", "retracted"),
    "public_comment": ("approved", "returned", "rejected", "retracted"),
    "approved": ("published", "returned", "rejected", "retracted"),
    "returned": ("screening", "retracted"),
    "published": (),
    "rejected": (),
    "retracted": (),
}
"""As ``procedure.PROPOSAL`` says at the time of this migration."""

KEEPS = """
CREATE FUNCTION factors_proposal_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moving text[] := ARRAY['state', 'version', 'moved_at', 'published_id', 'proposed_by_id'];
        again text[] := ARRAY['content', 'findings', 'reason', 'round'];
BEGIN
  IF (to_jsonb(NEW) - moving - again) IS DISTINCT FROM (to_jsonb(OLD) - moving - again) THEN
    RAISE EXCEPTION 'a proposal stays about what it was about: make another one'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.state, NEW.state) IS DISTINCT FROM ('returned', 'screening')
     AND (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving) THEN
    RAISE EXCEPTION 'a proposal is mended when it was sent back, not while it is %', OLD.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps BEFORE UPDATE ON factors_factorproposal
  FOR EACH ROW EXECUTE FUNCTION factors_proposal_keeps();

CREATE FUNCTION factors_said_is_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - 'by_id') IS DISTINCT FROM (to_jsonb(OLD) - 'by_id') THEN
    RAISE EXCEPTION '% keeps what was said', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER said_is_said BEFORE UPDATE ON factors_proposalreview
  FOR EACH ROW EXECUTE FUNCTION factors_said_is_said();
CREATE TRIGGER said_is_said BEFORE UPDATE ON factors_proposalstep
  FOR EACH ROW EXECUTE FUNCTION factors_said_is_said();
"""
UNDO = """
DROP TRIGGER keeps ON factors_factorproposal;
DROP TRIGGER said_is_said ON factors_proposalreview;
DROP TRIGGER said_is_said ON factors_proposalstep;
DROP FUNCTION factors_proposal_keeps, factors_said_is_said;
"""
TABLES = ("factors_factorproposal", "factors_proposalreview", "factors_proposalstep")
LISTED = ", ".join(TABLES)
BOTH = f"{APP_ROLE}, {WORKER_ROLE}"


class Migration(migrations.Migration):
    dependencies = [("factors", "0005_proposals"), ("accounts", "0005_kept_replies")]

    operations = [
        only_moves("factors_factorproposal", MOVES),
        migrations.RunSQL(KEEPS, UNDO),
        migrations.RunSQL(f"REVOKE DELETE ON {LISTED} FROM {BOTH};", f"GRANT DELETE ON {LISTED} TO {BOTH};"),
        migrations.RunSQL(
            f"GRANT INSERT ON factors_factor TO {APP_ROLE};",
            f"REVOKE INSERT ON factors_factor FROM {APP_ROLE};",
        ),
        *(audited(table, company="NULL::bigint") for table in TABLES),
    ]
