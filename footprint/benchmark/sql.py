"""Which changes make a comparison stale, what never changes, and what the role that calculates may see."""

from __future__ import annotations

from django.db import migrations

from accounts.sql import missing_roles, run_as_worker
from accounts.visibility import APP_ROLE, BENCHMARK_ROLE, WORKER_ROLE
from footprint.calculation.ledger import CELL
from footprint.calculation.sql import trigger
from footprint.engine.disclosure.differencing import CHANGED_AT_LEAST
from footprint.engine.disclosure.statistics import MINIMUM_GROUPS

DEFINED = (
    " JOIN benchmark_definition definition ON definition.category_id = product.category_id"
    " AND definition.year = figure.year WHERE definition.state IN ('proposed', 'approved')"
)
_FIGURES = (
    "SELECT definition.id FROM {rows} AS figure JOIN inventory_product product"
    " ON product.id = figure.product_id" + DEFINED
)
_METHODS = (
    "SELECT definition.id FROM {rows} AS method JOIN calculation_footprint figure"
    " ON figure.id = method.footprint_id"
    " JOIN inventory_product product ON product.id = figure.product_id" + DEFINED
)
_DECIDED = (
    "SELECT definition.id FROM {rows} AS submitted JOIN calculation_footprint figure"
    " ON figure.inventory_id = submitted.inventory_id"
    " JOIN inventory_product product ON product.id = figure.product_id" + DEFINED
)
_JOINED = (
    "SELECT definition.id FROM {rows} AS joined JOIN inventory_product product"
    " ON product.id = joined.product_id JOIN calculation_footprint figure"
    " ON figure.product_id = product.id" + DEFINED
)
_ANSWERED = (
    "SELECT definition.id FROM {rows} AS answered"
    " CROSS JOIN LATERAL calculation_closure(ARRAY[answered.process_id]) AS downstream(process_id)"
    " JOIN calculation_footprint figure ON figure.process_id = downstream.process_id"
    " JOIN inventory_product product ON product.id = figure.product_id" + DEFINED
)
_PRICED = (
    "SELECT definition.id FROM {rows} AS priced JOIN inventory_exchange line ON line.id = priced.exchange_id"
    " JOIN calculation_footprint figure ON figure.process_id = line.process_id"
    " JOIN inventory_product product ON product.id = figure.product_id" + DEFINED
)
_PRODUCTS = (
    "SELECT definition.id FROM {rows} AS product JOIN benchmark_definition definition"
    " ON definition.category_id = product.category_id WHERE definition.state IN ('proposed', 'approved')"
)
_COMPANIES = (
    "SELECT definition.id FROM {rows} AS company"
    " JOIN inventory_product product ON product.company_id = company.id"
    " JOIN benchmark_definition definition ON definition.category_id = product.category_id"
    " WHERE definition.state IN ('proposed', 'approved')"
)
# every comparison, as what it is made of is found in another way
ALL_ANEW = (
    f"INSERT INTO calculation_recomputemark (kind, key) SELECT '{CELL}', id FROM benchmark_definition"
    " WHERE state IN ('proposed', 'approved');"
)
# the cells of the first benchmark, where they were made
FORMER = """
DROP TRIGGER IF EXISTS benchmark_footprint_insert ON calculation_footprint;
DROP TRIGGER IF EXISTS benchmark_footprint_update ON calculation_footprint;
DROP TRIGGER IF EXISTS benchmark_footprint_delete ON calculation_footprint;
DROP TRIGGER IF EXISTS benchmark_product_update ON inventory_product;
DROP TRIGGER IF EXISTS benchmark_company_update ON accounts_company;
DROP FUNCTION IF EXISTS benchmark_footprint_insert, benchmark_footprint_update, benchmark_footprint_delete,
  benchmark_product_update, benchmark_company_update, benchmark_touch;
DROP VIEW IF EXISTS benchmark_figure;
DELETE FROM calculation_recomputemark WHERE kind = 'benchmark';
DELETE FROM calculation_recomputefailure WHERE kind = 'benchmark';
"""


def marks(table: str, rows: str, *events: str) -> str:
    old, new = (rows.format(rows=name) if name in events else "" for name in ("gone", "come"))
    return trigger(table, "benchmark", old, new, kind=CELL)


TRIGGERS = "\n".join(
    [
        marks("calculation_footprint", _FIGURES, "gone", "come"),
        marks("analysis_profilefigure", _METHODS, "gone", "come"),
        marks("inventory_submission", _DECIDED, "come"),
        marks("benchmark_participation", _JOINED, "gone", "come"),
        marks("inventory_product", _PRODUCTS, "gone", "come"),
        marks("accounts_company", _COMPANIES, "come"),
        marks("benchmark_definition", "SELECT id FROM {rows}", "come"),
    ]
)


def forget_cells() -> migrations.RunSQL:
    """What marked the cells of the first benchmark, and the view they were made of."""
    return migrations.RunSQL(FORMER, migrations.RunSQL.noop)


def create_definition_triggers() -> migrations.RunSQL:
    """Marks for comparisons, in the transaction that changed what they are made of."""
    return migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop)


# what the gates found is the calculation's word: whoever signs can neither write nor change it
FOUND = f"""
CREATE FUNCTION benchmark_release_is_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.figures, NEW.groups, NEW.outcomes, NEW.blocked)
        IS DISTINCT FROM ('{{}}'::jsonb, ''::varchar, '[]'::jsonb, ''::varchar) THEN
      RAISE EXCEPTION 'a release begins without figures' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'asked' AND NEW.state <> 'asked' AND current_user = '{APP_ROLE}' THEN
    RAISE EXCEPTION 'the gates are passed by the calculation alone' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.figures, NEW.groups, NEW.outcomes, NEW.blocked)
      IS DISTINCT FROM (OLD.figures, OLD.groups, OLD.outcomes, OLD.blocked) AND OLD.state <> 'asked' THEN
    RAISE EXCEPTION 'what the gates found stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER is_found BEFORE INSERT OR UPDATE ON benchmark_release
  FOR EACH ROW EXECUTE FUNCTION benchmark_release_is_found();
REVOKE DELETE ON benchmark_release, benchmark_definition FROM {APP_ROLE};
"""
COHORT = """
CREATE FUNCTION benchmark_cohortmember_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a cohort is frozen' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER is_frozen BEFORE UPDATE ON benchmark_cohortmember
  FOR EACH ROW EXECUTE FUNCTION benchmark_cohortmember_is_frozen();
CREATE TRIGGER is_frozen BEFORE UPDATE ON benchmark_position
  FOR EACH ROW EXECUTE FUNCTION benchmark_cohortmember_is_frozen();
"""


def keep_releases() -> migrations.RunSQL:
    """What was found and frozen stays as it was."""
    return migrations.RunSQL(
        FOUND + COHORT,
        "DROP TRIGGER is_found ON benchmark_release; DROP FUNCTION benchmark_release_is_found();"
        "DROP TRIGGER is_frozen ON benchmark_cohortmember; DROP TRIGGER is_frozen ON benchmark_position;"
        "DROP FUNCTION benchmark_cohortmember_is_frozen();",
    )


RIGHTS = f"""
GRANT USAGE ON SCHEMA public TO {BENCHMARK_ROLE};
GRANT SELECT ON benchmark_definition, benchmark_release TO {BENCHMARK_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON benchmark_contribution, benchmark_estimate TO {BENCHMARK_ROLE};
GRANT SELECT, INSERT ON benchmark_cohortmember TO {BENCHMARK_ROLE};
DO $$ BEGIN
  IF NOT pg_has_role('{WORKER_ROLE}', '{BENCHMARK_ROLE}', 'MEMBER') THEN
    EXECUTE 'GRANT {BENCHMARK_ROLE} TO {WORKER_ROLE}';
  END IF;
END $$;
"""


def create_narrow_role() -> migrations.RunSQL:
    """The role that settles and freezes: its own tables, and what a comparison is."""
    return migrations.RunSQL(
        missing_roles(BENCHMARK_ROLE) + RIGHTS,
        f"DROP OWNED BY {BENCHMARK_ROLE};",
    )


def count_as_accepted() -> migrations.RunSQL:
    """An answer marks the comparisons of whatever takes from its process; makers are those accepted."""
    return migrations.RunSQL(
        marks("inventory_allocationanswer", _ANSWERED, "gone", "come")
        + MAKERS
        + run_as_worker(_MAKERS_NAME)
        + ALL_ANEW,
        migrations.RunSQL.noop,
    )


def mark_priced() -> migrations.RunSQL:
    """A price marks the comparisons of its own process even where it moves no figure."""
    unmarked = "".join(
        f"DROP TRIGGER inventory_outputprice_marks_benchmark_{event} ON inventory_outputprice;"
        f"DROP FUNCTION inventory_outputprice_marks_benchmark_{event}();"
        for event in ("insert", "update", "delete")
    )
    return migrations.RunSQL(marks("inventory_outputprice", _PRICED, "gone", "come") + ALL_ANEW, unmarked)


_FOUND_ALSO = FOUND[FOUND.index("CREATE FUNCTION") : FOUND.index("CREATE TRIGGER")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


def keep_parts() -> migrations.RunSQL:
    """Parts and trends are what the gates found, as figures are."""
    found = _FOUND_ALSO
    for row in ("NEW", "OLD"):
        found = found.replace(f"{row}.outcomes,", f"{row}.outcomes, {row}.parts, {row}.trend,")
    found = found.replace("'[]'::jsonb,", "'[]'::jsonb, '{}'::jsonb, '{}'::jsonb,")
    return migrations.RunSQL(found, _FOUND_ALSO)


# who makes something, by the route and the province that were accepted, else by those entered
_MAKERS_NAME = "benchmark_makers(bigint, int, text, text[])"
MAKERS = """
CREATE OR REPLACE FUNCTION benchmark_makers(asked bigint, at_year int, route text, provinces text[])
RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT DISTINCT company.group_id FROM inventory_product product
  JOIN inventory_exchange line ON line.product_id = product.id
    AND line.direction = 'output' AND line.kind = 'product' AND NOT line.is_avoided
  JOIN inventory_unitprocess process ON process.id = line.process_id
  JOIN inventory_inventory inventory ON inventory.id = process.inventory_id
  JOIN accounts_site site ON site.id = inventory.site_id
  JOIN accounts_company company ON company.id = product.company_id AND company.id = process.company_id
  LEFT JOIN inventory_submission accepted
    ON accepted.inventory_id = inventory.id AND accepted.state = 'accepted'
  LEFT JOIN inventory_frozencopy copy ON copy.submission_id = accepted.id AND copy.round = accepted.round
  LEFT JOIN LATERAL jsonb_to_recordset(copy.content -> 'processes') AS making(uuid text, technology text)
    ON making.uuid = process.uuid::text
  WHERE product.category_id = asked AND company.kind = 'member'
    AND extract(year FROM inventory.period_end) = at_year
    AND (route = '' OR coalesce(making.technology, process.technology) = route)
    AND (cardinality(provinces) = 0
      OR coalesce(copy.content -> 'site' ->> 'province', site.province) = ANY (provinces))
$$;
"""
# asked with a category, a year, and route and provinces of two comparisons; it tells no more than a word
FORESIGHT = f"""
{MAKERS}
CREATE FUNCTION benchmark_singles_out(
  asked bigint, at_year int, route text, provinces text[], other_route text, other_provinces text[]
) RETURNS text LANGUAGE sql STABLE AS $$
  WITH here AS (SELECT benchmark_makers(asked, at_year, route, provinces) AS id),
    there AS (SELECT benchmark_makers(asked, at_year, other_route, other_provinces) AS id),
    apart AS (
      SELECT count(*) AS n FROM here FULL JOIN there USING (id) WHERE here.id IS NULL OR there.id IS NULL
    )
  SELECT CASE
    WHEN (SELECT count(*) FROM here) BETWEEN 1 AND {MINIMUM_GROUPS - 1} THEN 'too_few'
    WHEN (SELECT n FROM apart) BETWEEN 1 AND {CHANGED_AT_LEAST - 1} THEN 'differs'
    ELSE '' END
$$;
REVOKE ALL ON FUNCTION {_MAKERS_NAME} FROM PUBLIC;
REVOKE ALL ON FUNCTION benchmark_singles_out(bigint, int, text, text[], text, text[]) FROM PUBLIC;
{
    run_as_worker(
        _MAKERS_NAME,
        "benchmark_singles_out(bigint, int, text, text[], text, text[])",
    )
}
GRANT EXECUTE ON FUNCTION benchmark_singles_out(bigint, int, text, text[], text, text[]) TO {APP_ROLE};
"""


def create_foresight() -> migrations.RunSQL:
    """Whoever proposes learns early that a comparison could only single somebody out, and nothing more."""
    return migrations.RunSQL(
        FORESIGHT,
        "DROP FUNCTION benchmark_singles_out(bigint, int, text, text[], text, text[]);"
        f"DROP FUNCTION {_MAKERS_NAME};",
    )
