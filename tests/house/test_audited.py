"""Every table of business rows is under the audit log, or it says here why not."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from accounts.audit_showing import has_words
from tests.house.test_tables import OF_CALLERS, SHARED, SYSTEM, TENANT, WORKER_ONLY

RESULTS = "computed; its calculation run explains it"
NOT_AUDITED = {
    "accounts_auditchain": "the log itself",
    "accounts_auditcheckpoint": "the log itself",
    "accounts_auditentry": "the log itself",
    "accounts_auditleaf": "the log itself",
    "accounts_auditpending": "the log itself",
    "accounts_auditseal": "the log itself",
    "accounts_keptreply": "an answer, kept for two days; what the request changed is recorded",
    "accounts_mailchoice": "a person's own convenience",
    "accounts_notification": "says that something happened, which is recorded itself",
    "accounts_user_groups": "roles come from memberships; the framework's groups are not used",
    "accounts_user_user_permissions": "as above",
    "analysis_assessment": RESULTS,
    "analysis_profilefigure": RESULTS,
    "analysis_samplechunk": RESULTS,
    "analysis_sampledfigure": RESULTS,
    "analysis_study": RESULTS,
    "analysis_factorimpact": "says what was asked about shared factors, and names nobody",
    "analysis_uncertaintyrun": "says what was computed, and names nobody",
    "benchmark_allianceoverview": RESULTS,
    "benchmark_cohortmember": RESULTS,
    "benchmark_contribution": RESULTS,
    "benchmark_estimate": RESULTS,
    "benchmark_position": RESULTS,
    "factors_importedline": "a line of a file that waits; what is published of it is recorded",
    "factors_releasedversion": "part of a release, which is recorded with its checksum; append-only",
    "calculation_calculationrun": RESULTS,
    "calculation_columnversion": "a history of its own, append-only",
    "calculation_figureversion": "a history of its own, append-only",
    "calculation_footprint": RESULTS,
    "calculation_footprintbreakdown": RESULTS,
    "calculation_recomputefailure": RESULTS,
    "calculation_recomputemark": RESULTS,
    "exchange_upsertbody": "what was sent, until its job ended; what it changed is recorded",
    "exchange_upsertrow": "says what became of rows; what they changed is recorded",
    "inventory_evidencecontent": "bytes that nothing can change; the file's row has their hash",
    "inventory_frozenprice": "a part of a frozen copy, written down with it; append-only",
    "inventory_frozencopy": "a copy that nothing can change, with its hash; that it was made is a step",
    "partners_offeredfootprint": "a publication in another form; that is recorded",
    "partners_partnerfootprint": "what a partner sent; the event or sheet that brought it is recorded",
    "partners_receipt": "a record of its own: who was sent which footprint when",
    "partners_waitingnews": "a mark that is gone once the event was made",
    "partners_waitingpublication": "a mark that is gone once the publication was brought out",
    "publication_publicationstep": "a history of its own, append-only",
    "inventory_removedline": "what a removal took away; that is recorded with the line itself",
    "inventory_submissionstep": "a history of its own, append-only",
    "verification_dossier": "copies that nothing can change, with their hashes; that it was made is a step",
    "verification_engagementstep": "a history of its own, append-only",
}
RULES = "part of a release of the product; versions that nothing can change"
NOT_AUDITED |= dict.fromkeys(
    ("rules_methodprofile", "rules_methodprofileversion", "rules_closurerule"), RULES
)
EVENTS = {"audited_insert", "audited_update", "audited_delete", "audited_truncate"}
pytestmark = pytest.mark.django_db


def audited() -> dict[str, set[str]]:
    """Tables with the log's triggers, and which."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'audited\\_%'"
            " AND NOT tgisinternal"
        )
        for table, name in cursor.fetchall():
            found.setdefault(table, set()).add(name)
    return found


def test_every_table_is_audited_or_says_why_not() -> None:
    known = audited()
    tables = TENANT | OF_CALLERS | SHARED | SYSTEM | WORKER_ONLY
    assert sorted(tables - set(known) - set(NOT_AUDITED)) == []
    assert sorted(set(known) & set(NOT_AUDITED)) == []
    assert sorted(set(NOT_AUDITED) - tables) == []


def test_every_way_to_change_a_row_is_seen() -> None:
    assert {table: names for table, names in audited().items() if names != EVENTS} == {}


def test_every_column_has_a_name_in_every_language() -> None:
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE '%\\_audited\\_insert'")
        sources = {name.removesuffix("_audited_insert"): source for name, source in cursor.fetchall()}
    nameless = [
        f"{table}.{field.column}"
        for table in audited()
        for field in models[table]._meta.concrete_fields
        if f"'{field.column}'" not in sources[table] and not has_words(table, field.column)
    ]
    assert sorted(nameless) == []
