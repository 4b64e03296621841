"""What was published reaches partners as PACT states it, and what ended is deprecated there."""

from __future__ import annotations

import json
from decimal import Decimal
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.calculation.ledger import drain
from footprint.inventory.actions import change_product
from footprint.inventory.models import Product
from footprint.partners import actions
from footprint.partners.actions.offering import store
from footprint.partners.models import Connection, Delivery, OfferedFootprint, Receipt
from footprint.partners.pact.checking import Severity, findings
from footprint.partners.stating import state
from footprint.publication.signing import private_key, public_part, verify
from tests import builders as new
from tests.reviewing import Plant, carried, changed, published, republished, settled

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
    publication = published(here, "alliance")
    known = {"carbonFraction": "0.75", "biogenicCarbonFraction": "0", "cpc": "33421"}
    content = {**publication.content, "product": {**publication.content["product"], **known}}
    assert publication.published_at is not None
    stated = state(
        content, jws=publication.jws, published_at=publication.published_at, public_url="https://host.example"
    )
    assert stated.lacks == []
    document = stated.document
    assert [each for each in findings(document) if each.severity is not Severity.METHOD] == []
    figure = next(each for each in content["byProfile"] if each["profile"].startswith("pact"))
    told = document["pcf"]["pcfExcludingBiogenicUptake"]
    assert Decimal(told) == Decimal(figure["excludingBiogenicUptake"])
    assert document["pcf"]["allocationRulesDescription"] == "no allocation, as the PACT methodology orders"
    assert verify(document["extensions"][0]["data"]["jws"], public_part(private_key())) == publication.content

    with acting_as(Actor.worker()):
        row = store(document, company_id=here.company.pk, product_id=here.product.pk, publication=publication)
    by = here.owner
    connection = actions.request_connection(here.company, by=by, name="Partner", **LATER)
    actions.approve_connection(connection, by=by, at=timezone.now())
    Receipt.objects.create(company=here.company, connection=Connection.objects.get(), footprint=row)
    republished(here, publication, "withdraw", reason="wrong")
    actions.offer_waiting(at=timezone.now())
    row.refresh_from_db()
    assert (row.status, json.loads(row.document)["status"]) == ("Deprecated", "Deprecated")
    assert json.loads(Delivery.objects.get().body)["data"] == {"pfIds": [str(row.uuid)]}


def test_what_is_left_out_is_described_to_partners(here: Plant) -> None:
    """In the words of the lines that estimate it, whole and not for a total."""
    for comment, kg in (("Catalyst,\nbelow 1 %", "0.5"), ("", "0.1")):
        catalyst = new.product(here.company)
        new.takes(here.line.process, catalyst, "1", comment=comment, exempted_kg_co2e=kg)
    settled()
    publication = published(here, "alliance")
    assert publication.content["exemptedDescription"] == "Catalyst, below 1 %"
    assert publication.published_at is not None
    stated = state(
        publication.content,
        jws=publication.jws,
        published_at=publication.published_at,
        public_url="https://host.example",
    )
    assert stated.document["pcf"]["exemptedEmissionsDescription"] == "Catalyst, below 1 %"


def test_the_extension_says_by_which_schema_it_is_valid(here: Plant) -> None:
    publication = published(here, "alliance")
    assert publication.published_at is not None
    stated = state(
        publication.content,
        jws=publication.jws,
        published_at=publication.published_at,
        public_url="https://host.example",
    )
    extension = stated.document["extensions"][0]
    reply = Client().get(urlsplit(extension["dataSchema"]).path)
    assert reply.headers["Content-Type"] == "application/schema+json"
    schema = Draft202012Validator(reply.json())
    schema.check_schema(reply.json())
    assert schema.is_valid(extension["data"])
    assert not schema.is_valid({**extension["data"], "jws": "unsigned"})
    assert not schema.is_valid({"jws": extension["data"]["jws"]})


def test_who_received_a_version_is_told_of_the_next_one_if_it_is_open_to_them(here: Plant) -> None:
    Product.objects.filter(pk=here.product.pk).update(carbon_fraction="0.75", biogenic_carbon_fraction="0")
    drain()
    first = brought(here)
    assert first.is_served, first.lacks
    by = here.owner
    grants = {}
    for name in ("follows", "not any more"):
        made = actions.request_connection(here.company, by=by, name=name, **LATER)
        made = actions.approve_connection(made, by=by, at=timezone.now()).connection
        grants[name] = actions.grant_footprints(made, by=by, at=timezone.now(), product=here.product)
        Receipt.objects.create(company=here.company, connection=made, footprint=first)
    actions.end_grant(grants["not any more"], by=by, at=timezone.now())
    changed(here, 4)
    carried(here)
    second = brought(here)
    told = [(each.connection.name, json.loads(each.body)["data"]["pfIds"]) for each in Delivery.objects.all()]
    assert [name for name, ids in told if ids == [str(second.uuid)]] == ["follows"]
    assert sorted(name for name, ids in told if ids == [str(first.uuid)]) == ["follows", "not any more"]


def test_of_a_next_one_that_cannot_be_served_nobody_is_told(here: Plant) -> None:
    first = brought(here)
    made = actions.request_connection(here.company, by=here.owner, name="Partner", **LATER)
    actions.approve_connection(made, by=here.owner, at=timezone.now())
    connection = Connection.objects.get()
    actions.grant_footprints(connection, by=here.owner, at=timezone.now(), product=here.product)
    Receipt.objects.create(company=here.company, connection=connection, footprint=first)
    changed(here, 4)
    carried(here)
    second = brought(here)
    assert not second.is_served
    told = [json.loads(each.body)["data"]["pfIds"] for each in Delivery.objects.all()]
    assert [str(second.uuid)] not in told


def test_what_is_private_goes_to_nobody(here: Plant) -> None:
    published(here, "private")
    actions.offer_waiting(at=timezone.now())
    assert not OfferedFootprint.objects.exists()


def test_a_product_is_stated_under_every_name_it_has(here: Plant) -> None:
    publication = published(here, "alliance")
    known = ["CAS 74-85-1", "CPC 34110"]
    change_product(here.product, by=here.owner, version=None, identifiers=known)
    actions.offer_waiting(at=timezone.now())
    row = OfferedFootprint.objects.get(publication=publication)
    ours, code, cas = row.product_ids
    assert ours == f"urn:uuid:{here.product.uuid}"
    assert ":supplier-id:" in code
    assert cas == "urn:pact:cas.org:substance-number:74-85-1"
    assert (row.classifications[0], row.cpc) == ("urn:cpc:34110", "34110")
