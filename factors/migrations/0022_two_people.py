"""Nobody decides alone what everybody reads: who prepared it, who decided, and that they are two."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

from accounts.states_sql import only_moves
from accounts.visibility import APP_ROLE
from factors.sql import IMPORT_OF_TWO, NO_IMPORT_OF_TWO, PROPOSAL_OF_TWO, VERSION_OF_TWO

PROPOSAL, IMPORT, USER = "factors_factorproposal", "factors_factorimport", settings.AUTH_USER_MODEL
BEFORE = {
    "screening": ("technical_review", "returned", "rejected", "retracted"),
    "technical_review": ("public_comment", "approved", "returned", "rejected", "retracted"),
    "public_comment": ("approved", "returned", "rejected", "retracted"),
    "approved": ("published", "returned", "rejected", "retracted"),
    "returned": ("screening", "retracted"),
    "published": (),
    "rejected": (),
    "retracted": (),
}
AFTER = {**BEFORE, "screening": ("technical_review", "published", "returned", "rejected", "retracted")}
STATES = [
    ("queued", "Queued"), ("running", "Running"), ("waiting", "Waits for another curator"),
    ("confirmed", "Confirmed"), ("declined", "Declined"), ("done", "Imported"), ("refused", "Refused"),
    ("failed", "Broken off"),
]  # fmt: skip
DECIDES = "state, decided_by_id, decided_at, decision_reason"


def somebody(**more: object) -> models.ForeignKey:
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=USER,
        verbose_name="decided by", **more,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("factors", "0021_former_content"), migrations.swappable_dependency(USER)]

    operations = [
        migrations.AddField(
            "factorversion",
            "prepared_by",
            models.CharField(
                blank=True, db_default="", default="", max_length=60, verbose_name="prepared by"
            ),
        ),
        migrations.AddField("factorproposal", "decided_by", somebody(blank=True)),
        AddConstraintNotValid(
            "factorproposal",
            models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                name="factor_proposal_decided_by_another",
            ),
        ),
        ValidateConstraint("factorproposal", "factor_proposal_decided_by_another"),
        migrations.AlterField(
            "factorimport",
            "state",
            models.CharField(choices=STATES, default="queued", max_length=10, verbose_name="state"),
        ),
        migrations.AddField("factorimport", "decided_by", somebody()),
        migrations.AddField(
            "factorimport", "decided_at", models.DateTimeField(null=True, verbose_name="decided at")
        ),
        migrations.AddField(
            "factorimport",
            "decision_reason",
            models.CharField(
                blank=True, db_default="", default="", max_length=500, verbose_name="reason of the decision"
            ),
        ),
        AddConstraintNotValid(
            "factorimport",
            models.CheckConstraint(
                condition=models.Q(
                    ("state", "declined"),
                    models.Q(("decided_by", models.F("created_by")), _negated=True),
                    _connector="OR",
                ),
                name="factor_import_confirmed_by_another",
            ),
        ),
        ValidateConstraint("factorimport", "factor_import_confirmed_by_another"),
        migrations.RunSQL(only_moves(PROPOSAL, BEFORE).reverse_sql, only_moves(PROPOSAL, BEFORE).sql),
        only_moves(PROPOSAL, AFTER, forgets=("proposed_by_id", "decided_by_id")),
        migrations.RunSQL(
            PROPOSAL_OF_TWO,
            "DROP TRIGGER of_two ON factors_factorproposal;DROP FUNCTION factors_proposal_of_two();",
        ),
        migrations.RunSQL(
            VERSION_OF_TWO,
            "DROP TRIGGER of_two ON factors_factorversion;DROP FUNCTION factors_version_of_two();",
        ),
        migrations.RunSQL(IMPORT_OF_TWO, NO_IMPORT_OF_TWO),
        migrations.RunSQL(
            f"GRANT UPDATE ({DECIDES}) ON {IMPORT} TO {APP_ROLE};",
            f"REVOKE UPDATE ({DECIDES}) ON {IMPORT} FROM {APP_ROLE};",
        ),
    ]
