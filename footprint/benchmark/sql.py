"""Which changes make a benchmark cell stale; what the role that calculates benchmarks may see and write."""

from __future__ import annotations

from django.db import migrations

from accounts.sql import missing_roles, run_as_worker
from accounts.visibility import APP_ROLE, BENCHMARK_ROLE, WORKER_ROLE

# the cell of every footprint that appeared, moved or went; a cell is made when its first figure arrives
TOUCHED = """
CREATE FUNCTION benchmark_touch(products bigint[], years smallint[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO benchmark_cell (category_id, year)
  SELECT DISTINCT product.category_id, touched.year::smallint
  FROM unnest(products, years) AS touched(product_id, year)
  JOIN inventory_product product ON product.id = touched.product_id
  WHERE product.category_id IS NOT NULL
  ORDER BY 1, 2
  ON CONFLICT DO NOTHING;
  INSERT INTO calculation_recomputemark (kind, key)
  SELECT DISTINCT 'benchmark', cell.id
  FROM unnest(products, years) AS touched(product_id, year)
  JOIN inventory_product product ON product.id = touched.product_id
  JOIN benchmark_cell cell ON cell.category_id = product.category_id AND cell.year = touched.year
  ORDER BY 2;
$$;
"""


def _on_footprints(event: str, rows: str, tables: str) -> str:
    return f"""
    CREATE FUNCTION benchmark_footprint_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM benchmark_touch(array_agg(product_id), array_agg(year)) FROM ({rows}) AS touched;
      RETURN NULL;
    END $$;
    CREATE TRIGGER benchmark_footprint_{event} AFTER {event} ON calculation_footprint {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION benchmark_footprint_{event}();
    """


FOOTPRINTS = "".join(
    [
        _on_footprints("insert", "SELECT product_id, year FROM come", "REFERENCING NEW TABLE AS come"),
        _on_footprints("delete", "SELECT product_id, year FROM gone", "REFERENCING OLD TABLE AS gone"),
        _on_footprints(
            "update",
            "SELECT product_id, year FROM gone UNION SELECT product_id, year FROM come",
            "REFERENCING OLD TABLE AS gone NEW TABLE AS come",
        ),
    ]
)

# a product that changes its category, a company that changes its group: every cell it may be part of
REGROUPED = """
CREATE FUNCTION benchmark_product_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO calculation_recomputemark (kind, key)
  SELECT DISTINCT 'benchmark', cell.id FROM gone
  JOIN benchmark_cell cell ON cell.category_id = gone.category_id;
  PERFORM benchmark_touch(array_agg(figure.product_id), array_agg(figure.year))
  FROM come JOIN calculation_footprint figure ON figure.product_id = come.id;
  RETURN NULL;
END $$;
CREATE TRIGGER benchmark_product_update AFTER UPDATE ON inventory_product
REFERENCING OLD TABLE AS gone NEW TABLE AS come
FOR EACH STATEMENT EXECUTE FUNCTION benchmark_product_update();

CREATE FUNCTION benchmark_company_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO calculation_recomputemark (kind, key)
  SELECT DISTINCT 'benchmark', cell.id FROM come
  JOIN inventory_product product ON product.company_id = come.id
  JOIN benchmark_cell cell ON cell.category_id = product.category_id;
  RETURN NULL;
END $$;
CREATE TRIGGER benchmark_company_update AFTER UPDATE ON accounts_company
REFERENCING NEW TABLE AS come
FOR EACH STATEMENT EXECUTE FUNCTION benchmark_company_update();
"""


def create_cell_triggers() -> migrations.RunSQL:
    """Marks for cells, in the transaction that changed the figures."""
    owned = run_as_worker(
        "benchmark_footprint_insert()",
        "benchmark_footprint_update()",
        "benchmark_footprint_delete()",
        "benchmark_product_update()",
        "benchmark_company_update()",
    )
    return migrations.RunSQL(TOUCHED + FOOTPRINTS + REGROUPED + owned, migrations.RunSQL.noop)


# owned by the worker, so that it shows every company's rows; it names neither company, product nor plant
FIGURES = f"""
CREATE VIEW benchmark_figure AS
  SELECT product.category_id, figure.year, company.group_id, figure.production, figure.kg_co2e_ar6,
    figure.unit, category.unit AS category_unit, product.unit AS product_unit,
    product.conversions::text AS conversions, product.lhv_mj_per_unit
  FROM calculation_footprint figure
  JOIN inventory_product product ON product.id = figure.product_id
  JOIN accounts_company company ON company.id = figure.company_id
  JOIN rules_productcategory category ON category.id = product.category_id
  WHERE figure.state = 'current' AND company.kind = 'member';
REVOKE ALL ON benchmark_figure FROM {APP_ROLE};
GRANT CREATE ON SCHEMA public TO {WORKER_ROLE};
ALTER VIEW benchmark_figure OWNER TO {WORKER_ROLE};
REVOKE CREATE ON SCHEMA public FROM {WORKER_ROLE};
"""
RIGHTS = f"""
GRANT USAGE ON SCHEMA public TO {BENCHMARK_ROLE};
GRANT SELECT ON benchmark_figure, benchmark_cell TO {BENCHMARK_ROLE};
GRANT SELECT, INSERT, UPDATE ON benchmark_contribution, benchmark_estimate, benchmark_release
  TO {BENCHMARK_ROLE};
GRANT DELETE ON benchmark_release TO {BENCHMARK_ROLE};
DO $$ BEGIN
  IF NOT pg_has_role('{WORKER_ROLE}', '{BENCHMARK_ROLE}', 'MEMBER') THEN
    EXECUTE 'GRANT {BENCHMARK_ROLE} TO {WORKER_ROLE}';
  END IF;
END $$;
"""


def create_narrow_role() -> migrations.RunSQL:
    """The role that settles cells: what a cell is made of, without names, and the cells themselves."""
    return migrations.RunSQL(
        missing_roles(BENCHMARK_ROLE) + FIGURES + RIGHTS,
        f"DROP VIEW benchmark_figure; DROP OWNED BY {BENCHMARK_ROLE};",
    )
