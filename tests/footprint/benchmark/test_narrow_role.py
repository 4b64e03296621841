"""What calculates benchmarks can read what cells are made of, without names, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Site
from accounts.visibility import BENCHMARK_ROLE, acting_as, narrowed_to, rows
from footprint.benchmark.actions import join, settle
from footprint.benchmark.models import Contribution, Definition, Estimate
from footprint.calculation.models import Footprint
from footprint.inventory.models import AllocationAnswer, Exchange, Product, Submission, UnitProcess
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import Office, profile
from tests.reviewing import Plant, carried, plant, settled

Q4 = datetime(2026, 10, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db
ALLOWED = {
    *((table, "SELECT") for table in ("benchmark_definition", "benchmark_release")),
    *(
        (table, verb)
        for table in ("benchmark_contribution", "benchmark_estimate")
        for verb in ("SELECT", "INSERT", "UPDATE", "DELETE")
    ),
    ("benchmark_cohortmember", "SELECT"),
    ("benchmark_cohortmember", "INSERT"),
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


def test_functions_tell_it_which_figures_were_accepted_and_which_are_current() -> None:
    assert {name for (name,) in rows(DEFINERS, [])} == {
        "analysis_stale", "benchmark_figures", "calculation_stale"
    }  # fmt: skip


TOLD = "SELECT unnest(proargnames[pronargs + 1:]) FROM pg_proc WHERE proname = %s"
WEB = "SELECT has_function_privilege('pcf_app', oid, 'EXECUTE') FROM pg_proc WHERE proname = %s"


def test_figures_name_nobody_and_are_closed_to_the_web() -> None:
    told = {name for (name,) in rows(TOLD, ["benchmark_figures"])}
    assert {name for name in told if name.endswith("id")} == {"company_id", "group_id"}
    assert not {name for name in told if "name" in name or "code" in name}
    assert rows(WEB, ["benchmark_figures"]) == [(False,)]


def fed(here: Plant) -> None:
    """Something that costs nothing, from another plant, whose inventory was never accepted."""
    feed = new.product(here.company)
    made = new.process(new.inventory(new.site(here.company)), "upstream")
    new.output(made, feed, is_reference=True)
    process = UnitProcess.objects.get(inventory=here.inventory)
    new.takes(process, feed, "2", provider_product=feed)


@pytest.fixture
def cell() -> Definition:
    """Of three groups whose inventories were accepted; a fourth takes no part, a fifth was not accepted."""
    method = profile()
    category = ProductCategory.objects.get(code="ethylene")
    definition = Office().define(category, method, year=2025, at=Q4)
    for number in range(5):
        here = plant()
        Product.objects.filter(pk=here.product.pk).update(category=category)
        Exchange.objects.filter(pk=here.line.pk).update(amount=3 + number)
        here.product.refresh_from_db()
        if number == 0:
            fed(here)
        if number < 4:
            settled()
            carried(here)
        if number != 3:
            with acting_as(here.owner):
                join(here.product, by=here.owner)
    settled()
    return definition


def test_accepted_figures_of_those_who_joined_are_settled_as_that_role(
    cell: Definition, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, seen = settle.parts_of, []

    def curious(of: Definition) -> list[settle.Part]:
        seen.extend(rows("SELECT current_user::text", []))
        return honest(of)

    values = sorted(Contribution.objects.filter(definition=cell).values_list("value", flat=True))
    assert values == pytest.approx([1.5, 2.0, 2.5])
    assert Estimate.objects.get(definition=cell).groups == 3
    monkeypatch.setattr(settle, "parts_of", curious)
    settle.settle_definitions([cell.pk], 1)
    assert seen == [("pcf_benchmark",)]
    assert rows("SELECT current_user::text", []) != seen

    for model in (Footprint, Exchange, ProductCategory):
        monkeypatch.setattr(settle, "parts_of", lambda _, model=model: list(model.objects.all()))
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            settle.settle_definitions([cell.pk], 1)


def test_an_edit_that_nobody_accepted_counts_for_nothing(cell: Definition) -> None:
    inventory = Submission.objects.order_by("pk").first().inventory
    Exchange.objects.filter(process__inventory=inventory, kind="elementary").update(amount=99)
    settled()
    values = sorted(Contribution.objects.filter(definition=cell).values_list("value", flat=True))
    assert values == pytest.approx([2.0, 2.5])


def settled_values(of: Definition) -> list[float]:
    """What the comparison would be made of."""
    with narrowed_to(BENCHMARK_ROLE):
        return sorted(each.value for each in settle.parts_of(of))


def test_a_figure_enters_the_comparison_it_was_accepted_for(cell: Definition) -> None:
    """Route, place and conversions are in no digest: whoever renames a route later joins no other cohort."""
    inventory = Submission.objects.order_by("pk").first().inventory
    process = UnitProcess.objects.get(inventory=inventory)
    UnitProcess.objects.filter(pk=process.pk).update(technology="Coal")
    Site.objects.filter(pk=inventory.site_id).update(province="CN-XJ")
    product = Product.objects.filter(exchanges__process=process, exchanges__direction="output")
    product.update(conversions={"t": "0.002"})
    settled()
    values = pytest.approx([1.5, 2.0, 2.5])
    assert settled_values(cell) == values
    for there in (process, UnitProcess.objects.get(code="upstream")):
        said = AllocationAnswer.objects.create(
            company=there.company, process=there, question="physical", answer=True, basis="mass",
            source="Ours", answered_at=Q4,
        )  # fmt: skip
        assert settled_values(cell) == pytest.approx([2.0, 2.5]), "it moves figures by a profile, no digest"
        said.delete()
        assert settled_values(cell) == values, "as it was accepted again"
    cell.technology = "Coal"
    assert settled_values(cell) == []
    cell.technology, cell.region = "", "northwest"
    assert settled_values(cell) == []
    cell.region = ""
    product.update(
        category=ProductCategory.objects.create(code="coal", name_zh="煤", name_en="Coal", unit="kg")
    )
    settled()
    held = Contribution.objects.filter(definition=cell).values_list("value", flat=True)
    assert sorted(held) == pytest.approx([2.0, 2.5]), "another category than was accepted"


def test_it_writes_its_tables_and_no_row_of_a_company() -> None:
    for order in (
        "UPDATE inventory_exchange SET amount = 0",
        "DELETE FROM benchmark_definition",
        "UPDATE benchmark_release SET groups = '12+'",
        "DELETE FROM benchmark_cohortmember",
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
