"""Why a figure moved: every change goes to its cause, and the parts close."""

from __future__ import annotations

import pytest

from accounts.visibility import acting_as
from footprint.analysis.changes import Change, Moment, change, moment, moments
from footprint.calculation.columns import figure_history
from footprint.calculation.ledger import drain
from footprint.calculation.models import CalculationRun, FigureVersion, Footprint
from footprint.engine.snapshot import Cause
from footprint.inventory.actions import add_exchange, adopt_version, change_exchange, change_process
from footprint.inventory.models import Exchange, Product, ProductGrant, UnitProcess
from tests import builders as new
from tests.footprint.analysis.moves.conftest import Plant

pytestmark = pytest.mark.django_db


def runs(plant: Plant) -> list[CalculationRun]:
    """Of ethylene, latest first."""
    return [version.run for version in figure_history(plant.owner, plant.ethylene)]


def bridged(plant: Plant, gwp: str = "AR6", **more: str) -> Change:
    """The last two figures of ethylene; both ends are the stored ones, and the parts close."""
    last, before = FigureVersion.objects.filter(product=plant.ethylene).order_by("-run_id")[:2]
    with acting_as(plant.owner):
        found = change(
            plant.owner, plant.ethylene, Moment(2025, before.run), Moment(2025, last.run), gwp=gwp, **more
        )
    assert found is not None
    name = f"kg_co2e_{gwp.lower()}"
    assert found.before == pytest.approx(getattr(before, name), rel=1e-9)
    assert found.after == pytest.approx(getattr(last, name), rel=1e-9)
    assert_closes(found)
    return found


def assert_closes(found: Change) -> None:
    size = abs(found.before) + abs(found.after)
    assert sum(each.change for each in found.reasons) == pytest.approx(
        found.after - found.before, abs=1e-9 * size
    )
    assert sum(found.causes.values()) == pytest.approx(found.after - found.before, abs=1e-9 * size)
    for cause, value in found.causes.items():
        rows = sum(each.change for each in found.reasons if each.cause == cause)
        assert rows == pytest.approx(value, abs=1e-9 * size)


def row(line: Exchange) -> Exchange:
    return Exchange.objects.select_related("process__inventory").get(pk=line.pk)


@pytest.mark.parametrize("gwp", ["AR5", "AR6"])
def test_an_amount(plant: Plant, gwp: str) -> None:
    change_exchange(row(plant.feed), by=plant.owner, version=None, amount="150")
    drain()
    found = bridged(plant, gwp)
    assert set(found.causes) == {Cause.ACTIVITY}
    [reason] = found.reasons
    assert reason.line is not None
    assert reason.line.pk == plant.feed.pk


def test_an_emission_deep_in_the_loop(plant: Plant) -> None:
    change_exchange(row(plant.methane), by=plant.owner, version=None, amount="30")
    drain()
    found = bridged(plant)
    assert set(found.causes) == {Cause.ACTIVITY}
    assert [each.line.pk for each in found.reasons if each.line] == [plant.methane.pk]


def test_a_factor_that_was_adopted(plant: Plant) -> None:
    old = plant.grid.factor_version
    assert old is not None
    version = new.factor_version("0.41", factor=old.factor)
    assert adopt_version(old, version, by=plant.owner, company=plant.company) == 2
    drain()
    found = bridged(plant)
    assert set(found.causes) == {Cause.FACTOR}
    assert {each.line.pk for each in found.reasons if each.line} == {plant.grid.pk, plant.power.pk}
    for each in found.reasons:
        assert each.previous is not None
        assert each.previous.key == (old.pk,)
        assert each.supplier is not None
        assert each.supplier.key == (version.pk,)


def test_an_allocation(plant: Plant) -> None:
    Product.objects.filter(code="ethylene").update(lhv_mj_per_unit="47000")
    Product.objects.filter(code="propylene").update(lhv_mj_per_unit="40000")
    process = UnitProcess.objects.select_related("inventory").get(pk=plant.cracker.pk)
    change_process(process, by=plant.owner, version=None, allocation_method="energy")
    drain()
    found = bridged(plant)
    assert set(found.causes) == {Cause.ALLOCATION}
    assert plant.feed.pk in {each.line.pk for each in found.reasons if each.line}


def test_a_supplier(plant: Plant) -> None:
    """What the partner's total was before is known from the figure alone."""
    Exchange.objects.filter(pk=plant.burnt.pk).update(amount="75000")
    drain()
    found = bridged(plant)
    assert set(found.causes) == {Cause.SUPPLIER}
    assert found.after < found.before


def test_a_supplier_among_several_that_are_not_open(plant: Plant) -> None:
    ProductGrant.objects.all().delete()
    Exchange.objects.filter(pk=plant.burnt.pk).update(amount="75000")
    drain()
    found = bridged(plant)
    assert set(found.causes) == {Cause.SUPPLIER}


def test_another_partner_in_the_same_line(plant: Plant) -> None:
    change_exchange(row(plant.feed), by=plant.owner, version=None, provider_product=plant.greener.uuid)
    drain()
    found = bridged(plant)
    assert set(found.causes) == {Cause.SUPPLIER}
    assert [each.line.pk for each in found.reasons if each.line] == [plant.feed.pk]


def test_a_line_that_was_added(plant: Plant) -> None:
    line = add_exchange(
        UnitProcess.objects.select_related("inventory").get(pk=plant.boiler.pk),
        by=plant.owner, direction="output", kind="elementary", gas="N2O", amount="2", unit="kg",
    )  # fmt: skip
    drain()
    found = bridged(plant)
    assert set(found.causes) == {Cause.STRUCTURE}
    assert [each.line.pk for each in found.reasons if each.line] == [line.pk]


def test_several_causes_at_once(plant: Plant) -> None:
    change_exchange(row(plant.feed), by=plant.owner, version=None, amount="131")
    change_exchange(
        row(plant.power), by=plant.owner, version=None, factor_version=new.factor_version("0.1").uuid
    )
    Exchange.objects.filter(pk=plant.burnt.pk).update(amount="80000")
    drain()
    assert set(bridged(plant).causes) == {Cause.ACTIVITY, Cause.FACTOR, Cause.SUPPLIER}


def test_gwp_sets_of_one_run(plant: Plant) -> None:
    at = Moment(2025, runs(plant)[0])
    found = change(plant.owner, plant.ethylene, at, at, gwp="AR6", gwp_before="AR5")
    assert found is not None
    stored = Footprint.objects.get(product=plant.ethylene)
    assert found.before == pytest.approx(stored.kg_co2e_ar5, rel=1e-9)
    assert found.after == pytest.approx(stored.kg_co2e_ar6, rel=1e-9)
    assert set(found.causes) == {Cause.GWP}
    assert_closes(found)


def test_two_states_that_differ_in_nothing(plant: Plant) -> None:
    at = Moment(2025, runs(plant)[0])
    found = change(plant.owner, plant.ethylene, at, Moment(2025))
    assert found is not None
    assert found.is_none
    assert found.before == found.after


def test_two_years(plant: Plant) -> None:
    """Lines of another inventory stand for the same lines of the year before: by code and what flows."""
    later = new.inventory(plant.inventory.site, 2026)
    boiler = new.process(later, "boiler")
    cracker = new.process(later, "cracker", method="mass")
    new.output(boiler, plant.steam, "800")
    new.emits(boiler, "45000")
    new.output(cracker, plant.ethylene, "77")
    propylene = Product.objects.get(code="propylene")
    new.output(cracker, propylene, "33")
    assert plant.feed.product is not None
    new.takes(cracker, plant.feed.product, "150", provider_product=plant.naphtha)
    new.takes(cracker, plant.steam, "366.63", provider_process=boiler)
    drain()
    with acting_as(plant.owner):
        found = change(plant.owner, plant.ethylene, Moment(2025), Moment(2026))
    assert found is not None
    assert_closes(found)
    assert found.after == pytest.approx(
        Footprint.objects.get(product=plant.ethylene, year=2026).kg_co2e_ar6, rel=1e-9
    )
    # catalyst and power are gone from the cracker, methane and power from the boiler; the rest is the same
    gone = [each for each in found.reasons if each.cause is Cause.STRUCTURE]
    assert {each.line.pk for each in gone if each.line} >= {
        plant.catalyst.pk,
        plant.power.pk,
        plant.methane.pk,
    }
    assert plant.feed.pk not in {each.line.pk for each in gone if each.line}
    assert {Cause.ACTIVITY, Cause.STRUCTURE} == set(found.causes)
    assert {moment.value for moment in moments(plant.owner, plant.ethylene, [2026, 2025])} >= {"2025", "2026"}


def test_a_partner_has_no_history(plant: Plant) -> None:
    stranger = new.actor(plant.partner)
    assert moments(stranger, plant.ethylene, []) == []
    with acting_as(stranger):
        assert change(stranger, plant.ethylene, Moment(2025), Moment(2025)) is None


def test_a_run_that_calculated_several_years_is_named_with_the_year() -> None:
    run = CalculationRun()
    earlier, later = Moment(2024, run), Moment(2025, run)
    known = [Moment(2025), Moment(2024), later, earlier]
    assert len({each.value for each in known}) == len(known)
    for each in known:
        assert moment(known, each.value, None, field="from") == each
    assert moment(known, str(run.uuid), 2024, field="from") == earlier
    assert moment(known, str(run.uuid), None, field="from") == later
