"""Submissions: whose they are, what of them the alliance sees, how they move, and what stays as it is."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.reviews_sql import kept_columns, never_removed, reviewed_table, written_once
from accounts.sql import run_as_worker, same_company, tenant_table
from accounts.states_sql import only_moves
from footprint.inventory.procedure import SUBMISSION

SENT = "sent_round > 0 AND state <> 'withdrawn'"
HERE = "state IN ('submitted', 'under_review', 'accepted')"


def of_a_sent(table: str, more: str = "true") -> str:
    """Rows of submissions that a reviewer sees, of the same company."""
    return (
        f"EXISTS (SELECT FROM inventory_submission sent WHERE sent.id = {table}.submission_id"
        f" AND sent.company_id = {table}.company_id AND sent.sent_round > 0"
        f" AND sent.state <> 'withdrawn' AND {more})"
    )


COPY = of_a_sent("inventory_frozencopy", "inventory_frozencopy.round <= sent.sent_round")
STEP = f"NOT is_internal AND {of_a_sent('inventory_submissionstep')}"
THREAD = of_a_sent("inventory_reviewthread")
UNDER_REVIEW = of_a_sent("inventory_reviewthread", "sent.state = 'under_review'")
REMARK = (
    "EXISTS (SELECT FROM inventory_reviewthread asked WHERE asked.id = inventory_reviewremark.thread_id"
    " AND asked.company_id = inventory_reviewremark.company_id)"
)
IN_SUBMISSION = (
    "submission_id", "inventory_submission", "inventory_id", "inventory_inventory"
)  # fmt: skip
IN_THREAD = ("thread_id", "inventory_reviewthread", *IN_SUBMISSION)

ACCEPTS = f"""
CREATE FUNCTION inventory_submission_accepts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'accepted' AND OLD.state <> 'accepted' THEN
    IF NEW.handed_in_by_id IS NULL OR NEW.checked_by_id IS NULL OR NEW.decided_by_id IS NULL THEN
      RAISE EXCEPTION 'a submission is accepted by somebody, after two others handed in and checked it'
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.sent_round <> NEW.round THEN
      RAISE EXCEPTION 'what is accepted was submitted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (
      SELECT FROM inventory_reviewthread WHERE submission_id = NEW.id AND closed_at IS NULL
    ) THEN
      RAISE EXCEPTION 'a submission with open threads is not accepted' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accepts BEFORE UPDATE ON inventory_submission
  FOR EACH ROW EXECUTE FUNCTION inventory_submission_accepts();
{run_as_worker("inventory_submission_accepts()")}
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_submission"), ("accounts", "0003_locks")]

    operations = [
        tenant_table("inventory_submission"),
        tenant_table("inventory_frozencopy"),
        tenant_table("inventory_submissionstep"),
        tenant_table("inventory_reviewthread"),
        tenant_table("inventory_reviewremark"),
        reviewed_table("inventory_submission", readable=SENT, changeable=f"{SENT} AND {HERE}"),
        reviewed_table("inventory_frozencopy", readable=COPY),
        reviewed_table("inventory_submissionstep", readable=STEP, addable=STEP),
        reviewed_table("inventory_reviewthread", readable=THREAD, addable=UNDER_REVIEW, changeable=THREAD),
        reviewed_table("inventory_reviewremark", readable=REMARK, addable=REMARK),
        same_company("inventory_submission", "inventory_id", "inventory_inventory"),
        same_company("inventory_frozencopy", "submission_id", "inventory_submission"),
        same_company("inventory_submissionstep", "submission_id", "inventory_submission"),
        same_company("inventory_reviewthread", "submission_id", "inventory_submission"),
        same_company("inventory_reviewremark", "thread_id", "inventory_reviewthread"),
        only_moves(
            "inventory_submission",
            SUBMISSION.edges,
            forgets=("handed_in_by_id", "checked_by_id", "taken_by_id", "decided_by_id"),
        ),
        migrations.RunSQL(
            ACCEPTS,
            "DROP TRIGGER accepts ON inventory_submission; DROP FUNCTION inventory_submission_accepts();",
        ),
        kept_columns("inventory_submission", ("uuid", "company_id", "inventory_id", "created_at")),
        kept_columns(
            "inventory_reviewthread",
            ("uuid", "company_id", "submission_id", "round", "line", "opened_at"),
        ),
        written_once("inventory_frozencopy"),
        written_once("inventory_submissionstep"),
        written_once("inventory_reviewremark"),
        *(
            never_removed(f"inventory_{table}")
            for table in ("submission", "frozencopy", "submissionstep", "reviewthread", "reviewremark")
        ),
        audited("inventory_submission", within=("inventory_id", "inventory_inventory")),
        audited("inventory_reviewthread", within=IN_SUBMISSION),
        audited("inventory_reviewremark", within=IN_THREAD),
    ]
