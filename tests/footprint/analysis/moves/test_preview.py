"""A line while it is being typed: what saving it would give, the band and the balance; nothing is stored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.errors import Refusal
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.analysis.levers import Lever
from footprint.analysis.preview import Preview, preview
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.inventory.actions import change_exchange, change_process
from footprint.inventory.models import Exchange, Product
from footprint.inventory.queries import line as found_line
from tests import builders as new
from tests.footprint.analysis.moves.conftest import Plant

pytestmark = pytest.mark.django_db


def previewed(plant: Plant, line: Exchange, **stated: Any) -> Preview:
    with acting_as(plant.owner):
        row = found_line(plant.owner, line.uuid)
        assert row is not None
        return preview(plant.owner, row, Lever(line.uuid, **stated))


def saved(plant: Plant, line: Exchange, **stated: Any) -> dict[str, float]:
    row = Exchange.objects.select_related("process__inventory").get(pk=line.pk)
    change_exchange(row, by=plant.owner, version=None, **stated)
    drain()
    rows = Footprint.objects.filter(process_id=line.process_id).select_related("product")
    return {row.product.code: float(row.kg_co2e_ar6 or 0) for row in rows}


@pytest.mark.parametrize("which", ["feed", "made", "power", "steam_to_turbine"])
def test_it_foretells_what_saving_gives(plant: Plant, which: str) -> None:
    line: Exchange = getattr(plant, which)
    told = previewed(plant, line, amount=line.amount * Decimal("1.3"))
    assert any(each.change for each in told.figures)
    after = saved(plant, line, amount=line.amount * Decimal("1.3"))
    assert {each.node.code: each.after for each in told.figures} == pytest.approx(after, rel=1e-9)


def test_another_provider_is_foretold(plant: Plant) -> None:
    told = previewed(plant, plant.feed, provider=("provider_product", plant.greener.uuid))
    after = saved(plant, plant.feed, provider_product=plant.greener)
    assert {each.node.code: each.after for each in told.figures} == pytest.approx(after, rel=1e-9)


def test_the_band_ends_where_the_other_method_would(plant: Plant) -> None:
    for code, lhv in (("ethylene", 47000), ("propylene", 12000)):
        Product.objects.filter(code=code, company=plant.company).update(lhv_mj_per_unit=lhv)
    drain()
    told = previewed(plant, plant.feed, amount=Decimal(150))
    bands = {each.node.code: each.band for each in told.figures}
    saved(plant, plant.feed, amount=Decimal(150))
    plant.cracker.refresh_from_db()
    change_process(plant.cracker, by=plant.owner, version=None, allocation_method="energy")
    by_energy = saved(plant, plant.feed, comment="as before")
    for each in told.figures:
        band = bands[each.node.code]
        assert band is not None
        assert band[0] < band[1]
        assert sorted((each.after, by_energy[each.node.code])) == pytest.approx(list(band), rel=1e-9)


def test_the_balance_is_that_of_the_line_as_it_is_typed(plant: Plant) -> None:
    Product.objects.filter(company=plant.company, unit="t").update(carbon_fraction=Decimal("0.857"))
    gaps = []
    for amount in ("100", "200"):
        balance = previewed(plant, plant.feed, amount=Decimal(amount)).balance
        assert balance is not None
        gaps.append(balance.bases[0].gap)
    assert gaps[0] < gaps[1]
    assert Exchange.objects.get(pk=plant.feed.pk).amount == 140


def test_what_saving_would_refuse_is_refused(plant: Plant) -> None:
    with pytest.raises(Refusal):
        previewed(plant, plant.made, amount=Decimal(0))


def test_the_fragment_tells_members_and_nobody_else(plant: Plant) -> None:
    client = Client()
    client.force_login(new.person(plant.company, Role.OWNER))
    client.cookies["django_language"] = "en"
    address = f"/exchanges/{plant.feed.uuid}/preview/"
    page = client.get(address, {"amount": "182"}).content.decode()
    assert "ethylene" in page
    assert "+" in page
    assert client.get(address, {"amount": "182000 kg"}).content.decode() == page
    assert "not a number" in client.get(address, {"amount": "much"}).content.decode()
    assert "once the line is saved" in client.get(address, {"amount": "5 kWh"}).content.decode()
    client.force_login(new.person(plant.partner, Role.OWNER))
    assert client.get(address, {"amount": "1"}).status_code == 404
