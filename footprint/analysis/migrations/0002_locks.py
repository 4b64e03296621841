"""Rows of studies belong to companies; what makes an assessment due; what is audited."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.sql import read_only_for_web, same_company, tenant_table, worker_only
from footprint.analysis.sql import create_assessment_triggers, start_only_for_web


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0001_initial"),
        ("accounts", "0003_locks"),
        ("inventory", "0002_locks"),
        ("calculation", "0002_locks"),
    ]

    operations = [
        tenant_table("analysis_scenario"),
        same_company("analysis_scenario", "product_id", "inventory_product"),
        *(
            operation
            for table in ("assessment", "profilefigure", "sampledfigure")
            for operation in (
                tenant_table(f"analysis_{table}"),
                same_company(f"analysis_{table}", "footprint_id", "calculation_footprint"),
                read_only_for_web(f"analysis_{table}"),
            )
        ),
        worker_only("analysis_study"),
        worker_only("analysis_samplechunk"),
        start_only_for_web("analysis_uncertaintyrun"),
        create_assessment_triggers(),
        audited("analysis_scenario", within=("product_id", "inventory_product")),
    ]
