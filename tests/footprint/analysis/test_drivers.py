"""What a figure hangs on, input by input: it sums to the figure and explains the stored rating and spread."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from footprint.analysis.drivers import Drivers, correlation, drivers
from footprint.analysis.models import Assessment
from footprint.analysis.upstream import behind_column
from footprint.calculation.ledger import drain
from footprint.inventory.models import Exchange, Product, UnitProcess
from tests import builders as new
from tests.footprint.analysis.assessing import column
from tests.footprint.analysis.conftest import Plant


def found(plant: Plant, process: UnitProcess, product: Product) -> Drivers:
    upstream = behind_column(plant.actor, product, 2025, (process.pk, product.pk), "AR6")
    assert upstream is not None
    return drivers(upstream)


def stored(process: UnitProcess, product: Product) -> Assessment:
    return Assessment.objects.get(footprint=column(process, product))


@pytest.mark.parametrize("code", ["steam", "power", "ethylene", "propylene"])
def test_inputs_sum_to_the_figure(plant: Plant, code: str) -> None:
    product = Product.objects.get(code=code, company=plant.company)
    process = {"steam": plant.boiler, "power": plant.turbine}.get(code, plant.cracker)
    value = column(process, product).kg_co2e_ar6
    assert sum(each.value for each in found(plant, process, product).bought) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("code", ["steam", "power"])
def test_inputs_explain_the_stored_rating(plant: Plant, code: str) -> None:
    """Without partners in the chain their weighed means are what the network was rated by."""
    product = Product.objects.get(code=code, company=plant.company)
    process = plant.boiler if code == "steam" else plant.turbine
    behind, row = found(plant, process, product), stored(process, product)
    means = [
        sum(abs(each.value) * each.scores[at] for each in behind.bought if each.scores) / behind.weighed
        for at in range(3)
    ]
    assert means == pytest.approx([row.dqr_technology, row.dqr_time, row.dqr_geography], rel=1e-9)
    held = sum(behind.held_down(each) for each in behind.bought)
    assert held == pytest.approx(sum(means) / 3 - 1, rel=1e-9)


def test_a_partners_total_keeps_its_rating(plant: Plant) -> None:
    behind = found(plant, plant.cracker, plant.ethylene)
    partners = [each for each in behind.bought if each.line == plant.feed.pk]
    assert [each.scores for each in partners] == [None]
    assert behind.has_partners
    assert not found(plant, plant.boiler, plant.steam).has_partners


def test_a_lone_process_has_the_stored_spread(plant: Plant) -> None:
    """Without loops, two routes or partners the variables are all there is."""
    alone = new.process(plant.inventory, "alone")
    made = new.product(plant.company, "alone-made", "t")
    new.output(alone, made, "10", is_reference=True)
    version = new.factor_version("0.5", uncertainty_gsd2=Decimal("1.3"))
    line = new.takes(alone, None, "2000", "kWh", factor_version=version)
    Exchange.objects.filter(pk=line.pk).update(gsd2=Decimal("1.2"))
    drain()
    behind, row = found(plant, alone, made), stored(alone, made)
    spread = math.exp(2 * math.sqrt(behind.variance))
    assert spread == pytest.approx(math.exp(math.hypot(math.log(1.2), math.log(1.3))), rel=1e-9)
    assert row.gsd2_high == pytest.approx(spread, rel=1e-9)
    assert [each.is_factor for each in behind.variables] == [True, False]


def test_two_figures_share_what_they_rest_on(plant: Plant) -> None:
    steam, power = found(plant, plant.boiler, plant.steam), found(plant, plant.turbine, plant.power)
    own, other = spread_of(steam), spread_of(power)
    assert correlation(steam, steam, own, own) == pytest.approx(1.0)
    assert 0.0 < correlation(steam, power, own, other) < 1.0
    far = found(plant, plant.far_cracker, plant.ethylene)
    assert correlation(steam, far, own, spread_of(far)) == 0.0
    assert correlation(steam, steam, 1.0, 1.0) == 0.0


def test_what_partners_vary_by_is_not_taken_for_common(plant: Plant) -> None:
    """Half of what varies is a partner's: the two figures move together by a quarter of their variance."""
    steam = found(plant, plant.boiler, plant.steam)
    doubled = spread_of(steam) ** 2
    assert correlation(steam, steam, doubled, doubled) == pytest.approx(0.25)


def spread_of(behind: Drivers) -> float:
    """The GSD2 that follows from what is one's own to know."""
    return math.exp(2 * math.sqrt(behind.variance))
