"""Figures under a profile count while co-products are weighed by what the alliance accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.visibility import BENCHMARK_ROLE, acting_as, narrowed_to
from footprint.analysis.models import ProfileFigure
from footprint.benchmark.actions import join, settle
from footprint.benchmark.models import Contribution, Definition
from footprint.inventory import submissions
from footprint.inventory.models import Exchange, FrozenPrice, OutputPrice, Product, UnitProcess
from footprint.rules.models import MethodProfile, MethodProfileVersion, ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import AS_RECORDED, Office, profile
from tests.reviewing import Plant, carried, made_jointly, plant, settled

Q4 = datetime(2026, 10, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@dataclass
class Shared:
    """A plant whose two products share by mass, compared by price, by heating value and as recorded."""

    here: Plant
    process: UnitProcess
    lines: list[Exchange]
    by: dict[str, Definition]

    def values(self, name: str) -> list[float]:
        """What the comparison under a profile would be made of."""
        settled()
        with narrowed_to(BENCHMARK_ROLE):
            return [each.value for each in settle.parts_of(self.by[name])]


def method(code: str, tree: str) -> MethodProfileVersion:
    here = MethodProfile.objects.create(code=code, name_zh=code, name_en=code)
    given = {**AS_RECORDED, "allocation_tree": [tree], "digest": code, "substitution": "forbidden"}
    return MethodProfileVersion.objects.create(profile=here, number=1, **given)


@pytest.fixture
def shared() -> Shared:
    profiles = {"price": method("price", "economic"), "recorded": profile()}
    profiles["heat"] = method("heat", "physical")
    category, office = ProductCategory.objects.get(code="ethylene"), Office()
    by = {name: office.define(category, version, year=2025, at=Q4) for name, version in profiles.items()}
    here = plant()
    process, lines = made_jointly(here)
    Product.objects.filter(pk=here.product.pk).update(category=category, lhv_mj_per_unit=30)
    here.product.refresh_from_db()
    settled()
    carried(here)
    with acting_as(here.owner):
        join(here.product, by=here.owner)
    return Shared(here, process, lines, by)


def figure(at: Shared, name: str) -> float | None:
    """The live figure, as its owner's pages say it."""
    version = at.by[name].profile_version
    return ProfileFigure.objects.get(footprint=at.here.footprint, profile_version=version).kg_co2e


def test_a_price_that_nobody_accepted_takes_a_figure_by_price_out(shared: Shared) -> None:
    """The shares in force do not know it, nor does the digest; the figure under the profile moves."""
    assert [shared.values(name) for name in shared.by] == [[0.375], [0.75], [0.75]]
    digest = shared.here.footprint.input_digest
    prices = OutputPrice.objects.filter(exchange=shared.lines[0])
    prices.update(price=3)
    assert [shared.values(name) for name in shared.by] == [[], [0.75], [0.75]]
    assert not Contribution.objects.filter(definition=shared.by["price"]).exists()
    assert (figure(shared, "price"), shared.here.footprint.input_digest) == (0.75, digest), "it stays live"
    prices.update(price="1.00")
    assert shared.values("price") == [0.375], "as it was accepted again"
    prices.update(price=3)
    settled()
    carried(shared.here)
    assert shared.values("price") == [0.75], "accepted anew"


def forgotten(at: Shared) -> None:
    OutputPrice.objects.filter(exchange=at.lines[1]).delete()


def a_further_year(at: Shared) -> None:
    for line in at.lines:
        OutputPrice.objects.create(company=line.company, exchange=line, year=2024, price=9)


def other_years(at: Shared) -> None:
    UnitProcess.objects.filter(pk=at.process.pk).update(price_years="average")


def hotter(at: Shared) -> None:
    Product.objects.filter(pk=at.lines[1].product_id).update(lhv_mj_per_unit=20)


def lighter(at: Shared) -> None:
    Product.objects.filter(pk=at.lines[1].product_id).update(conversions={"m3": "2"})


@pytest.mark.parametrize(
    ("edit", "out"),
    [
        (forgotten, {"price"}), (a_further_year, {"price"}), (other_years, {"price"}),
        (hotter, {"price", "heat"}), (lighter, {"price", "heat"}),
    ],
)  # fmt: skip
def test_whatever_a_profile_may_weigh_by_has_to_be_as_accepted(
    shared: Shared, edit: Callable[[Shared], Any], out: set[str]
) -> None:
    edit(shared)
    assert {name for name in shared.by if not shared.values(name)} == out
    with acting_as(shared.here.owner):
        submission = submissions.submission_of(shared.here.owner, shared.here.inventory)
        assert submission is not None
        copy = submissions.latest_copy(shared.here.owner, submission)
        assert submissions.has_moved(shared.here.owner, submission, copy), "its page says so"


def test_what_a_supplier_weighs_by_has_to_be_as_it_was_accepted_where_it_was(shared: Shared) -> None:
    supplier = plant(shared.here.company, **shared.here.people)
    _, lines = made_jointly(supplier)
    new.takes(shared.process, supplier.product, "4", provider_product=supplier.product)
    settled()
    carried(shared.here)
    before = shared.values("price")
    prices = OutputPrice.objects.filter(exchange=lines[0])
    prices.update(price=2)
    after = shared.values("price")
    assert len(before) == len(after) == 1, "never accepted: it is live, as everything of it"
    assert after != before
    settled()
    carried(supplier)
    prices.update(price=3)
    assert shared.values("price") == []
    prices.update(price=2)
    assert shared.values("price") == after


def test_a_price_of_a_single_product_moves_nothing(shared: Shared) -> None:
    other = plant()
    Product.objects.filter(pk=other.product.pk).update(category=shared.here.product.category)
    other.product.refresh_from_db()
    settled()
    carried(other)
    with acting_as(other.owner):
        join(other.product, by=other.owner)
    made = Exchange.objects.get(process__inventory=other.inventory, product=other.product)
    OutputPrice.objects.create(company=other.company, exchange=made, year=2025, price=8)
    assert len(shared.values("price")) == 2


def test_prices_of_a_copy_stay_and_no_reviewer_reads_them(shared: Shared) -> None:
    kept = FrozenPrice.objects.filter(company=shared.here.company)
    assert sorted(kept.values_list("line", "year", "price", "currency")) == sorted(
        (line.uuid, 2025, Decimal(price), "CNY") for line, price in zip(shared.lines, (1, 3), strict=True)
    )
    assert not FrozenPrice.objects.visible_to(shared.here.steward).exists()
    with acting_as(shared.here.steward):
        assert not FrozenPrice.objects.exists()
    for change in ({"price": 2}, {"year": 2020}):
        with pytest.raises(DatabaseError, match="keeps what it was made with"), transaction.atomic():
            kept.update(**change)
    with pytest.raises(DatabaseError, match="never removed"), transaction.atomic():
        kept.delete()
