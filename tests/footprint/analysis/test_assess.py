"""Assessments through the ledger, on a real database, against small cases by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from footprint.analysis.models import Assessment, ProfileFigure
from footprint.calculation import ledger
from footprint.calculation.models import RecomputeFailure, RecomputeMark
from footprint.inventory.models import OutputPrice
from tests import builders as new

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_refinery_by_mass_energy_and_value() -> None:
    """120 kg CO2 for 60 kg naphtha (44 MJ/kg, 2 CNY/kg) and 40 kg coke (30 MJ/kg, 1 CNY/kg)."""
    new.gwp()
    company = new.company()
    inventory = new.inventory(new.site(company))
    naphtha = new.product(company, "naphtha", lhv_mj_per_unit=Decimal(44))
    coke = new.product(company, "coke", lhv_mj_per_unit=Decimal(30))
    refinery = new.process(inventory, method="mass")
    lines = [new.output(refinery, naphtha, "60"), new.output(refinery, coke, "40")]
    for line, price in zip(lines, ("2", "1"), strict=True):
        OutputPrice.objects.create(company=company, exchange=line, year=2025, price=Decimal(price))
    new.emits(refinery, "120")
    done = ledger.drain()
    assert not RecomputeFailure.objects.exists(), RecomputeFailure.objects.get().last_error
    assert (done.settled, done.later) == (1, 1)
    assert not RecomputeMark.objects.exists()
    found = Assessment.objects.get(footprint__product=naphtha)
    by_energy = 120 * 60 * 44 / (60 * 44 + 40 * 30) / 60
    by_value = 120 * 120 / 160 / 60
    figures = {row["method"]: row["own"] for row in found.band["methods"]}
    assert figures == {
        "in force": pytest.approx(1.2),
        "mass": pytest.approx(1.2),
        "energy": pytest.approx(by_energy),
        "economic": pytest.approx(by_value),
    }
    assert (found.band["own"]["low"], found.band["own"]["highest"]) == (pytest.approx(1.2), "economic")
    assert found.primary_data_share == pytest.approx(1.0)
    assert found.gsd2_low == pytest.approx(1.05)
