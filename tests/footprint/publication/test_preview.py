"""The owner sees what partners would get of a publication; nobody else does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from accounts.models import User
from accounts.roles import Role
from footprint.inventory.models import Product
from footprint.partners import actions, previewing
from footprint.partners.pact.levels import Level
from footprint.publication.models import Publication
from tests import builders as new
from tests.reviewing import Plant, prepared, published


def browser_of(person: Any) -> Client:
    User.objects.filter(pk=person.pk).update(locale="en")
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    return client


def complete(publication: Publication) -> Publication:
    """With what the schema demands of the product, as if it had been published so."""
    known = {"carbonFraction": "0.75", "biogenicCarbonFraction": "0"}
    content = {**publication.content, "product": {**publication.content["product"], **known}}
    publication.content = content
    return publication


def test_each_level_and_version_is_what_would_be_sent(here: Plant) -> None:
    publication = complete(published(here, "alliance"))
    now = timezone.now()
    whole = previewing.whole(publication, at=now)
    assert whole.lacks == []
    full = previewing.preview(whole, Level.FULL, 3, at=now)
    assert full.document == whole.document
    assert full.withheld == []
    total = previewing.preview(whole, Level.TOTAL, 3, at=now)
    assert total.document is not None
    assert "/extensions" in total.withheld
    assert total.judged.level <= full.judged.level
    assert "dqi" not in total.document["pcf"]


def test_the_level_between_tells_stages_and_no_origins(here: Plant) -> None:
    publication = complete(published(here, "alliance"))
    now = timezone.now()
    whole = previewing.whole(publication, at=now)
    shown = previewing.preview(whole, Level.STAGE, 3, at=now).document
    assert shown is not None
    (extension,) = shown["extensions"]
    reply = Client().get(urlsplit(extension["dataSchema"]).path)
    Draft202012Validator(reply.json()).validate(extension["data"])
    stages = [Decimal(each["kgCO2e"]) for each in extension["data"]["stages"]]
    assert float(sum(stages)) == pytest.approx(float(extension["data"]["total"]))
    assert not {"landUseChangeGhgEmissions", "aircraftGhgEmissions"} & set(shown["pcf"])
    assert "extensions" not in (previewing.preview(whole, Level.TOTAL, 3, at=now).document or {})


def test_version_2_says_why_it_cannot_and_what_to_do(here: Plant) -> None:
    publication = complete(published(here, "alliance"))
    now = timezone.now()
    whole = previewing.whole(publication, at=now)
    shown = previewing.preview(whole, Level.TOTAL, 2, at=now)
    assert (shown.document, shown.reasons) == (None, ["cpc"])
    Product.objects.filter(pk=here.product.pk).update(identifiers=["urn:cpc:34110"])
    publication.product.refresh_from_db()
    said = previewing.preview(previewing.whole(publication, at=now), Level.FULL, 2, at=now)
    assert said.document is not None
    assert said.document["productCategoryCpc"] == "34110"
    assert "/pcf/dqi" in said.left_out or "dqi" not in whole.document["pcf"]


def test_the_page_shows_it_to_its_owner_alone(here: Plant) -> None:
    publication = published(here, "alliance")
    actions.offer_waiting(at=timezone.now())
    made = actions.request_connection(here.company, by=here.owner, name="Partner")
    actions.approve_connection(made, by=here.owner, at=timezone.now())
    path = f"/publications/{publication.uuid}/pact/"
    browser = browser_of(new.person(here.company, Role.OWNER))
    page = browser.get(f"{path}?level=total&version=2&partner={made.uuid}").content.decode()
    assert "Nobody is served" in page and "carbon fraction" in page
    assert "Version 2 cannot say it" in page
    assert "It lacks what the schema demands" in page
    assert browser.get(f"{path}?level=all").status_code == 404
    shown = browser.get(f"/publications/{publication.uuid}/").content.decode()
    assert path in shown
    stranger = browser_of(new.person(new.company("outside"), Role.OWNER))
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"/api/v1{path}").status_code == 404


def test_over_rest_before_it_is_out_and_for_one_partner(here: Plant) -> None:
    publication = prepared(here, "alliance")
    browser = browser_of(new.person(here.company, Role.OWNER))
    made = actions.request_connection(here.company, by=here.owner, name="Partner")
    path = f"/api/v1/publications/{publication.uuid}/pact/"
    theirs = browser.get(f"{path}?version=3&connection={made.uuid}").json()
    assert (theirs["document"], theirs["why_not"]) == (None, "not_out")
    total = browser.get(f"{path}?level=total").json()
    assert total["document"]["id"] == str(publication.uuid)
    assert "fossilCarbonContent" in total["lacks"]
    assert not total["checks"]["accepted"]
    second = browser.get(f"{path}?version=2").json()
    assert (second["document"], second["reasons_v2"]) == (None, ["lacking"])
