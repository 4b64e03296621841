"""Prices of output lines over REST: by year, from a version of the line, never told to others."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from footprint.calculation.ledger import drain
from footprint.calculation.models import Footprint
from footprint.inventory.models import Exchange, OutputPrice
from tests import builders as new
from tests.api.conftest import World, machine_of
from tests.chains import entries


@pytest.fixture
def owner(world: World) -> Client:
    client = Client()
    client.force_login(new.person(world.company, Role.OWNER))
    return client


@pytest.fixture
def second(world: World) -> Exchange:
    """A co-product of the cracker, half as much as the ethylene."""
    return new.output(world.cracker, new.product(world.company, "propylene", "t"), "250")


def faults(reply: Any) -> list[tuple[str, str]]:
    return [(fault["field"], fault["code"]) for fault in reply.json()["errors"]]


def test_prices_are_set_listed_and_removed(world: World, owner: Client) -> None:
    place = f"exchanges/{world.made.uuid}/prices/"
    told = world.erp.put(f"{place}2024/", {"price": "8100.50", "currency": "USD"}, 1)
    assert (told.status_code, told.headers["ETag"]) == (200, '"2"')
    assert told.json() == {"year": 2024, "price": "8100.50", "currency": "USD", "unit": "t"}
    again = world.erp.put(f"{place}2024/", {"price": "8200.5"}, 2)
    assert (again.json()["price"], again.json()["currency"]) == ("8200.5", "USD")
    world.erp.put(f"{place}2025/", {"price": 9}, 3)
    listed = owner.get(f"/api/v1/{place}")
    assert [(each["year"], each["price"]) for each in listed.json()] == [(2025, "9"), (2024, "8200.5")]
    assert (
        listed.headers["ETag"] == owner.get(f"/api/v1/exchanges/{world.made.uuid}/").headers["ETag"] == '"4"'
    )
    gone = world.erp.delete(f"{place}2024/", 4)
    assert (gone.status_code, gone.headers["ETag"]) == (204, '"5"')
    assert [each["year"] for each in owner.get(f"/api/v1/{place}").json()] == [2025]
    told = entries(world.company, subject="inventory_outputprice")
    assert [one.action for one in told] == ["added", "changed", "added", "removed"]
    assert "8200.5" not in str([one.facts for one in told])


def test_a_price_is_set_from_the_version_that_was_read(world: World) -> None:
    place = f"exchanges/{world.made.uuid}/prices/2024/"
    world.erp.put(place, {"price": "1"}, 1)
    for reply in (world.erp.put(place, {"price": "2"}, 1), world.erp.delete(place, 1)):
        assert (reply.status_code, reply.json()["errors"][0]["code"]) == (412, "stale")
    assert str(OutputPrice.objects.get().price) == "1"


@pytest.mark.parametrize(
    ("year", "body", "fault"),
    [
        (2024, {"price": "-1"}, ("price", "negative_price")),
        (2024, {"price": "much"}, ("price", "not_a_number")),
        (2024, {}, ("price", "required")),
        (1066, {"price": "1"}, ("year", "absurd_period")),
        (2024, {"price": "1", "currency": "yen"}, ("currency", "unknown_currency")),
        (2024, {"price": "1", "year": 2023}, ("year", "unknown_field")),
    ],
)
def test_what_is_wrong_is_told_by_field(
    world: World, year: int, body: dict[str, Any], fault: tuple[str, str]
) -> None:
    reply = world.erp.put(f"exchanges/{world.made.uuid}/prices/{year}/", body, 1)
    assert (reply.headers["Content-Type"], faults(reply)) == ("application/problem+json", [fault])
    assert not OutputPrice.objects.exists()
    world.made.refresh_from_db()
    assert world.made.version == 1


def test_one_currency_for_all_products_and_years(world: World, second: Exchange) -> None:
    world.erp.put(f"exchanges/{world.made.uuid}/prices/2024/", {"price": "1", "currency": "EUR"}, 1)
    for line, year, version in ((second, 2024, 1), (world.made, 2025, 2)):
        path = f"exchanges/{line.uuid}/prices/{year}/"
        reply = world.erp.put(path, {"price": "1", "currency": "USD"}, version)
        assert (reply.status_code, faults(reply)) == (422, [("currency", "mixed_currencies")])
    assert (
        world.erp.put(f"exchanges/{second.uuid}/prices/2024/", {"price": "1"}, 1).json()["currency"] == "EUR"
    )


def test_only_what_a_process_makes_has_a_price_and_only_a_price_is_removed(world: World) -> None:
    reply = world.erp.put(f"exchanges/{world.feed.uuid}/prices/2024/", {"price": "1"}, 1)
    assert (reply.status_code, faults(reply)) == (422, [("exchange", "not_an_output")])
    for year in (2024, 99999):
        reply = world.erp.delete(f"exchanges/{world.made.uuid}/prices/{year}/", 1)
        assert (reply.status_code, faults(reply)) == (404, [("year", "not_found")])
    world.made.refresh_from_db()
    assert world.made.version == 1


def test_a_price_moves_the_figures(world: World, second: Exchange) -> None:
    type(world.cracker).objects.filter(pk=world.cracker.pk).update(allocation_method="economic")
    world.erp.put(f"exchanges/{world.made.uuid}/prices/2025/", {"price": "100"}, 1)
    world.erp.put(f"exchanges/{second.uuid}/prices/2025/", {"price": "100"}, 1)
    drain()
    shares = Footprint.objects.filter(process=world.cracker)
    assert shares.get(product=world.ethylene).share == pytest.approx(2 / 3)
    world.erp.put(f"exchanges/{second.uuid}/prices/2025/", {"price": "200"}, 2)
    drain()
    assert shares.get(product=world.ethylene).share == pytest.approx(1 / 2)


def test_who_may_not_see_prices_is_told_so_and_strangers_nothing(world: World, owner: Client) -> None:
    """The member was opened the supplier's product: its total, not its line, and no price."""
    theirs = Exchange.objects.get(product=world.offered, direction="output")
    OutputPrice.objects.create(company=world.supplier, exchange=theirs, year=2025, price="731.25")
    place = f"exchanges/{world.made.uuid}/prices/"
    assert world.erp.get(place).status_code == 403
    stranger = machine_of(new.company("stranger"))
    for line, asker in ((theirs, world.erp), (world.made, stranger)):
        path = f"exchanges/{line.uuid}/prices/"
        for reply in (
            asker.get(path),
            asker.put(f"{path}2025/", {"price": "1"}, 1),
            asker.delete(f"{path}2025/", 1),
        ):
            assert reply.status_code == 404
            assert b"731.25" not in reply.content
    assert owner.get(f"/api/v1/exchanges/{theirs.uuid}/prices/").status_code == 404
    assert str(OutputPrice.objects.get().price) == "731.25"
