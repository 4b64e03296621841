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
    "analysis_scenario",
    "analysis_assessment",
    "analysis_profilefigure",
    "analysis_sampledfigure",
    "calculation_columnversion",
    "calculation_figureversion",
    "calculation_footprint",
    "calculation_footprintbreakdown",
    "exchange_importjob",
    "inventory_allocationanswer",
    "inventory_allocationshare",
    "inventory_exchange",
    "inventory_inventory",
    "inventory_outputprice",
    "inventory_product",
    "inventory_productgrant",
    "inventory_unitprocess",
}
WORKER_ONLY = {
    "accounts_auditpending",
    "analysis_samplechunk",
    "analysis_study",
    "benchmark_contribution",
    "benchmark_estimate",
}
SHARED = {
    "accounts_auditcheckpoint",
    "accounts_company",
    "accounts_companygroup",
    "analysis_uncertaintyrun",
    "benchmark_cell",
    "benchmark_release",
    "calculation_calculationrun",
    "calculation_recomputefailure",
    "calculation_recomputemark",
    "factors_characterizationfactor",
    "factors_characterizationset",
    "factors_factor",
    "factors_factoremission",
    "factors_factorversion",
    "factors_greenhousegas",
    "factors_source",
    "rules_closurerule",
    "rules_methodprofile",
    "rules_methodprofileversion",
    "rules_productcategory",
}
SYSTEM_PREFIXES = ("account_", "auth_", "django_", "oauth2_provider_", "mfa_", "socialaccount_")
SYSTEM = {
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
    known = TENANT | WORKER_ONLY | SHARED | SYSTEM
    assert {name for name in tables - known if not name.startswith(SYSTEM_PREFIXES)} == set()
    assert known - tables == set()


@pytest.mark.django_db
def test_tenant_tables_force_row_level_security() -> None:
    forced = _rows("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    assert {name for (name,) in forced} == TENANT


@pytest.mark.django_db
def test_web_role_cannot_read_worker_tables_nor_write_results() -> None:
    for table in WORKER_ONLY:
        assert _rows(f"SELECT has_table_privilege('pcf_app', '{table}', 'SELECT')") == [(False,)]
    results = (
        "analysis_assessment",
        "analysis_profilefigure",
        "analysis_sampledfigure",
        "analysis_uncertaintyrun",
        "benchmark_release",
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
