"""What if: the figures that making the change and recomputing would give, and nothing is stored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.errors import Refusal, Refusals
from accounts.visibility import acting_as
from factors.models import Factor
from footprint.analysis.levers import Lever, read
from footprint.analysis.solved import Solved, solved
from footprint.analysis.swings import swings
from footprint.analysis.what_if import Answer, what_if
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.inventory.actions import change_exchange
from footprint.inventory.models import AllocationShare, Exchange, Product, ProductGrant, UnitProcess
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.analysis.moves.conftest import Plant

pytestmark = pytest.mark.django_db


def base(plant: Plant, product: Product | None = None) -> Solved:
    product = product or plant.ethylene
    rows = Footprint.objects.filter(product=product)
    with acting_as(plant.owner):
        found = solved(plant.owner, [(row.process_id, row.product_id) for row in rows])
    assert found is not None
    return found


def asked(plant: Plant, *levers: dict[str, Any], product: Product | None = None) -> Answer:
    ground = base(plant, product)
    with acting_as(plant.owner):
        return what_if(plant.owner, ground, read(list(levers)))


def stored() -> dict[tuple[int, int], tuple[float, float]]:
    return {
        (row.process_id, row.product_id): (row.kg_co2e_ar5, row.kg_co2e_ar6)
        for row in Footprint.objects.all()
    }


def as_recomputed(plant: Plant, answer: Answer, *changes: tuple[Exchange, dict[str, Any]]) -> None:
    """Make the changes for real: the figures are those that were foretold, of everything own that moves."""
    before = stored()
    for line, stated in changes:
        row = Exchange.objects.select_related("process__inventory").get(pk=line.pk)
        change_exchange(row, by=plant.owner, version=None, **stated)
    drain()
    after = stored()
    own = {(row.process_id, row.product_id) for row in Footprint.objects.filter(company=plant.company)}
    moved = {column for column in own if after[column] != pytest.approx(before[column], rel=1e-12)}
    told = {each.node.key: each.after for each in answer.moved}
    assert set(told) == moved
    for column in moved:
        assert told[column] == pytest.approx(after[column], rel=1e-9)
    ethylene = (plant.cracker.pk, plant.ethylene.pk)
    assert answer.after == pytest.approx(after[ethylene], rel=1e-9)
    assert answer.before == pytest.approx(before[ethylene], rel=1e-9)


def test_an_amount_in_the_middle_of_a_loop(plant: Plant) -> None:
    answer = asked(plant, {"exchange": str(plant.steam_to_turbine.uuid), "amount": "512.25"})
    assert answer.after != answer.before
    as_recomputed(plant, answer, (plant.steam_to_turbine, {"amount": "512.25"}))


def test_per_cent(plant: Plant) -> None:
    answer = asked(plant, {"exchange": str(plant.feed.uuid), "percent": "-12.5"})
    as_recomputed(plant, answer, (plant.feed, {"amount": plant.feed.amount * Decimal("0.875")}))


def test_what_a_process_makes(plant: Plant) -> None:
    """Another yield moves shares and everything per unit."""
    answer = asked(plant, {"exchange": str(plant.made.uuid), "percent": "10"})
    as_recomputed(plant, answer, (plant.made, {"amount": "77"}))


def test_an_emission(plant: Plant) -> None:
    answer = asked(plant, {"exchange": str(plant.methane.uuid), "amount": "9"})
    as_recomputed(plant, answer, (plant.methane, {"amount": "9"}))


def test_a_factor_that_nobody_uses_yet(plant: Plant) -> None:
    version = new.factor_version("0.031", gas="N2O")
    answer = asked(plant, {"exchange": str(plant.grid.uuid), "factor_version": str(version.uuid)})
    as_recomputed(plant, answer, (plant.grid, {"factor_version": version.uuid}))


def divided(line: Exchange, share: str, **elsewhere: Any) -> Exchange:
    """A further line that takes so much of what the line takes from elsewhere."""
    part = Exchange.objects.get(pk=line.pk)
    part.pk, part.uuid = None, uuid4()
    part.amount = line.amount * Decimal(share)
    for name, thing in elsewhere.items():
        setattr(part, name, thing)
    part.save(force_insert=True)
    return part


def test_green_power_for_a_part_of_the_line(plant: Plant) -> None:
    """As if somebody had divided the line: 30 % from elsewhere, the rest as before, 10 % saved in all."""
    version = new.factor_version("0.031")
    lever = {"exchange": str(plant.grid.uuid), "factor_version": str(version.uuid), "share": "30"}
    answer = asked(plant, {**lever, "percent": "-10"})
    assert answer.before[1] > answer.after[1] > asked(plant, {**lever, "share": "100"}).after[1]
    left = plant.grid.amount * Decimal("0.9")
    divided(Exchange(pk=plant.grid.pk, amount=left), "0.3", factor_version=version)
    as_recomputed(plant, answer, (plant.grid, {"amount": left * Decimal("0.7")}))


def test_a_part_of_the_feed_from_another_partner(plant: Plant) -> None:
    lever = {"exchange": str(plant.feed.uuid), "provider_product": str(plant.greener.uuid), "share": "12.5"}
    answer = asked(plant, lever)
    divided(plant.feed, "0.125", provider_product=plant.greener)
    as_recomputed(plant, answer, (plant.feed, {"amount": plant.feed.amount * Decimal("0.875")}))


def test_a_part_of_a_line_is_shared_as_the_line_is(plant: Plant) -> None:
    """Declared for the line alone: its part goes to the same products."""
    UnitProcess.objects.filter(pk=plant.cracker.pk).update(allocation_method="causal", allocation_set="own")
    propylene = Product.objects.get(code="propylene")
    rows = [(None, plant.ethylene, "0.7"), (None, propylene, "0.3"), (plant.power, plant.ethylene, "1")]
    for line, product, share in rows:
        AllocationShare.objects.create(
            company=plant.company, process=plant.cracker, method="own", exchange=line, product=product,
            share=Decimal(share),
        )  # fmt: skip
    drain()
    version = new.factor_version("0.031")
    lever = {"exchange": str(plant.power.uuid), "factor_version": str(version.uuid), "share": "40"}
    answer = asked(plant, lever)
    part = divided(plant.power, "0.4", factor_version=version)
    AllocationShare.objects.create(
        company=plant.company, process=plant.cracker, method="own", exchange=part, product=plant.ethylene,
        share=Decimal(1),
    )  # fmt: skip
    as_recomputed(plant, answer, (plant.power, {"amount": plant.power.amount * Decimal("0.6")}))


@pytest.mark.parametrize(
    ("share", "code"), [("0", "out_of_bounds"), ("100.1", "out_of_bounds"), ("x", "not_a_number")]
)
def test_a_share_that_is_none(plant: Plant, share: str, code: str) -> None:
    lever = {"exchange": str(plant.power.uuid), "provider_process": str(plant.turbine.uuid)}
    with pytest.raises(Refusal) as refused:
        read([{**lever, "share": share}])
    assert (refused.value.field, refused.value.code) == ("share", code)
    with pytest.raises(Refusal) as refused:
        read([{"exchange": str(plant.power.uuid), "share": "30"}])
    assert (refused.value.field, refused.value.code) == ("share", "required")


def test_own_power_instead_of_the_grid(plant: Plant) -> None:
    lever = {"exchange": str(plant.power.uuid), "provider_process": str(plant.turbine.uuid)}
    answer = asked(plant, lever)
    stated = {"provider_process": plant.turbine.uuid, "factor_version": None}
    as_recomputed(plant, answer, (plant.power, stated))


def test_another_partner(plant: Plant) -> None:
    """A product that is open and that nobody buys yet, of two makers."""
    answer = asked(plant, {"exchange": str(plant.feed.uuid), "provider_product": str(plant.greener.uuid)})
    as_recomputed(plant, answer, (plant.feed, {"provider_product": plant.greener.uuid}))


def test_several_levers_at_once(plant: Plant) -> None:
    version = new.factor_version("0.2")
    answer = asked(
        plant,
        {"exchange": str(plant.feed.uuid), "percent": "3", "provider_product": str(plant.greener.uuid)},
        {"exchange": str(plant.made.uuid), "amount": "71.5"},
        {"exchange": str(plant.grid.uuid), "factor_version": str(version.uuid), "amount": "100"},
    )
    as_recomputed(
        plant,
        answer,
        (plant.feed, {"amount": plant.feed.amount * Decimal("1.03"), "provider_product": plant.greener.uuid}),
        (plant.made, {"amount": "71.5"}),
        (plant.grid, {"factor_version": version.uuid, "amount": "100"}),
    )


def test_a_supplier_that_is_not_open_counts_in_proportion(plant: Plant) -> None:
    ProductGrant.objects.filter(product=plant.naphtha).delete()
    answer = asked(plant, {"exchange": str(plant.feed.uuid), "percent": "20"})
    as_recomputed(plant, answer, (plant.feed, {"amount": plant.feed.amount * Decimal("1.2")}))


def test_of_several_that_are_not_open_one_alone_is_refused(plant: Plant) -> None:
    ProductGrant.objects.all().delete()
    with override("en"), pytest.raises(Refusal, match="Only their sum is known"):
        asked(plant, {"exchange": str(plant.feed.uuid), "percent": "20"})
    # together they stay in proportion
    answer = asked(plant, {"exchange": str(plant.made.uuid), "percent": "20"})
    as_recomputed(plant, answer, (plant.made, {"amount": plant.made.amount * Decimal("1.2")}))


def test_nothing_is_stored(plant: Plant) -> None:
    ground = base(plant)
    lines = list(Exchange.objects.order_by("pk").values())
    figures = stored()
    with (
        acting_as(plant.owner),
        CaptureQueriesContext(
            connection,
        ) as asked_,
    ):
        what_if(plant.owner, ground, read([{"exchange": str(plant.feed.uuid), "percent": "5"}]))
    assert not [q for q in asked_.captured_queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert list(Exchange.objects.order_by("pk").values()) == lines
    assert stored() == figures


def test_a_loop_that_uses_up_what_it_makes_is_named(plant: Plant) -> None:
    with pytest.raises(Refusal) as refused:
        asked(plant, {"exchange": str(plant.steam_to_turbine.uuid), "amount": "200000"})
    assert refused.value.code == "unsolvable_loop"
    assert "steam" in str(refused.value)
    assert "turbine" in str(refused.value)


@pytest.mark.parametrize(
    ("lever", "field", "code"),
    [
        ({"amount": "-1"}, "amount", "negative_amount"),
        ({"amount": "much"}, "amount", "not_a_number"),
        ({"percent": "-100.5"}, "percent", "out_of_bounds"),
        ({"percent": "nan"}, "percent", "not_finite"),
        ({"amount": "1", "percent": "1"}, "percent", "amount_and_percent"),
        ({"factor_version": "x"}, "factor_version", "not_a_uuid"),
        ({"provider_product": "00000000-0000-4000-8000-000000000000"}, "provider_product", "not_found"),
        ({"wish": "1"}, "exchange", "unknown_field"),
    ],
)
def test_a_bad_lever_is_named(plant: Plant, lever: dict[str, str], field: str, code: str) -> None:
    good = {"exchange": str(plant.grid.uuid), "percent": "1"}
    with pytest.raises(Refusal) as refused:
        asked(plant, good, {"exchange": str(plant.feed.uuid), **lever})
    assert (refused.value.row, refused.value.field, refused.value.code) == (2, field, code)


def test_all_that_is_wrong_is_told_at_once(plant: Plant) -> None:
    with pytest.raises(Refusals) as refused:
        asked(
            plant,
            {"exchange": "nothing"},
            {"exchange": str(plant.feed.uuid), "amount": "-1"},
            {"exchange": str(plant.feed.uuid)},
        )
    assert [each.row for each in refused.value.refusals] == [1, 2]


def test_a_stranger_has_no_such_lines(plant: Plant) -> None:
    stranger = new.actor(plant.partner)
    with acting_as(stranger), pytest.raises(Refusal) as refused:
        what_if(stranger, base(plant), read([{"exchange": str(plant.feed.uuid), "amount": "1"}]))
    assert refused.value.code == "not_found"


def test_levers_are_kept_to_the_digit() -> None:
    record = {"exchange": "00000000-0000-4000-8000-000000000001", "amount": "0.1000000000000000000000001"}
    [lever] = read([record])
    assert lever.record() == record
    assert read([lever.record()]) == (lever,)
    assert isinstance(lever, Lever)


def test_swings_are_what_the_figures_become(plant: Plant) -> None:
    """The widest inputs, each at both ends, as the studio would give it."""
    ground = base(plant)
    found = swings(plant.owner, ground, "AR6")
    assert found.figure == pytest.approx(ground.figure[1])
    spans = [abs(each.high - each.low) for each in found.inputs]
    assert spans == sorted(spans, reverse=True)
    lines = [each for each in found.inputs if each.line]
    assert {each.line.pk for each in lines if each.line} >= {plant.feed.pk, plant.flue.pk}
    for each in lines[:4]:
        assert each.line is not None
        for percent, value in (("-10", each.low), ("10", each.high)):
            answer = asked(plant, {"exchange": str(each.line.uuid), "percent": percent})
            assert answer.after[1] == pytest.approx(value, rel=1e-9)


def test_a_known_spread_is_used(plant: Plant) -> None:
    version = plant.grid.factor_version
    assert version is not None
    found = swings(plant.owner, base(plant), "AR6", shown=30)
    [grid] = [each for each in found.inputs if each.leaf and each.leaf.key == (version.pk,)]
    assert grid.range.gsd2 == 1.5
    assert (grid.range.low, grid.range.high) == (pytest.approx(1 / 1.5), 1.5)


def test_other_providers_are_what_the_studio_gives(plant: Plant) -> None:
    """Of the feed what a partner opened, of the grid a greener factor in use; none of another place."""
    for geography, kg in (("CN", "0.0336"), ("DE", "0.01")):
        version = new.factor_version(kg, geography=geography)
        Factor.objects.filter(pk=version.factor_id).update(kind="electricity")
        new.takes(plant.boiler, None, "1", "kWh", factor_version=version)
    naphtha = ProductCategory.objects.create(code="nafta", name_zh="石脑油", name_en="naphtha", unit="t")
    Product.objects.filter(code__contains="naphtha").update(category=naphtha)
    old = plant.grid.factor_version
    assert old is not None
    Factor.objects.filter(pk=old.factor_id).update(kind="electricity")
    drain()
    found = swings(plant.owner, base(plant), "AR6").providers
    by_line = {each.line.pk: each for each in found}
    assert by_line[plant.feed.pk].provider.uuid == str(plant.greener.uuid)
    assert by_line[plant.grid.pk].provider.field == "factor_version"
    assert [abs(each.change) for each in found] == sorted((abs(e.change) for e in found), reverse=True)
    for each in found:
        lever = {"exchange": str(each.line.uuid), each.provider.field: each.provider.uuid}
        assert each.figure == pytest.approx(asked(plant, lever).after[1], rel=1e-9)
    feed = by_line[plant.feed.pk]
    assert feed.change == pytest.approx(feed.figure - base(plant).figure[1], rel=1e-9)


def test_questions_do_not_grow_with_the_network(plant: Plant) -> None:
    def counted() -> int:
        with acting_as(plant.owner), CaptureQueriesContext(connection) as found:
            rows = Footprint.objects.filter(product=plant.ethylene)
            ground = solved(plant.owner, [(row.process_id, row.product_id) for row in rows])
            assert ground is not None
            what_if(plant.owner, ground, read([{"exchange": str(plant.feed.uuid), "percent": "1"}]))
            swings(plant.owner, ground, "AR6")
        return len(found)

    few = counted()
    for _ in range(5):
        more = new.process(plant.inventory)
        new.output(more, new.product(plant.company), "10")
        new.takes(more, plant.steam, "5", provider_process=plant.boiler)
        new.takes(plant.cracker, None, "7", "kWh", factor_version=new.factor_version("0.3"))
    drain()
    assert counted() == few
