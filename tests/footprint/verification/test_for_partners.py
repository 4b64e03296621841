"""Partners learn that a footprint was verified: another footprint of the same publication says so."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Company
from accounts.roles import Role
from footprint.calculation.ledger import drain
from footprint.inventory.models import Product
from footprint.partners import actions
from footprint.partners.models import Connection, Delivery, OfferedFootprint, Receipt
from footprint.partners.pact.checking import schema_findings
from tests import builders as new
from tests.reviewing import carried, plant, published
from tests.verifying import Scene


@pytest.fixture
def rules(db: None) -> None:
    call_command("load_rules", verbosity=0)


CALLED = {"base_url": "https://partner.example", "callback_id": "us", "callback_secret": "x"}


def complete_scene() -> Scene:
    """With a product that lacks nothing for PACT."""
    made = plant()
    Product.objects.filter(pk=made.product.pk).update(carbon_fraction="0.75", biogenic_carbon_fraction="0")
    drain()
    carried(made)
    publication = published(made, "alliance")
    body = new.company(kind=Company.Kind.VERIFIER)
    return Scene(made, publication, body, new.person(body, Role.VERIFIER))


def offered(scene: Scene) -> QuerySet[OfferedFootprint]:
    """Of this company: other tests of the package may keep a publication beside it."""
    return OfferedFootprint.objects.filter(company=scene.plant.company)


def told() -> list[str]:
    return [one for each in Delivery.objects.order_by("pk") for one in json.loads(each.body)["data"]["pfIds"]]


def test_a_statement_and_its_revocation_make_another_footprint(rules: None) -> None:
    scene = complete_scene()
    actions.offer_waiting(at=timezone.now())
    first = offered(scene).get()
    assert first.is_served, first.lacks
    by, company = scene.owner, scene.plant.company
    made = actions.request_connection(company, by=by, name="Partner", **CALLED)
    actions.approve_connection(made, by=by, at=timezone.now())
    actions.grant_footprints(Connection.objects.get(), by=by, at=timezone.now(), level="total")
    Receipt.objects.create(company=company, connection=made, footprint=first)
    statement = scene.through()
    actions.offer_waiting(at=timezone.now())
    second = offered(scene).latest("pk")
    first.refresh_from_db()
    document = json.loads(second.document)
    assert (first.status, second.status, document["precedingPfIds"]) == (
        "Deprecated",
        "Active",
        [str(first.uuid)],
    )
    assert document["pcf"]["verification"]["providerName"] == scene.body.name_en
    assert document["pcf"]["verification"]["coverage"] == "product level"
    assert schema_findings(document) == []
    assert told() == [str(first.uuid), str(second.uuid)]
    assert actions.offer_waiting(at=timezone.now()) == 0
    scene.moved(statement.engagement, "revoke", reason="a wrong meter")
    actions.offer_waiting(at=timezone.now())
    third = offered(scene).latest("pk")
    assert third.pk != second.pk
    assert "verification" not in json.loads(third.document)["pcf"]


def test_an_adverse_opinion_verifies_nothing(rules: None) -> None:
    scene = complete_scene()
    actions.offer_waiting(at=timezone.now())
    scene.through(outcome="adverse")
    actions.offer_waiting(at=timezone.now())
    assert offered(scene).count() == 1
