"""Engagements: whose they are, what a verifier reads and writes and until when, and what stays as it is."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.reviews_sql import kept_columns, never_removed, written_once
from accounts.sql import others_rows, same_company, tenant_table
from accounts.states_sql import only_moves
from footprint.verification.procedure import VERIFICATION
from footprint.verification.sql import (
    ENGAGED,
    MOVES_IT,
    NO_STATES,
    OF_SEEN,
    READS,
    STATES,
    STATES_IT,
    WORKS,
)

AGREED = (
    "uuid", "company_id", "publication_id", "body_id", "name_zh", "name_en", "period_start", "period_end",
    "level", "standard", "scope", "access_until", "created_at",
)  # fmt: skip
WITHIN = ("engagement_id", "verification_engagement")
TABLES = ("engagement", "dossier", "sampledline", "verificationfinding", "engagementstep",
          "verificationstatement")  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("verification", "0001_initial"),
        ("accounts", "0007_notifications"),
        ("publication", "0002_locks"),
    ]

    operations = [
        *(tenant_table(f"verification_{table}") for table in TABLES),
        others_rows("verification_engagement", "engaged", readable=ENGAGED, changeable=ENGAGED),
        others_rows("verification_dossier", "engaged", readable=READS),
        others_rows("verification_sampledline", "engaged", readable=READS, addable=WORKS, changeable=WORKS),
        others_rows("verification_verificationfinding", "engaged", readable=READS, addable=WORKS, changeable=WORKS),
        others_rows("verification_engagementstep", "engaged", readable=MOVES_IT, addable=MOVES_IT),
        others_rows(
            "verification_verificationstatement",
            "engaged",
            readable=f"{READS} OR {OF_SEEN}",
            addable=STATES_IT,
            changeable=READS,
        ),
        same_company("verification_engagement", "publication_id", "publication_publication"),
        *(
            same_company(f"verification_{table}", "engagement_id", "verification_engagement")
            for table in TABLES[1:]
        ),
        same_company("verification_verificationfinding", "sampled_id", "verification_sampledline"),
        same_company("verification_verificationstatement", "publication_id", "publication_publication"),
        only_moves("verification_engagement", VERIFICATION.edges, forgets=("verifier_id", "requested_by_id")),
        kept_columns("verification_engagement", AGREED),
        kept_columns(
            "verification_dossier",
            ("company_id", "engagement_id", "declared", "content", "content_hash", "shares", "changes",
             "bundle", "bundle_hash"),
        ),
        kept_columns("verification_sampledline", ("uuid", "company_id", "engagement_id", "line", "risk")),
        kept_columns(
            "verification_verificationfinding",
            ("uuid", "company_id", "engagement_id", "sampled_id", "severity", "text", "raised_at"),
        ),
        kept_columns(
            "verification_verificationstatement",
            ("uuid", "company_id", "engagement_id", "publication_id", "level", "outcome", "stated_on",
             "valid_until", "content", "content_hash", "jws", "key_id"),
        ),
        migrations.RunSQL(STATES, NO_STATES),
        written_once("verification_engagementstep"),
        *(never_removed(f"verification_{table}") for table in TABLES),
        audited("verification_engagement", within=("publication_id", "publication_publication")),
        audited("verification_sampledline", within=WITHIN, ignoring=("risk", "reasons")),
        audited("verification_verificationfinding", within=WITHIN),
        audited("verification_verificationstatement", within=WITHIN, ignoring=("content", "jws")),
    ]  # fmt: skip
