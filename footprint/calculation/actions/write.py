"""Figures and versions in bulk: copied into a table of the session, then one statement for all of them.

The database writes while Python makes what comes next. Rows name their run by a number that is reserved; the
run itself is recorded in the end, when it is known what it did, and the commit holds the rows to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts import binary_copy as binary
from accounts.bulk_sql import Behind
from footprint.calculation.edit import Changes
from footprint.calculation.figures import Figures
from footprint.calculation.models import Footprint

# COPY cannot enter a table with row-level security, and cannot update; these tables are this session's own
STAGED_FIGURES = """
CREATE TEMPORARY TABLE IF NOT EXISTS staged_figure (
  process_id bigint, product_id bigint, year smallint, unit text, production float8, ar5 float8, ar6 float8,
  share float8, state text, error jsonb, digest text, by_gas jsonb, exchanges bigint[], brought_ar5 float8[],
  brought_ar6 float8[]
) ON COMMIT DELETE ROWS;
DELETE FROM staged_figure;
"""
# otherwise the server takes the rows for more than they are, and reads every process to find theirs
COUNTED = "ANALYZE staged_figure (process_id, product_id)"
STAGED_VERSIONS = """
CREATE TEMPORARY TABLE IF NOT EXISTS staged_version (
  process_id bigint, product_id bigint, year smallint, digest text, content jsonb, fault jsonb,
  removed boolean
) ON COMMIT DELETE ROWS;
DELETE FROM staged_version;
"""

# in place of what was stored, and one more version of each; a process that is gone by now has a mark of its
# own, and gets no row
FIGURES = """
WITH figure AS (
INSERT INTO calculation_footprint (uuid, company_id, inventory_id, process_id, product_id, year, unit,
  production, kg_co2e_ar5, kg_co2e_ar6, share, state, error, input_digest, generation, computed_at, run_id)
SELECT gen_random_uuid(), process.company_id, process.inventory_id, process.id, product.id, staged.year,
  coalesce(nullif(staged.unit, ''), product.unit), staged.production, staged.ar5, staged.ar6, staged.share,
  staged.state, staged.error, staged.digest, %(gen)s, %(now)s, %(run)s
FROM staged_figure staged
JOIN inventory_unitprocess process ON process.id = staged.process_id
JOIN inventory_product product ON product.id = staged.product_id
ORDER BY process.id, product.id
ON CONFLICT (process_id, product_id) DO UPDATE SET
  inventory_id = excluded.inventory_id, year = excluded.year, unit = excluded.unit,
  production = excluded.production, kg_co2e_ar5 = excluded.kg_co2e_ar5, kg_co2e_ar6 = excluded.kg_co2e_ar6,
  share = excluded.share, state = excluded.state, error = excluded.error,
  input_digest = excluded.input_digest, generation = excluded.generation,
  computed_at = excluded.computed_at, run_id = excluded.run_id
RETURNING id, company_id, inventory_id, process_id, product_id
), breakdown AS (
INSERT INTO calculation_footprintbreakdown (footprint_id, company_id, by_gas, exchanges, ar5, ar6,
  contributions)
SELECT figure.id, figure.company_id, staged.by_gas, staged.exchanges, staged.brought_ar5, staged.brought_ar6,
  '[]'
FROM figure JOIN staged_figure staged USING (process_id, product_id)
ON CONFLICT (footprint_id) DO UPDATE SET by_gas = excluded.by_gas, exchanges = excluded.exchanges,
  ar5 = excluded.ar5, ar6 = excluded.ar6, contributions = excluded.contributions
)
INSERT INTO calculation_figureversion (company_id, inventory_id, process_id, product_id, year, run_id, digest,
  production, kg_co2e_ar5, kg_co2e_ar6)
SELECT figure.company_id, figure.inventory_id, process_id, product_id, staged.year, %(run)s,
  staged.digest, staged.production, staged.ar5, staged.ar6
FROM figure JOIN staged_figure staged USING (process_id, product_id)
ORDER BY process_id, product_id
"""
COLUMN_VERSIONS = """
INSERT INTO calculation_columnversion (company_id, inventory_id, process_id, product_id, year, run_id, digest,
  process_uuid, process_code, product_uuid, product_code, content, fault)
SELECT process.company_id, process.inventory_id, process.id, product.id, staged.year, %(run)s, staged.digest,
  process.uuid, process.code, product.uuid, product.code, staged.content, staged.fault
FROM staged_version staged
JOIN inventory_unitprocess process ON process.id = staged.process_id
JOIN inventory_product product ON product.id = staged.product_id
WHERE NOT staged.removed
ORDER BY process.id, product.id
"""
# rows of a removed column may be gone: its last version tells what it was
TOMBSTONES = """
INSERT INTO calculation_columnversion (company_id, inventory_id, process_id, product_id, year, run_id, digest,
  process_uuid, process_code, product_uuid, product_code)
SELECT last.company_id, last.inventory_id, last.process_id, last.product_id, last.year, %(run)s, '',
  last.process_uuid, last.process_code, last.product_uuid, last.product_code
FROM staged_version staged CROSS JOIN LATERAL (
  SELECT * FROM calculation_columnversion known
  WHERE known.product_id = staged.product_id AND known.process_id = staged.process_id
  ORDER BY known.run_id DESC LIMIT 1
) AS last
WHERE staged.removed
ORDER BY last.process_id, last.product_id
"""
NEXT_RUN = "SELECT nextval(pg_get_serial_sequence('calculation_calculationrun', 'id'))"
LAST_VERSION = "SELECT max(id) FROM calculation_columnversion"


def reserved_run() -> int:
    """The id of the run that is to be recorded, if it turns out that there is something to record."""
    return _number(NEXT_RUN)


def last_version() -> int:
    """The id of the column version that was appended last."""
    return _number(LAST_VERSION)


def write_versions(behind: Behind, changes: Changes, run: int) -> None:
    """Append a version of each changed column."""
    rows = [
        (*column, 0, "", None, None, True)
        if state is None
        else (*column, state.year, state.digest, state.content and state.text, _json(state.fault), False)
        for column, state in changes.items()
    ]
    statements = [COLUMN_VERSIONS, TOMBSTONES] if None in changes.values() else [COLUMN_VERSIONS]
    if rows:
        behind.copy(STAGED_VERSIONS, "staged_version", rows, *((each, {"run": run}) for each in statements))


def write_figures(behind: Behind, lots: Iterable[Figures], run: int, gen: int) -> None:
    """Figures with their breakdowns, in place of what was stored; and one more version of each.

    Some are made, then copied: making them in the midst of a COPY would save time, but a worker that
    freezes there keeps its lock: to the server it is not idle.
    """
    told: dict[str, Any] = {"run": run, "gen": gen, "now": timezone.now()}
    emptied = STAGED_FIGURES
    for figures in lots:
        behind.copy_columns(emptied, "staged_figure", _columns(figures), (COUNTED, None), (FIGURES, told))
        emptied = "TRUNCATE staged_figure"


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _columns(figures: Figures) -> list[list[bytes]]:
    """Of the table of staged figures."""
    states = [Footprint.State.FAILED if fault else Footprint.State.CURRENT for fault in figures.faults]
    return [
        binary.numbers(binary.BIGINT, figures.processes),
        binary.numbers(binary.BIGINT, figures.products),
        binary.numbers(binary.SMALLINT, figures.years),
        binary.texts(figures.units),
        binary.numbers(binary.FLOAT, figures.production),
        binary.numbers(binary.FLOAT, figures.totals[:, 0]),
        binary.numbers(binary.FLOAT, figures.totals[:, 1]),
        binary.numbers(binary.FLOAT, figures.shares),
        binary.texts(state.value for state in states),
        binary.documents(_json(fault) or "{}" for fault in figures.faults),
        binary.texts(figures.digests),
        binary.documents(figures.by_gas),
        binary.arrays(binary.BIGINT, figures.exchanges, figures.lines),
        binary.arrays(binary.FLOAT, figures.brought[:, 0], figures.parts),
        binary.arrays(binary.FLOAT, figures.brought[:, 1], figures.parts),
    ]


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)
