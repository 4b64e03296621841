"""Whose practices are, who reads them, how they move, what never changes of them; what is recorded."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.reviews_sql import reviewed_table
from accounts.sql import same_company, tenant_table
from accounts.states_sql import only_moves

MOVES = {
    "draft": ("in_review", "withdrawn"),
    "in_review": ("draft", "published"),
    "published": ("withdrawn",),
    "withdrawn": (),
}
"""As ``procedure.PRACTICE`` says at the time of this migration."""
SIGNED_IN = "current_setting('app.actor', true) ~ '^(person|client):'"
HANDED_IN = """
EXISTS (SELECT FROM analysis_practice told WHERE told.id = analysis_practiceevidence.practice_id
  AND (told.state <> 'draft' OR told.remark <> ''))
"""
KEEPS = """
CREATE FUNCTION analysis_practice_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moving text[] := ARRAY['state', 'version', 'remark', 'written_by_id'];
BEGIN
  IF OLD.state <> 'draft' AND (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving) THEN
    RAISE EXCEPTION 'a practice is written while it is a draft, not while it is %', OLD.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps BEFORE UPDATE ON analysis_practice
  FOR EACH ROW EXECUTE FUNCTION analysis_practice_keeps();
"""
UNDO = "DROP TRIGGER keeps ON analysis_practice; DROP FUNCTION analysis_practice_keeps();"


class Migration(migrations.Migration):
    dependencies = [("analysis", "0010_practices"), ("accounts", "0005_kept_replies")]

    operations = [
        tenant_table("analysis_practice", also_readable=f"state = 'published' AND {SIGNED_IN}"),
        tenant_table("analysis_practiceevidence"),
        reviewed_table(
            "analysis_practice",
            readable="state <> 'draft' OR remark <> ''",
            changeable="state IN ('in_review', 'published')",
        ),
        reviewed_table("analysis_practiceevidence", readable=HANDED_IN),
        same_company("analysis_practiceevidence", "practice_id", "analysis_practice"),
        only_moves("analysis_practice", MOVES, forgets=("written_by_id",)),
        migrations.RunSQL(KEEPS, UNDO),
        audited("analysis_practice"),
        audited("analysis_practiceevidence", within=("practice_id", "analysis_practice")),
    ]
