"""Assessments through the ledger, on a real database, against the chain by hand and against the engine."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.db import ProgrammingError, connection

from accounts.models import Site
from accounts.visibility import acting_as
from footprint.analysis import doubt, methods, queries
from footprint.analysis.ground import ground_of
from footprint.analysis.models import Assessment, ProfileFigure
from footprint.calculation import ledger, memory
from footprint.calculation.models import Footprint, RecomputeFailure, RecomputeMark
from footprint.calculation.queries import Freshness
from footprint.calculation.queries import freshness as figure_freshness
from footprint.engine.uncertainty import spread
from footprint.inventory.models import Exchange, OutputPrice, Product, UnitProcess
from tests import builders as new
from tests.footprint.analysis.chain import Chain

pytestmark = pytest.mark.django_db(transaction=True)

BY_ENERGY = 60 * 44 / (60 * 44 + 40 * 30)
BY_VALUE = 120 / 160


def assessed(product: Product) -> Assessment:
    return Assessment.objects.get(footprint__product=product)


def band(product: Product, who: str) -> dict[str, float]:
    return {row["method"]: row[who] for row in assessed(product).band["methods"]}


def test_the_band_of_a_co_product_and_of_what_is_made_of_it(chain: Chain) -> None:
    assert not RecomputeMark.objects.exists()
    assert not RecomputeFailure.objects.exists()
    expected = {"in force": 1.4, "mass": 1.4, "energy": 140 * BY_ENERGY / 60, "economic": 140 * BY_VALUE / 60}
    assert band(chain.naphtha, "own") == pytest.approx(expected)
    assert band(chain.naphtha, "everybody") == pytest.approx(expected)
    assert band(chain.ethylene, "everybody") == pytest.approx({k: 1 + 2 * v for k, v in expected.items()})
    assert list(band(chain.ethylene, "own").values()) == pytest.approx([3.8] * 4)
    found = assessed(chain.naphtha)
    assert (found.band["in_force"], found.band["own"]["lowest"], found.band["own"]["highest"]) == (
        "mass",
        "in force",
        "economic",
    )
    assert (found.has_choice, assessed(chain.ethylene).has_choice) == (True, False)
    assert found.kg_co2e == chain.footprint(chain.naphtha).kg_co2e_ar6


def test_shares_and_ratings(chain: Chain) -> None:
    """Of naphtha's 1.4 the stack brings 1.0, measured, and power 0.4, secondary; ethylene adds 1 itself."""
    found, above = assessed(chain.naphtha), assessed(chain.ethylene)
    assert found.primary_data_share == pytest.approx(1.0 / 1.4)
    assert above.primary_data_share == pytest.approx((1.0 + 2.8 * 1.0 / 1.4) / 3.8)
    # the factor says nothing of its technology (5); of 2024 for 2025 (1); of the country (2)
    assert found.dqr_technology == pytest.approx((1.0 * 1 + 0.4 * 5) / 1.4)
    assert found.dqr_time == pytest.approx(1.0)
    assert found.dqr_geography == pytest.approx((1.0 * 1 + 0.4 * 2) / 1.4)
    assert found.exempted_share == 0.0


def test_the_spread_is_that_of_the_engine(chain: Chain) -> None:
    with ledger.snapshot():
        ground = ground_of(memory.recall().live)
    uncertain = doubt.uncertain(ground)
    for product in (chain.naphtha, chain.ethylene):
        node = ground.columns[chain.footprint(product).process_id, product.pk]
        exact = spread(ground.equations, uncertain, ground.ghg_kg, node)
        found = assessed(product)
        assert found.gsd2_is_exact
        assert found.gsd2_low == found.gsd2_high == pytest.approx(exact.gsd2, rel=1e-12)
    # by hand: 1.05 for the stack and for how much power, 1.2 for the factor
    parts = [1.0 * np.log(1.05), 0.4 * np.log(1.05), 0.4 * np.log(1.2)]
    assert assessed(chain.naphtha).gsd2_low == pytest.approx(np.exp(np.hypot.reduce(parts) / 1.4))


def test_burdens_are_what_the_process_takes_before_it_is_allocated(chain: Chain) -> None:
    with ledger.snapshot():
        ground = ground_of(memory.recall().live)
    found = methods.burdens(ground, methods.joints(ground))
    assert found.amount.tolist() == [pytest.approx(80)]
    assert found.direct_kg.tolist() == [pytest.approx(100)]


def test_what_counts_nothing_leaves_the_exempted_share_open(chain: Chain) -> None:
    new.takes(chain.refinery, new.product(chain.refiner, "salt"), "1")
    ledger.drain()
    assert assessed(chain.naphtha).exempted_share is None
    assert assessed(chain.ethylene).exempted_share is None


def test_an_estimate_of_what_is_left_out_passes_through_the_chain(chain: Chain) -> None:
    """10 kg left out of 100 t by mass: 0.1 beside naphtha's 1.4, twice that beside ethylene's 3.8."""
    before = {each.pk: each.kg_co2e_ar6 for each in Footprint.objects.all()}
    salt = new.product(chain.refiner, "salt")
    left = new.takes(chain.refinery, salt, "1", exempted_kg_co2e=Decimal(10))
    ledger.drain()
    assert assessed(chain.naphtha).exempted_share == pytest.approx(0.1 / 1.5)
    assert assessed(chain.ethylene).exempted_share == pytest.approx(0.2 / 4.0)
    assert {each.pk: each.kg_co2e_ar6 for each in Footprint.objects.all()} == before
    Exchange.objects.filter(pk=left.pk).update(exempted_kg_co2e=None)
    ledger.drain()
    assert assessed(chain.ethylene).exempted_share is None


MOVES: list[tuple[str, Any]] = [
    ("a score of a line", lambda c: Exchange.objects.filter(pk=c.power.pk).update(dqr_technology=2)),
    ("a data type", lambda c: Exchange.objects.filter(pk=c.stack.pk).update(data_type="estimated")),
    ("a spread", lambda c: Exchange.objects.filter(pk=c.stack.pk).update(gsd2=Decimal("1.5"))),
    ("a pedigree score", lambda c: Exchange.objects.filter(pk=c.stack.pk).update(pedigree_reliability=5)),
    ("a heating value", lambda c: Product.objects.filter(pk=c.coke.pk).update(lhv_mj_per_unit=Decimal(20))),
    ("a price", lambda c: OutputPrice.objects.filter(price=1).update(price=Decimal("1.5"))),
    ("hydrogen", lambda c: Product.objects.filter(company=c.refiner).update(hydrogen_fraction="0.1")),
    ("a place", lambda c: Site.objects.filter(company=c.refiner).update(province="US-TX")),
]
"""Changes that leave every figure as it is."""


@pytest.mark.parametrize("move", [move for _, move in MOVES], ids=[name for name, _ in MOVES])
def test_what_moves_the_assessment_alone(chain: Chain, move: Any) -> None:
    figures = list(Footprint.objects.order_by("pk").values_list("pk", "computed_at"))
    before = assessed(chain.naphtha)
    move(chain)
    asking = new.actor(chain.cracker_of)
    with acting_as(asking):
        ethylene = chain.footprint(chain.ethylene)
        assert queries.freshness(asking, [ethylene]) == {ethylene.pk: Freshness.PENDING}
    ledger.drain()
    assert not RecomputeMark.objects.exists()
    assert list(Footprint.objects.order_by("pk").values_list("pk", "computed_at")) == figures
    after = assessed(chain.naphtha)
    assert before.digest != after.digest
    assert before.pk == after.pk
    with acting_as(asking):
        assert queries.freshness(asking, [ethylene]) == {ethylene.pk: Freshness.CURRENT}


def test_what_is_as_it_was_is_not_written(chain: Chain) -> None:
    before = list(Assessment.objects.order_by("pk").values_list("pk", "digest", "computed_at"))
    memory.forget()
    RecomputeMark.objects.create(kind="assessment", key=chain.refinery.pk)
    assert ledger.drain().later == 1
    assert list(Assessment.objects.order_by("pk").values_list("pk", "digest", "computed_at")) == before


def test_figures_come_first_and_stay_current(chain: Chain) -> None:
    """A mark of an assessment makes no figure pending; assessments are left while a figure is due."""
    asking = new.actor(chain.refiner)
    RecomputeMark.objects.create(kind="assessment", key=chain.refinery.pk)
    with acting_as(asking):
        naphtha = chain.footprint(chain.naphtha)
        assert figure_freshness(asking, [naphtha]) == {naphtha.pk: Freshness.CURRENT}
        assert queries.freshness(asking, [naphtha]) == {naphtha.pk: Freshness.PENDING}
    RecomputeMark.objects.create(kind="process", key=chain.refinery.pk)
    assert ledger._later() == ledger.Drained()
    assert RecomputeMark.objects.filter(kind="assessment").exists()
    ledger.drain()
    assert not RecomputeMark.objects.exists()


def test_figures_are_settled_while_another_worker_assesses(chain: Chain) -> None:
    Exchange.objects.filter(pk=chain.stack.pk).update(amount=Decimal(200))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ledger.WAITING_LOCK])
        assert ledger.drain().later == 0
        assert chain.footprint(chain.naphtha).kg_co2e_ar6 == pytest.approx(2.4)
        assert set(RecomputeMark.objects.values_list("kind", flat=True)) == {"assessment"}
    finally:
        other.close()
    ledger.drain()
    assert assessed(chain.naphtha).kg_co2e == pytest.approx(2.4)


def test_a_broken_assessment_backs_off_and_keeps_its_marks(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(keys: list[int], gen: int) -> None:
        raise ValueError("no")

    monkeypatch.setitem(ledger._waiting, "assessment", breaking)
    Exchange.objects.filter(pk=chain.stack.pk).update(amount=Decimal(200))
    assert ledger.drain().broken == 2
    assert chain.footprint(chain.naphtha).kg_co2e_ar6 == pytest.approx(2.4)
    assert RecomputeFailure.objects.filter(kind="assessment").count() >= 1
    assert RecomputeMark.objects.filter(kind="assessment").exists()


def test_a_figure_that_fails_or_goes_takes_its_assessment_along(chain: Chain) -> None:
    Exchange.objects.filter(pk=chain.stack.pk).update(unit="furlong")
    ledger.drain()
    assert not Assessment.objects.exists()
    assert not ProfileFigure.objects.exists()
    Exchange.objects.filter(pk=chain.stack.pk).update(unit="kg")
    ledger.drain()
    assert Assessment.objects.count() == 3
    UnitProcess.objects.filter(pk=chain.cracker.pk).delete()
    ledger.drain()
    assert Assessment.objects.count() == 2


def test_nobody_else_reads_it(chain: Chain) -> None:
    footprint = chain.footprint(chain.naphtha)
    partner, owner = new.actor(chain.cracker_of), new.actor(chain.refiner)
    with acting_as(partner):
        assert queries.assessment(partner, footprint) is None
        assert set(Assessment.objects.values_list("company_id", flat=True)) == {chain.cracker_of.pk}
        assert queries.assessments(partner, [footprint.pk]) == {}
    with acting_as(owner):
        found = queries.assessment(owner, footprint)
        assert found is not None
        assert found.kg_co2e == pytest.approx(1.4)


def test_an_unallocated_process_counts_once(chain: Chain) -> None:
    """Each of two products carries everything: the process still takes what it takes."""
    UnitProcess.objects.filter(pk=chain.refinery.pk).update(allocation_method="full")
    ledger.drain()
    assert band(chain.naphtha, "own")["in force"] == pytest.approx(140 / 60)
    assert band(chain.naphtha, "own")["mass"] == pytest.approx(1.4)


def test_reference_periods_are_compared_by_days(chain: Chain) -> None:
    inventory = chain.refinery.inventory
    type(inventory).objects.filter(pk=inventory.pk).update(
        period_start=date(2028, 1, 1), period_end=date(2028, 12, 31)
    )
    ledger.drain()
    assert assessed(chain.naphtha).dqr_time == pytest.approx((1.0 * 1 + 0.4 * 4) / 1.4)  # 1461 days


def test_the_worker_alone_writes(chain: Chain) -> None:
    asking = new.actor(chain.refiner)
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(asking):
        Assessment.objects.update(kg_co2e=0)
