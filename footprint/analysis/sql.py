"""Which changes make an assessment stale, and whose assessment is."""

from __future__ import annotations

from django.db import migrations

from accounts.sql import run_as_worker
from accounts.visibility import APP_ROLE
from footprint.calculation.sql import (
    EVERY_PROCESS,
    IN_INVENTORY,
    PRICED,
    USERS_OF_PRODUCT,
    of,
    trigger,
)

KIND = "assessment"

_AT_SITE = (
    "SELECT process.id FROM {rows} JOIN inventory_inventory inventory ON inventory.site_id = {rows}.id"
    " JOIN inventory_unitprocess process ON process.inventory_id = inventory.id"
)


def _marks(table: str, old: str, new: str) -> str:
    return trigger(table, "assessment", old, new, kind=KIND)


# most of these move the figure as well; a score, a spread, a fraction or a place moves the assessment alone
TRIGGERS = "\n".join(
    [
        _marks("inventory_exchange", of("gone"), of("come")),
        _marks("inventory_allocationshare", of("gone"), of("come")),
        _marks("inventory_unitprocess", "", of("come", "id")),
        _marks("inventory_product", "", USERS_OF_PRODUCT.format(rows="come")),
        _marks("inventory_inventory", "", IN_INVENTORY.format(rows="come")),
        _marks("inventory_outputprice", PRICED.format(rows="gone"), PRICED.format(rows="come")),
        _marks("accounts_site", "", _AT_SITE.format(rows="come")),
        _marks("calculation_footprint", "", of("come")),
        _marks(
            "factors_characterizationfactor",
            EVERY_PROCESS.format(rows="gone"),
            EVERY_PROCESS.format(rows="come"),
        ),
        _marks("rules_methodprofileversion", "", EVERY_PROCESS.format(rows="come")),
    ]
)

# what is answered decides what a tree of questions orders
ANSWERED = _marks("inventory_allocationanswer", of("gone"), of("come"))

# a product category rule in force orders methods of allocation
_UNDER_RULES = (
    "SELECT process.id FROM inventory_unitprocess process WHERE EXISTS"
    " (SELECT FROM {rows} WHERE state IN ('published', 'withdrawn'))"
)
RULED = _marks("rules_productrule", "", _UNDER_RULES.format(rows="come"))

_NO_MARKS = "".join(
    f"DROP TRIGGER {{table}}_marks_assessment_{event} ON {{table}};"
    f" DROP FUNCTION {{table}}_marks_assessment_{event}();"
    for event in ("insert", "update")
)

# an assessment rests on figures and on what is said of data, anywhere upstream
STALE = f"""
CREATE FUNCTION analysis_stale(asked bigint[]) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT process_id FROM calculation_closure(
    ARRAY(SELECT DISTINCT key FROM calculation_recomputemark WHERE kind IN ('process', '{KIND}'))
  ) AS process_id WHERE process_id = ANY (asked)
$$;
"""
EVERYTHING = (
    f"INSERT INTO calculation_recomputemark (kind, key) SELECT '{KIND}', id FROM inventory_unitprocess;"
)


def create_assessment_triggers() -> migrations.RunSQL:
    """Marks for assessments in the transaction that changed what they rest on; everything is due now."""
    owned = run_as_worker("analysis_stale(bigint[])")
    return migrations.RunSQL(STALE + owned + TRIGGERS + EVERYTHING, migrations.RunSQL.noop)


def mark_answers() -> migrations.RunSQL:
    """A recorded answer on allocation makes assessments stale."""
    return migrations.RunSQL(ANSWERED, migrations.RunSQL.noop)


def mark_rules() -> migrations.RunSQL:
    """A product category rule that is published or withdrawn makes assessments stale."""
    return migrations.RunSQL(RULED, _NO_MARKS.format(table="rules_productrule"))


def assess_everything() -> migrations.RunSQL:
    """Assessments say more than before: all are due."""
    return migrations.RunSQL(EVERYTHING, migrations.RunSQL.noop)


def start_only_for_web(table: str) -> migrations.RunSQL:
    """Rows that the web adds and the calculation goes on with."""
    return migrations.RunSQL(
        f"REVOKE UPDATE, DELETE ON {table} FROM {APP_ROLE};",
        f"GRANT UPDATE, DELETE ON {table} TO {APP_ROLE};",
    )
