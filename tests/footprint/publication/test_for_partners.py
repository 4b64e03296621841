"""What was published reaches partners as PACT states it, and what ended is deprecated there."""

from __future__ import annotations

import json
from decimal import Decimal

from django.utils import timezone

from footprint.inventory.models import Product
from footprint.partners import actions
from footprint.partners.models import Connection, Delivery, OfferedFootprint, Receipt
from footprint.partners.pact.checking import Severity, findings
from footprint.publication.actions import move_publication
from footprint.publication.signing import private_key, public_part, verify
from footprint.rules.models import ProductCategory
from tests.reviewing import Plant, published

LATER = {"base_url": "https://partner.example", "callback_id": "us", "callback_secret": "x"}


def brought(here: Plant) -> OfferedFootprint:
    publication = published(here, "alliance")
    actions.offer_waiting(at=timezone.now())
    return OfferedFootprint.objects.get(publication=publication)


def test_what_is_lacking_is_named_and_keeps_it_from_being_served(here: Plant) -> None:
    row = brought(here)
    assert not row.is_served
    assert "fossilCarbonContent" in row.lacks


def test_a_publication_is_stated_whole_and_deprecated_at_its_end(here: Plant) -> None:
    category = ProductCategory.objects.exclude(cpc_code="").first()
    Product.objects.filter(pk=here.product.pk).update(
        carbon_fraction="0.75", biogenic_carbon_fraction="0", category=category
    )
    here.product.refresh_from_db()
    publication = published(here, "alliance")
    actions.offer_waiting(at=timezone.now())
    row = OfferedFootprint.objects.get(publication=publication)
    assert (row.lacks, row.is_served, row.uuid) == ([], True, publication.uuid)
    document = json.loads(row.document)
    assert [each for each in findings(document) if each.severity is not Severity.METHOD] == []
    figure = next(each for each in publication.content["byProfile"] if each["profile"].startswith("pact"))
    stated = document["pcf"]["pcfExcludingBiogenicUptake"]
    assert Decimal(stated) == Decimal(figure["excludingBiogenicUptake"])
    signed = document["extensions"][0]["data"]["jws"]
    assert verify(signed, public_part(private_key())) == publication.content

    by = here.owner
    connection = actions.request_connection(here.company, by=by, name="Partner", **LATER)
    actions.approve_connection(connection, by=by, at=timezone.now())
    connection = Connection.objects.get()
    Receipt.objects.create(company=here.company, connection=connection, footprint=row)
    move_publication(publication, "withdraw", by=here.approver, at=timezone.now(), reason="wrong")
    actions.offer_waiting(at=timezone.now())
    row.refresh_from_db()
    assert (row.status, json.loads(row.document)["status"]) == ("Deprecated", "Deprecated")
    assert json.loads(Delivery.objects.get().body)["data"] == {"pfIds": [str(row.uuid)]}


def test_what_is_private_goes_to_nobody(here: Plant) -> None:
    published(here, "private")
    actions.offer_waiting(at=timezone.now())
    assert not OfferedFootprint.objects.exists()
