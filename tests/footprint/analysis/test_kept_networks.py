"""What is kept of a network: found again by whoever it belongs to, and only while nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.analysis import kept_networks
from footprint.calculation.ledger import drain
from footprint.calculation.own_network import OwnNetwork
from footprint.inventory.models import Exchange, Product, ProductGrant
from tests import builders as new
from tests.footprint.analysis.conftest import Plant


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    kept_networks.forget()
    yield
    kept_networks.forget()


def asked(actor: Actor) -> OwnNetwork:
    with acting_as(actor):
        return kept_networks.kept_network(actor)


def test_the_same_network_until_a_figure_moves(plant: Plant) -> None:
    owner = plant.actor
    first = asked(owner)
    assert asked(owner) is first
    Exchange.objects.filter(pk=plant.feed.pk).update(amount=Decimal(150))
    assert asked(owner) is first, "nothing is settled yet"
    drain()
    second = asked(owner)
    assert second is not first
    assert asked(owner) is second


def test_another_name_or_grant_is_another_network(plant: Plant) -> None:
    owner = plant.actor
    first = asked(owner)
    Product.objects.filter(pk=plant.steam.pk).update(name_en="HP steam", version=2)
    named = asked(owner)
    assert named is not first
    ProductGrant.objects.filter(product=plant.naphtha).delete()
    assert asked(owner) is not named


def test_nobody_gets_what_another_one_kept(plant: Plant) -> None:
    owner, colleague, stranger = plant.actor, plant.actor, new.actor(new.company("other"))
    first = asked(owner)
    assert asked(colleague) is not first
    assert asked(stranger).columns == 0
    partner = asked(new.actor(plant.partner))
    assert {node.key for node in partner.nodes[: partner.columns]}.isdisjoint(
        {node.key for node in first.nodes[: first.columns]}
    )


def test_few_are_kept(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_networks, "MOST", 2)
    owner = plant.actor
    first = asked(owner)
    for _ in range(2):
        asked(plant.actor)
    assert asked(owner) is not first
