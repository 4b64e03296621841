"""Products, inventories, processes, shares, prices, grants: stored or refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.timezone import localdate
from django.utils.translation import override

from accounts.actions import add_site, change_site
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals, Stale
from accounts.models import Company, Site
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory import actions
from footprint.inventory.actions import Share
from footprint.inventory.models import Exchange, Inventory, OutputPrice, Product, ProductGrant, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db


@dataclass
class Member:
    company: Company
    owner: Actor
    site: Site
    inventory: Inventory
    refinery: UnitProcess
    gasoline: Product
    diesel: Product
    made: list[Exchange]


@pytest.fixture
def member() -> Iterator[Member]:
    company = new.company()
    site = new.site(company)
    inventory = new.inventory(site, 2024)
    refinery = new.process(inventory, "refinery")
    gasoline, diesel = new.product(company, "gasoline", "t"), new.product(company, "diesel", "t")
    made = [new.output(refinery, gasoline, "60", is_reference=True), new.output(refinery, diesel, "40")]
    owner = new.actor(company)
    with acting_as(owner), override("en"):
        yield Member(company, owner, site, inventory, refinery, gasoline, diesel, made)


def test_add_a_product(member: Member) -> None:
    product = actions.add_product(
        member.company,
        by=member.owner,
        code="LPG-1",
        unit="吨",
        name_zh="液化气",
        conversions={"MJ": "50000"},
    )
    assert (product.unit, product.conversions) == ("t", {"MJ": "50000"})


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"code": "gasoline"}, "code", "duplicate_code"),
        ({"code": "a b"}, "code", "invalid_code"),
        ({"code": "x" * 81}, "code", "too_long"),
        ({"unit": "stone"}, "unit", "unknown_unit"),
        ({"name_zh": "", "name_en": " "}, "name_zh", "required"),
        ({"name_zh": "a\x00b"}, "name_zh", "invalid_text"),
        ({"category": "unobtainium"}, "category", "not_found"),
        ({"lhv_mj_per_unit": "-3"}, "lhv_mj_per_unit", "not_positive"),
        ({"carbon_fraction": "1.2"}, "carbon_fraction", "not_a_fraction"),
        ({"conversions": {"kg": "0"}}, "conversions", "duplicate_conversion"),
        ({"conversions": {"m3": "0"}}, "conversions", "not_positive"),
        ({"conversions": ["m3"]}, "conversions", "not_a_mapping"),
        ({"external_uuid": "123"}, "external_uuid", "not_a_uuid"),
    ],
)
def test_a_product_that_cannot_be(member: Member, given: dict[str, Any], field: str, code: str) -> None:
    whole = {"code": "new", "unit": "t", "name_zh": "新", **given}
    with pytest.raises(Refusal) as refused:
        actions.add_product(member.company, by=member.owner, **whole)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_product_in_use_keeps_its_dimension(member: Member) -> None:
    with pytest.raises(Refusal) as refused:
        actions.change_product(member.gasoline, by=member.owner, version=1, unit="m3")
    assert (refused.value.field, refused.value.code) == ("unit", "product_in_use")
    changed = actions.change_product(
        Product.objects.get(pk=member.gasoline.pk), by=member.owner, version=1, unit="kg"
    )
    assert (changed.unit, changed.version) == ("kg", 2)


def test_a_product_somebody_else_changed(member: Member) -> None:
    with pytest.raises(Stale):
        actions.change_product(member.gasoline, by=member.owner, version=7, name_en="Petrol")


def test_add_an_inventory(member: Member) -> None:
    added = actions.add_inventory(
        member.site, by=member.owner, period_start="2025-01-01", period_end="2025-12-31"
    )
    assert added.year == 2025


@pytest.mark.parametrize(
    ("start", "end", "field", "code"),
    [
        ("2024-12-31", "2025-12-30", "period_start", "overlapping_period"),
        ("2025-12-31", "2025-01-01", "period_end", "reversed_period"),
        ("2025-02-30", "2025-12-31", "period_start", "not_a_day"),
        ("1025-01-01", "2025-12-31", "period_start", "absurd_period"),
    ],
)
def test_a_period_that_cannot_be(member: Member, start: str, end: str, field: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        actions.add_inventory(member.site, by=member.owner, period_start=start, period_end=end)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_the_database_finds_an_overlap_too(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people at once: the check before the write sees nothing, the constraint does."""
    monkeypatch.setattr("footprint.inventory.actions.inventory._check_period", lambda inventory: None)
    with pytest.raises(Refusal) as refused:
        actions.add_inventory(
            member.site, by=member.owner, period_start=date(2024, 6, 1), period_end=date(2025, 5, 31)
        )
    assert refused.value.code == "overlapping_period"
    assert Inventory.objects.count() == 1


def test_change_a_period(member: Member) -> None:
    changed = actions.change_inventory(
        member.inventory, by=member.owner, version=1, period_end="2024-06-30", title="First half"
    )
    assert (changed.title, changed.version) == ("First half", 2)


def test_add_a_process(member: Member) -> None:
    process = actions.add_process(member.inventory, by=member.owner, code="fcc", name_en="Cracker")
    assert process.allocation_method == "none"
    with pytest.raises(Refusal) as refused:
        actions.add_process(member.inventory, by=member.owner, code="fcc", name_en="Cracker")
    assert refused.value.code == "duplicate_code"


def test_allocation_methods(member: Member) -> None:
    refinery = actions.change_process(member.refinery, by=member.owner, version=1, allocation_method="mass")
    for method, code in (("energy", "no_basis"), ("none", "method_needed"), ("declared", "shares_missing")):
        with pytest.raises(Refusal) as refused:
            actions.change_process(
                UnitProcess.objects.get(pk=refinery.pk), by=member.owner, version=2, allocation_method=method
            )
        assert (refused.value.field, refused.value.code) == ("allocation_method", code)


def test_shares(member: Member) -> None:
    process = actions.set_allocation_shares(
        member.refinery,
        by=member.owner,
        version=1,
        shares=[Share(member.gasoline, "0.7"), Share(member.diesel.uuid, "0.3")],
    )
    assert (process.allocation_method, process.allocation_set, process.version) == ("declared", "declared", 2)
    assert process.allocation_shares.get(product=member.diesel).share == Decimal("0.3")


def test_shares_by_line(member: Member) -> None:
    emission = new.emits(member.refinery, "5")
    shares = [Share(member.gasoline, "1", emission), Share(member.diesel, "0", emission.uuid)]
    process = actions.set_allocation_shares(member.refinery, by=member.owner, version=1, shares=shares)
    assert process.allocation_method == "causal"


def test_no_line_is_left_without_shares(member: Member) -> None:
    emission = new.emits(member.refinery, "5")
    steam = new.takes(member.refinery, None, "3", "t", flow_name="steam")
    lines = [Share(member.gasoline, "1", emission), Share(member.diesel, "0", emission)]
    with pytest.raises(Refusal) as refused:
        actions.set_allocation_shares(member.refinery, by=member.owner, version=1, shares=lines)
    assert (refused.value.field, refused.value.code) == ("shares", "line_left_out")
    assert str(refused.value.message).startswith("steam has no shares.")
    assert not member.refinery.allocation_shares.exists()
    common = [Share(member.gasoline, "0.6"), Share(member.diesel, "0.4")]
    process = actions.set_allocation_shares(
        member.refinery, by=member.owner, version=1, shares=[*lines, *common]
    )
    assert process.allocation_method == "causal"
    own = [Share(member.gasoline, "0", steam), Share(member.diesel, "1", steam)]
    actions.set_allocation_shares(member.refinery, by=member.owner, version=2, shares=[*lines, *own])
    assert process.allocation_shares.count() == 4


@pytest.mark.parametrize(
    ("gasoline", "diesel", "code"),
    [
        ("0.7", "0.2", "shares_do_not_sum"),
        ("1.2", "-0.2", "not_a_share"),
        ("0.7", "x", "not_a_number"),
        ("1", None, "missing_coproduct"),
    ],
)
def test_shares_that_cannot_be(member: Member, gasoline: str, diesel: str | None, code: str) -> None:
    shares = [Share(member.gasoline, gasoline)]
    if diesel is not None:
        shares.append(Share(member.diesel, diesel))
    with pytest.raises((Refusal, Refusals)) as refused:
        actions.set_allocation_shares(member.refinery, by=member.owner, version=1, shares=shares)
    found = getattr(refused.value, "refusals", [refused.value])
    assert code in {refusal.code for refusal in found}
    assert not member.refinery.allocation_shares.exists()


def test_a_share_of_what_is_not_made(member: Member) -> None:
    shares = [Share(member.gasoline, "1"), Share(new.product(member.company), "0")]
    with pytest.raises(Refusal) as refused:
        actions.set_allocation_shares(member.refinery, by=member.owner, version=1, shares=shares)
    assert (refused.value.row, refused.value.code) == (2, "not_found")


def test_prices(member: Member) -> None:
    actions.set_price(member.made[0], by=member.owner, year=2024, price="8000")
    actions.set_price(member.made[0], by=member.owner, year=2024, price="8100.5")
    assert OutputPrice.objects.get().price == Decimal("8100.5")
    with pytest.raises(Refusal) as refused:
        actions.set_price(member.made[1], by=member.owner, year=2024, price="7000", currency="USD")
    assert refused.value.code == "mixed_currencies"
    with pytest.raises(Refusal) as refused:
        actions.set_price(member.made[1], by=member.owner, year=2024, price="-7000")
    assert (refused.value.field, refused.value.code) == ("price", "negative_price")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "A price must not be negative."), ("zh-hans", "价格不能为负。")]
)
def test_a_negative_price_is_no_negative_amount(member: Member, language: str, said: str) -> None:
    """Credits, which the amounts' sentence speaks of, have nothing to do with it."""
    line = member.made[0]
    for enter in (actions.set_price, actions.put_price):
        with pytest.raises(Refusal) as refused, override(language):
            enter(line, by=member.owner, year=2024, price="-7000")
        assert str(refused.value.message).startswith(said)
    actions.put_price(line, by=member.owner, year=2024, price="0")
    assert OutputPrice.objects.get().price == 0


def test_grants(member: Member) -> None:
    with acting_as(Actor.worker()):
        partner = new.company()
        buyer = new.actor(partner)
    with acting_as(buyer):
        assert not Product.objects.visible_to(buyer).exists()
    grant = actions.grant_product(member.gasoline, by=member.owner, recipient=partner.uuid)
    with acting_as(buyer):
        assert Product.objects.visible_to(buyer).get() == member.gasoline
    actions.end_grant(grant, by=member.owner)
    with acting_as(buyer):
        assert not Product.objects.visible_to(buyer).exists()
        assert not Product.objects.exists()


def test_both_locks_open_a_grant_until_the_end_of_its_last_day_here(member: Member) -> None:
    with acting_as(Actor.worker()):
        partner = new.company()
        buyer = new.actor(partner)
    grant = actions.grant_product(member.gasoline, by=member.owner, recipient=partner.uuid)
    for day, is_open in ((localdate(), True), (localdate() - timedelta(days=1), False)):
        with acting_as(member.owner):
            ProductGrant.objects.filter(pk=grant.pk).update(ends_on=day)
        with acting_as(buyer):
            assert Product.objects.exists() is is_open, "row-level security"
            assert ProductGrant.objects.in_force().exists() is is_open, "the application"
            assert Product.objects.visible_to(buyer).exists() is is_open


def test_grants_that_cannot_be(member: Member) -> None:
    with pytest.raises(Refusal) as refused:
        actions.grant_product(member.gasoline, by=member.owner, recipient=member.company)
    assert refused.value.code == "own_company"
    with acting_as(Actor.worker()):
        partner = new.company()
    with pytest.raises(Refusal) as refused:
        actions.grant_product(member.gasoline, by=member.owner, recipient=partner, ends_on="2020-01-01")
    assert refused.value.code == "day_past"
    assert not ProductGrant.objects.exists()


def test_sites(member: Member) -> None:
    site = add_site(member.company, by=member.owner, code="north", name_zh="北厂", province="CN-NM")
    assert change_site(site, by=member.owner, name_en="North").name_en == "North"
    for given, field in (({"code": "north"}, "code"), ({"code": "s", "province": "CN-XX"}, "province")):
        with pytest.raises(Refusal) as refused:
            add_site(member.company, by=member.owner, name_zh="厂", **given)
        assert refused.value.field == field


def test_who_may_not(member: Member) -> None:
    with acting_as(Actor.worker()):
        approver = new.actor(member.company, Role.APPROVER)
        stranger = new.actor(new.company())
    for by in (approver, stranger):
        for refused in (
            lambda by=by: add_site(member.company, by=by, code="x", name_zh="x"),
            lambda by=by: actions.add_product(member.company, by=by, code="x", unit="t", name_zh="x"),
            lambda by=by: actions.add_process(member.inventory, by=by, code="x", name_zh="x"),
            lambda by=by: actions.add_inventory(
                member.site, by=by, period_start="2020-01-01", period_end="2020-12-31"
            ),
            lambda by=by: actions.set_price(member.made[0], by=by, year=2024, price=1),
            lambda by=by: actions.grant_product(member.gasoline, by=by, recipient=member.company),
        ):
            with pytest.raises(NotAllowed):
                refused()
