"""What calculates benchmarks can read what cells are made of, without names, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.visibility import BENCHMARK_ROLE, narrowed_to, rows
from footprint.benchmark.actions import settle
from footprint.benchmark.models import Cell, Contribution, Estimate, Release
from footprint.calculation import ledger
from footprint.calculation.models import Footprint, RecomputeFailure
from footprint.inventory.models import Exchange
from footprint.rules.models import ProductCategory
from tests import builders as new

pytestmark = pytest.mark.django_db
ALLOWED = {
    ("benchmark_cell", "SELECT"),
    ("benchmark_figure", "SELECT"),
    *(
        (table, verb)
        for table in ("benchmark_contribution", "benchmark_estimate", "benchmark_release")
        for verb in ("SELECT", "INSERT", "UPDATE")
    ),
    ("benchmark_release", "DELETE"),
}
HELD = """
SELECT relname::text, verb FROM pg_class, unnest(%s::text[]) AS verb
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p', 'f')
  AND (has_table_privilege('pcf_benchmark', pg_class.oid, verb)
    OR verb IN ('SELECT', 'INSERT', 'UPDATE')
    AND has_any_column_privilege('pcf_benchmark', pg_class.oid, verb))
"""
VERBS = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
# functions with more rights than their caller's, other than triggers, which nobody calls
DEFINERS = """
SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
  AND prorettype <> 'trigger'::regtype AND has_function_privilege('pcf_benchmark', oid, 'EXECUTE')
"""


def test_it_holds_exactly_these_privileges_and_no_others_role() -> None:
    assert set(rows(HELD, [VERBS])) == ALLOWED
    powers = "rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin"
    assert rows(f"SELECT {powers} FROM pg_roles WHERE rolname = %s", [BENCHMARK_ROLE]) == [(False,) * 5]
    member_of = "SELECT count(*) FROM pg_auth_members WHERE member = 'pcf_benchmark'::regrole"
    assert rows(member_of, []) == [(0,)]
    assert rows("SELECT count(*) FROM pg_policies WHERE 'pcf_benchmark' = ANY (roles)", []) == [(0,)]


def test_functions_tell_it_no_more_than_whether_a_figure_is_current() -> None:
    assert {name for (name,) in rows(DEFINERS, [])} == {"analysis_stale", "calculation_stale"}


def test_the_view_names_nobody_and_is_closed_to_the_web() -> None:
    columns = "SELECT column_name FROM information_schema.columns WHERE table_name = 'benchmark_figure'"
    found = {name for (name,) in rows(columns, [])}
    assert not {name for name in found if name.endswith("id")} - {"category_id", "group_id"}
    assert not {name for name in found if "name" in name or "code" in name}
    assert rows("SELECT has_table_privilege('pcf_app', 'benchmark_figure', 'SELECT')", []) == [(False,)]


@pytest.fixture
def cell() -> Cell:
    """Of five groups."""
    new.gwp()
    category = ProductCategory.objects.create(code="ethylene", name_zh="乙烯", name_en="Ethylene", unit="kg")
    for number in range(5):
        company = new.company()
        process = new.process(new.inventory(new.site(company)))
        made = new.product(company, category=category, unit="t", conversions={"m3": "1.5"})
        new.output(process, made, "1")
        new.emits(process, str(1000 + 100 * number))
    ledger.drain()
    return Cell.objects.get()


def test_cells_are_settled_as_that_role(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Release.objects.get(cell=cell).median == 1.2
    honest, seen = settle.group_values, []

    def curious(of: Cell) -> dict[int, float]:
        seen.extend(rows("SELECT current_user::text", []))
        return honest(of)

    monkeypatch.setattr(settle, "group_values", curious)
    settle.settle_cells([cell.pk], 1)
    assert seen == [("pcf_benchmark",)]
    assert rows("SELECT current_user::text", []) != seen


@pytest.mark.parametrize("model", [Footprint, Exchange, ProductCategory])
def test_reading_anything_else_breaks_the_settlement(
    cell: Cell, model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cell goes into backing off, nothing is released of it, and the ledger goes on."""
    monkeypatch.setattr(settle, "group_values", lambda _: {row.pk: 1.0 for row in model.objects.all()})
    Exchange.objects.filter(kind="elementary").update(amount=1)
    ledger.drain()
    (failure,) = RecomputeFailure.objects.all()
    assert (failure.kind, failure.key) == (ledger.CELL, cell.pk)
    assert "permission denied" in failure.last_error
    assert Release.objects.get(cell=cell).median == 1.2


def test_it_writes_cells_and_no_row_of_a_company(cell: Cell) -> None:
    for order in (
        "UPDATE inventory_exchange SET amount = 0",
        "DELETE FROM benchmark_cell",
        "DELETE FROM benchmark_contribution",
        "INSERT INTO calculation_recomputemark (kind, key) VALUES ('process', 1)",
        "CREATE TABLE kept (all_of_it text)",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            narrowed_to(BENCHMARK_ROLE),
            connection.cursor() as cursor,
        ):
            cursor.execute(order)
    assert Contribution.objects.count() == 5
    assert Estimate.objects.get().groups == 5
