"""Whose answers to checklists are, who writes them and when; they stay, and are recorded."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.reviews_sql import kept_columns, never_removed, reviewed_table
from accounts.sql import same_company, tenant_table

TABLE = "inventory_checklistanswer"


def of_a_sent(more: str) -> str:
    """Answers in submissions that a reviewer sees, of the same company."""
    return (
        f"EXISTS (SELECT FROM inventory_submission sent WHERE sent.id = {TABLE}.submission_id"
        f" AND sent.company_id = {TABLE}.company_id AND sent.sent_round > 0"
        f" AND sent.state <> 'withdrawn' AND {more})"
    )


SENT = of_a_sent(f"{TABLE}.round <= sent.sent_round")
UNDER_REVIEW = of_a_sent(f"sent.state = 'under_review' AND {TABLE}.round = sent.sent_round")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0013_checklist"), ("accounts", "0005_kept_replies")]

    operations = [
        tenant_table(TABLE),
        reviewed_table(TABLE, readable=SENT, addable=UNDER_REVIEW, changeable=UNDER_REVIEW),
        same_company(TABLE, "submission_id", "inventory_submission"),
        kept_columns(TABLE, ("company_id", "submission_id", "round", "category", "point")),
        never_removed(TABLE),
        audited(
            TABLE,
            within=("submission_id", "inventory_submission", "inventory_id", "inventory_inventory"),
        ),
    ]
