"""A figure is held against the band of its rule, per unit of that rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from footprint.calculation.gate import _implausible
from footprint.calculation.models import Footprint
from footprint.inventory.models import Product, UnitProcess
from footprint.rules.document.content import Band, Mark, Measured, Source
from footprint.rules.models import ProductCategory
from footprint.rules.queries import PlausibleBand

SOURCE = Source("here", "此处", "Here")
BAND = Band(
    "footprint", Measured.FOOTPRINT, Decimal(1), Decimal(3), "kg CO2e/kg", source="here", mark=Mark.DECISION
)


@pytest.mark.parametrize(
    ("kg", "unit", "rule_unit", "conversions", "is_told"),
    [
        (2.0, "kg", "kg", {}, False),
        (4.0, "kg", "kg", {}, True),
        (2.0, "kg", "t", {}, True),
        (0.002, "kg", "t", {}, False),
        (2000.0, "t", "kg", {}, False),
        (1.0, "m3", "kg", {"kg": "0.5"}, False),
        (4.0, "m3", "kg", {"kg": "0.5"}, True),
        (99.0, "m3", "kg", {}, False),
    ],
)
def test_the_band_holds_per_unit_of_the_rule(
    kg: float, unit: str, rule_unit: str, conversions: dict[str, Any], is_told: bool
) -> None:
    category = ProductCategory(pk=1, code="x", unit=unit)
    product = Product(name_en="x", unit=unit, conversions=conversions, category=category)
    figure = Footprint(product=product, process=UnitProcess(), unit=unit, kg_co2e_ar6=kg)
    found = list(_implausible(figure, {1: PlausibleBand(BAND, rule_unit, SOURCE)}))
    assert bool(found) is is_told
