"""What stood beside the rules goes: the plausible range of a category, thresholds of a category."""

from django.db import migrations, models

TABLE = "rules_closurerule"


class Migration(migrations.Migration):
    atomic = False
    contract = "since 0005 rules say it; no release was made with the columns"

    dependencies = [("rules", "0005_ranges_and_thresholds")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE rules_closurerule DISABLE TRIGGER never_changes;
            DELETE FROM rules_closurerule WHERE category_id IS NOT NULL;
            ALTER TABLE rules_closurerule ENABLE TRIGGER never_changes;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint("closurerule", "closure_rule_number_once"),
        migrations.RemoveField("closurerule", "category"),
        *(
            migrations.RemoveField("productcategory", f"plausible_{name}")
            for name in ("low", "high", "source")
        ),
        migrations.RunSQL(
            f"CREATE UNIQUE INDEX CONCURRENTLY closure_rule_number_once_a_basis ON {TABLE} (basis, number);",
            "DROP INDEX closure_rule_number_once_a_basis;",
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint(
                    "closurerule",
                    models.UniqueConstraint(
                        fields=["basis", "number"], name="closure_rule_number_once_a_basis"
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    f"ALTER TABLE {TABLE} ADD CONSTRAINT closure_rule_number_once_a_basis"
                    " UNIQUE USING INDEX closure_rule_number_once_a_basis;",
                    f"ALTER TABLE {TABLE} DROP CONSTRAINT closure_rule_number_once_a_basis;",
                )
            ],
        ),
    ]
