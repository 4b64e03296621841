"""A benchmark: five groups before anything is shown, three moved before it changes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection

from accounts.models import Company
from accounts.visibility import acting_as
from footprint.benchmark.models import Contribution, Estimate, Release
from footprint.benchmark.queries import standings
from footprint.calculation import ledger
from footprint.engine.disclosure.statistics import Standing as Position
from footprint.inventory.models import Exchange
from footprint.rules.models import ProductCategory
from tests import builders as new

pytestmark = pytest.mark.django_db(transaction=True)


def plant(of: Company, category: ProductCategory, kg: str) -> Exchange:
    """A company that makes a tonne of the category's product and emits so much per kg."""
    made = new.product(of, category=category)
    process = new.process(new.inventory(new.site(of)))
    new.output(process, made, "1", "t")
    return new.emits(process, str(Decimal(kg) * 1000))


@pytest.fixture
def ethylene() -> ProductCategory:
    new.gwp()
    return ProductCategory.objects.create(code="ethylene", name_zh="乙烯", name_en="Ethylene", unit="kg")


def test_four_groups_show_nothing(ethylene: ProductCategory) -> None:
    first = new.company()
    for company in (first, *(new.company() for _ in range(3))):
        plant(company, ethylene, "1.5")
    sister = new.company(group=first.group)
    plant(sister, ethylene, "9")
    ledger.drain()
    assert Estimate.objects.get().groups == 4
    assert not Release.objects.exists()
    asking = new.actor(first)
    with acting_as(asking):
        (standing,) = standings(asking)
    assert (standing.own, standing.median, standing.position) == (pytest.approx(1.5), None, None)


def test_five_groups_show_a_rounded_median_to_those_who_contribute(ethylene: ProductCategory) -> None:
    companies = [new.company() for _ in range(5)]
    for company, kg in zip(companies, ("1.1", "1.3", "1.5", "1.7", "1.9"), strict=True):
        plant(company, ethylene, kg)
    ledger.drain()
    seen = {}
    for company in (*companies, new.company()):
        asking = new.actor(company)
        with acting_as(asking):
            seen[company.code] = [(s.median, s.position) for s in standings(asking)]
    expected = [Position.BELOW, Position.BELOW, Position.NEAR, Position.ABOVE, Position.ABOVE]
    assert [seen[company.code] for company in companies] == [[(1.5, position)] for position in expected]
    assert list(seen.values())[-1] == [(None, None)]


def test_a_release_moves_only_when_three_groups_did(ethylene: ProductCategory) -> None:
    emissions = [plant(new.company(), ethylene, kg) for kg in ("1.1", "1.3", "1.5", "1.7", "1.9")]
    ledger.drain()
    for count, line in enumerate(emissions[:3], start=1):
        Exchange.objects.filter(pk=line.pk).update(amount=Decimal("3000"))
        ledger.drain()
        assert (Release.objects.get().median == 1.5) is (count < 3)
    assert Estimate.objects.get().median == pytest.approx(2.68, abs=0.05)


def test_the_web_cannot_read_what_stands_behind_a_cell(ethylene: ProductCategory) -> None:
    asking = new.actor(new.company())
    for model in (Contribution, Estimate):
        with pytest.raises(ProgrammingError, match="permission denied"), acting_as(asking):
            list(model.objects.all())
    assert connection.needs_rollback is False
