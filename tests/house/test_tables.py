"""Every table is classified: a new one fails here until somebody has thought about who may read it."""

from __future__ import annotations

import pytest
from django.db import connection

TENANT = {
    "accounts_auditchain",
    "accounts_auditentry",
    "accounts_auditleaf",
    "accounts_auditseal",
    "accounts_site",
    "analysis_adoptiondecision",
    "analysis_adoptionpolicy",
    "analysis_practice",
    "analysis_practiceevidence",
    "analysis_scenario",
    "analysis_assessment",
    "analysis_profilefigure",
    "analysis_sampledfigure",
    "benchmark_participation",
    "benchmark_position",
    "benchmark_reductiontarget",
    "calculation_columnversion",
    "calculation_figureversion",
    "calculation_footprint",
    "calculation_footprintbreakdown",
    "exchange_companyexport",
    "factors_factor",
    "factors_factoremission",
    "factors_factorversion",
    "exchange_importjob",
    "exchange_upsertbody",
    "exchange_upsertjob",
    "exchange_upsertrow",
    "exchange_workbookupload",
    "inventory_allocationanswer",
    "inventory_allocationshare",
    "inventory_checklistanswer",
    "inventory_evidencecontent",
    "inventory_evidencefile",
    "inventory_exchange",
    "inventory_frozencopy",
    "inventory_frozenprice",
    "inventory_inventory",
    "inventory_outputprice",
    "inventory_product",
    "inventory_productgrant",
    "inventory_removedline",
    "inventory_reviewremark",
    "inventory_reviewthread",
    "inventory_submission",
    "inventory_submissionstep",
    "inventory_unitprocess",
    "partners_conformancerun",
    "partners_connection",
    "partners_connectionrequest",
    "partners_delivery",
    "partners_footprintgrant",
    "partners_offeredfootprint",
    "partners_partnerevent",
    "partners_partnerfootprint",
    "partners_partnersecret",
    "partners_receipt",
    "partners_reception",
    "partners_webhook",
    "partners_webhooksecret",
    "publication_publication",
    "publication_publicationrecipient",
    "publication_publicationstep",
    "sharing_sharingremark",
    "sharing_sharingrequest",
    "sharing_sharingstep",
    "sharing_supplierfigure",
    "verification_dossier",
    "verification_engagement",
    "verification_engagementremark",
    "verification_engagementstep",
    "verification_sampledline",
    "verification_verificationfinding",
    "verification_verificationstatement",
}
OF_CALLERS = {"accounts_keptreply", "accounts_mailchoice", "accounts_notification"}
"""Rows of one person or machine, whose own they are whatever company they belong to."""
WORKER_ONLY = {
    "accounts_auditpending",
    "analysis_samplechunk",
    "analysis_study",
    "benchmark_cohortmember",
    "benchmark_contribution",
    "benchmark_estimate",
    "factors_importedline",
    "partners_waitingnews",
    "partners_waitingpublication",
}
SHARED = {
    "accounts_auditcheckpoint",
    "accounts_company",
    "accounts_companygroup",
    "analysis_factorimpact",
    "analysis_uncertaintyrun",
    "benchmark_allianceoverview",
    "benchmark_definition",
    "benchmark_release",
    "calculation_calculationrun",
    "calculation_recomputefailure",
    "calculation_recomputemark",
    "factors_characterizationfactor",
    "factors_characterizationset",
    "factors_factorimport",
    "factors_factorproposal",
    "factors_factorrelease",
    "factors_greenhousegas",
    "factors_proposalreview",
    "factors_proposalstep",
    "factors_releasedversion",
    "factors_releasefile",
    "factors_source",
    "publication_signingkey",
    "rules_closurerule",
    "rules_methodprofile",
    "rules_methodprofileversion",
    "rules_productcategory",
    "rules_productrule",
    "rules_ruleballot",
    "rules_rulecomment",
    "rules_rulemove",
}
SYSTEM_PREFIXES = (
    "account_",
    "auth_",
    "django_",
    "oauth2_provider_",
    "mfa_",
    "socialaccount_",
    "usersessions_",
)
SYSTEM = {
    "accounts_clientsecret",
    "accounts_delegation",
    "accounts_invitation",
    "accounts_invitation_sites",
    "accounts_membership",
    "accounts_membership_sites",
    "accounts_serviceclient",
    "accounts_user",
    "accounts_user_groups",
    "accounts_user_user_permissions",
}


def _rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_every_table_is_classified() -> None:
    tables = {str(name) for (name,) in _rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    known = TENANT | OF_CALLERS | WORKER_ONLY | SHARED | SYSTEM
    assert {name for name in tables - known if not name.startswith(SYSTEM_PREFIXES)} == set()
    assert known - tables == set()


@pytest.mark.django_db
def test_tenant_tables_force_row_level_security() -> None:
    forced = _rows("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    assert {name for (name,) in forced} == TENANT | OF_CALLERS


CROSSING = {
    ("inventory_exchange", "provider_product_id"),
    ("inventory_exchange", "factor_version_id"),
    ("analysis_adoptiondecision", "old_id"),
    ("analysis_adoptiondecision", "new_id"),
    ("analysis_practice", "factor_id"),
    ("factors_factorversion", "factor_id"),
    ("factors_factorversion", "supersedes_id"),
    ("factors_factoremission", "version_id"),
    ("sharing_supplierfigure", "version_id"),
}
"""Columns that name a row of another company by purpose: docs/adr/0003-two-locks.md says what guards them.

Factors are shared or one's own: triggers of ``factors/sql.py`` refuse those of a third company.
"""
KEYS = """
SELECT conrelid::regclass::text, confrelid::regclass::text,
       (SELECT array_agg(attname::text ORDER BY place)
        FROM unnest(conkey) WITH ORDINALITY AS part(number, place)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = part.number)
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""


@pytest.mark.django_db
def test_keys_between_tenant_tables_are_composite() -> None:
    """PostgreSQL checks a key past row-level security: a plain one takes a stranger's row."""
    between = [
        (table, target, columns) for table, target, columns in _rows(KEYS) if {table, target} <= TENANT
    ]
    plain = {(table, columns[0]) for table, _target, columns in between if len(columns) == 1}
    owners = ("company_id", "supplier_id")
    composite = {(table, columns[1]) for table, _target, columns in between if columns[0] in owners}
    assert plain - composite == CROSSING


@pytest.mark.django_db
def test_every_tenant_table_is_one_companys_and_says_so_to_each_role() -> None:
    """What web and worker may do with rows is said by policies made for them alone, never for everybody."""
    columns = _rows("SELECT table_name FROM information_schema.columns WHERE column_name = 'company_id'")
    assert {name for (name,) in columns} >= TENANT
    policies = _rows("SELECT tablename::text, roles::text[] FROM pg_policies")
    assert {table for table, _roles in policies} == TENANT | OF_CALLERS
    for table in TENANT:
        served = {role for found, roles in policies if found == table for role in roles}
        assert {"pcf_app", "pcf_worker"} <= served <= {"pcf_app", "pcf_worker", "pcf_owner"}, table


@pytest.mark.django_db
def test_nothing_looks_at_tenant_tables_with_another_ones_rights() -> None:
    """A view sees what its owner sees, a materialised one what there was."""
    assert _rows("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'") == []
    views = _rows(
        "SELECT relname::text FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace"
        " AND NOT coalesce(reloptions::text, '') LIKE '%security_invoker=true%'"
    )
    assert views == []


@pytest.mark.django_db
def test_no_role_that_serves_owns_passes_by_or_empties() -> None:
    for role in ("pcf_app", "pcf_worker"):
        powers = "rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
        assert _rows(f"SELECT {powers} FROM pg_roles WHERE rolname = '{role}'") == [
            (False, False, False, False)
        ]
        owned = _rows(f"SELECT tablename FROM pg_tables WHERE tableowner = '{role}'")
        assert owned == []
        for table in TENANT | WORKER_ONLY | SHARED:
            assert _rows(f"SELECT has_table_privilege('{role}', '{table}', 'TRUNCATE')") == [(False,)]
        assert _rows(f"SELECT has_schema_privilege('{role}', 'public', 'CREATE')") == [(False,)]


@pytest.mark.django_db
def test_web_role_cannot_read_worker_tables_nor_write_results() -> None:
    for table in WORKER_ONLY:
        assert _rows(f"SELECT has_table_privilege('pcf_app', '{table}', 'SELECT')") == [(False,)]
    results = (
        "analysis_assessment",
        "analysis_profilefigure",
        "analysis_sampledfigure",
        "analysis_uncertaintyrun",
        "benchmark_allianceoverview",
        "benchmark_position",
        "calculation_footprint",
        "calculation_footprintbreakdown",
    )
    for table in results:
        assert _rows(f"SELECT has_table_privilege('pcf_app', '{table}', 'UPDATE')") == [(False,)]


@pytest.mark.django_db
def test_history_is_written_by_the_calculation_alone_and_never_changed() -> None:
    for table in ("calculation_columnversion", "calculation_figureversion"):
        for role, may in (("pcf_app", {"SELECT"}), ("pcf_worker", {"SELECT", "INSERT"})):
            for verb in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                asked = _rows(f"SELECT has_table_privilege('{role}', '{table}', '{verb}')")
                assert asked == [(verb in may,)], (table, role, verb)
