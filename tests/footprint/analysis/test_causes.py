"""Figures taken apart at the gate of their company: by hand on a refinery, and closing for every profile."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import call_command

from factors.models import Factor
from footprint.analysis.models import ProfileFigure
from footprint.calculation import ledger
from footprint.engine.disclosure.parts import ENERGY_MJ, Part
from footprint.inventory.models import Exchange, Product
from tests.footprint.analysis.conftest import Plant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fired(plant: Plant) -> Plant:
    """The boiler burns what is a fuel; figures by every built-in profile."""
    Factor.objects.filter(versions=plant.gas_burnt.factor_version).update(kind="fuel")
    call_command("load_rules", verbosity=0)
    ledger.drain()
    return plant


def causes(product: Product, inventory_id: int) -> dict[str, float]:
    found = ProfileFigure.objects.get(
        footprint__product=product, footprint__inventory=inventory_id, profile_version__profile__code="here"
    )
    assert sum(found.causes[part] for part in Part) == pytest.approx(found.kg_co2e, rel=1e-9)
    return found.causes


def test_a_cracker_by_hand(fired: Plant) -> None:
    """Per tonne of both: 1.4 t naphtha at 400 kg, 3.333 GJ steam, 120 kg of its own; nothing by allocation.

    A GJ of steam takes 1000/900 GJ of gas and 700/900 kWh of power, a kWh 0.0045 GJ of steam and 0.2 kWh of
    the grid.
    """
    here = causes(fired.ethylene, fired.inventory.pk)
    assert here[Part.FEED] == pytest.approx(1.4 * 400)
    loop = 1.0 - 700 / 900 * 450 / 100_000
    grid_kwh = 700 / 900 * 0.2 / loop
    gas_mj = 1000 / 900 * 1000 / loop
    steam = 333.3 / 100
    assert here[ENERGY_MJ] == pytest.approx(steam * (gas_mj + grid_kwh * 3.6), rel=1e-6)
    # the methane of the boiler is made for burning: its kg have no MJ of their own, but the steam is energy
    burnt = steam * 3 / 900 * 27.0 / loop
    assert here[Part.ENERGY] == pytest.approx(steam * (gas_mj * 0.0561 + grid_kwh * 0.5703) + burnt, rel=1e-6)
    assert here[Part.CHEMISTRY] == pytest.approx(120.0)
    assert here[Part.ALLOCATION] == pytest.approx(0.0, abs=1e-9)
    assert here[Part.REST] == 0.0


def test_what_a_method_adds_to_mass_is_allocation(fired: Plant) -> None:
    """Energy as the basis, twice as much a tonne in ethylene: it carries 140/170 of what mass gives 70 of."""
    before = causes(fired.ethylene, fired.inventory.pk)
    Product.objects.filter(pk=fired.ethylene.pk).update(lhv_mj_per_unit=Decimal(40_000))
    Product.objects.filter(pk=fired.propylene.pk).update(lhv_mj_per_unit=Decimal(20_000))
    fired.cracker.allocation_method = "energy"
    fired.cracker.save()
    ledger.drain()
    now = causes(fired.ethylene, fired.inventory.pk)
    for part in (Part.FEED, Part.ENERGY, Part.CHEMISTRY):
        assert now[part] == pytest.approx(before[part])
    whole = sum(before[part] for part in Part)
    assert now[Part.ALLOCATION] == pytest.approx(whole * (140 / 170 / 0.7 - 1))


def test_energy_that_nobody_measured_is_not_told_in_mj(fired: Plant) -> None:
    """A furnace whose emissions are energy by its member's word, without the fuel they are of."""
    Exchange.objects.filter(process=fired.cracker, kind="elementary").update(stage="energy")
    ledger.drain()
    here = causes(fired.ethylene, fired.inventory.pk)
    assert here[Part.CHEMISTRY] == pytest.approx(0.0)
    assert here[Part.ENERGY] > 120.0
    assert ENERGY_MJ not in here


def test_every_profile_closes(fired: Plant) -> None:
    found = ProfileFigure.objects.filter(kg_co2e__isnull=False)
    assert found.values("profile_version").distinct().count() > 3
    for figure in found:
        assert figure.causes, figure.profile_version
        assert sum(figure.causes[part] for part in Part) == pytest.approx(figure.kg_co2e, rel=1e-9)
