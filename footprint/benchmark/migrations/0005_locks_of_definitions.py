"""Definitions, participation and releases: who reads them, how they move, what never changes."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.reviews_sql import kept_columns
from accounts.sql import read_only_for_web, same_company, tenant_table, worker_only
from accounts.states_sql import only_moves
from footprint.benchmark.procedure import DEFINITION, RELEASE
from footprint.benchmark.sql import create_definition_triggers, create_narrow_role, keep_releases

DEFINED = (
    "uuid", "category_id", "technology", "region", "boundary", "profile_version_id", "year", "purpose",
    "necessity", "created_at",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("benchmark", "0004_definitions"),
        ("accounts", "0003_locks"),
        ("analysis", "0005_states"),
        ("calculation", "0002_locks"),
        ("inventory", "0005_submission_locks"),
    ]

    operations = [
        tenant_table("benchmark_participation"),
        same_company("benchmark_participation", "product_id", "inventory_product"),
        tenant_table("benchmark_position"),
        read_only_for_web("benchmark_position"),
        read_only_for_web("benchmark_allianceoverview"),
        *(worker_only(f"benchmark_{table}") for table in ("contribution", "estimate", "cohortmember")),
        only_moves("benchmark_definition", DEFINITION.edges, forgets=("proposed_by_id", "decided_by_id")),
        only_moves(
            "benchmark_release", RELEASE.edges, forgets=("prepared_by_id", "signed_by_id", "released_by_id")
        ),
        kept_columns("benchmark_definition", DEFINED),
        kept_columns("benchmark_release", ("uuid", "definition_id", "epoch", "created_at")),
        keep_releases(),
        create_definition_triggers(),
        create_narrow_role(),
        audited("benchmark_definition", company="NULL::bigint"),
        audited("benchmark_participation", within=("product_id", "inventory_product")),
        audited("benchmark_release", company="NULL::bigint", ignoring=("content", "jws")),
    ]
