"""Comparisons over REST: proposed, decided, prepared, signed by two people; joined by a product's company."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import Company
from accounts.roles import Role
from footprint.benchmark.actions import prepare_waiting
from footprint.benchmark.models import Definition, Participation, Release
from footprint.calculation.models import RecomputeMark
from footprint.rules.models import ProductCategory
from tests import builders as new
from tests.footprint.benchmark.cohorts import SIGNING_KEY, WHY, Office, give, profile

pytestmark = pytest.mark.django_db
VALUES = [1.1, 1.3, 1.52, 1.7, 1.9]
DEFINITIONS, PREPARATIONS = "/api/v1/benchmark-definitions/", "/api/v1/benchmark-preparations/"
STATED = {"category": "ethylene", "year": 2024, "profile": "here", **WHY}


@pytest.fixture(autouse=True)
def signing(settings: Any) -> Iterator[None]:
    settings.PUBLICATION_SIGNING_KEY = SIGNING_KEY
    with transaction.atomic():
        yield


@pytest.fixture
def office() -> Office:
    profile()
    return Office()


def signed_in(company: Company, *roles: Role) -> Client:
    client = Client()
    client.force_login(new.person(company, *roles))
    return client


def post(client: Client, path: str, body: dict[str, Any], version: int = 0) -> HttpResponse:
    headers = {"If-Match": f'"{version}"'} if version else {}
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def move(client: Client, path: str, name: str, version: int, reason: str = "") -> HttpResponse:
    return post(client, f"{path}moves/", {"move": name, "reason": reason}, version)


def test_from_proposal_to_the_ledger(office: Office) -> None:
    steward, compliance = (signed_in(office.company, role) for role in (Role.STEWARD, Role.COMPLIANCE))
    made = post(steward, DEFINITIONS, STATED)
    assert made.status_code == 201, made.content
    shown = made.json()
    assert (shown["state"], shown["boundary"], shown["version"]) == ("proposed", "cradle_to_gate", 1)
    place = f"{DEFINITIONS}{shown['uuid']}/"
    early = post(steward, PREPARATIONS, {"definition": shown["uuid"]})
    assert early.status_code == 422
    approved = move(compliance, place, "approve", 1)
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    assert move(compliance, place, "approve", 1).status_code == 422
    give(Definition.objects.get(), VALUES, [new.company() for _ in range(5)])
    RecomputeMark.objects.all().delete()
    asked = post(steward, PREPARATIONS, {"definition": shown["uuid"]})
    assert (asked.status_code, asked.json()["state"]) == (201, "asked")
    prepare_waiting()
    path = f"{PREPARATIONS}{asked.json()['uuid']}/"
    cleared = steward.get(path).json()
    assert (cleared["state"], cleared["figures_kg_co2e"]["median"]) == ("cleared", "1.5")
    assert {each["passed"] for each in cleared["gates"]} >= {True}
    ledger = f"/api/v1/benchmark-releases/{asked.json()['uuid']}/"
    assert steward.get(ledger).status_code == 404
    assert move(compliance, path, "sign", cleared["version"]).status_code == 403
    signed = move(steward, path, "sign", cleared["version"])
    assert move(compliance, path, "release", cleared["version"]).status_code == 412
    released = move(compliance, path, "release", signed.json()["version"])
    assert (released.status_code, released.json()["number"]) == (200, 1)
    assert steward.get(ledger).json()["content_hash"] == released.json()["content_hash"]


def test_one_person_with_both_roles_is_not_two(office: Office) -> None:
    both = signed_in(office.company, Role.STEWARD, Role.COMPLIANCE)
    other = signed_in(office.company, Role.STEWARD)
    place = f"{DEFINITIONS}{post(both, DEFINITIONS, STATED).json()['uuid']}/"
    for name in ("approve", "reject"):
        refused = move(both, place, name, 1, "x")
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "same_person")
    assert move(signed_in(office.company, Role.COMPLIANCE), place, "approve", 1).status_code == 200
    cell = Definition.objects.get()
    give(cell, VALUES, [new.company() for _ in range(5)])
    found = office.prepare(cell)  # by another steward
    path = f"{PREPARATIONS}{found.uuid}/"
    signed = move(other, path, "sign", found.version).json()
    assert move(both, path, "release", signed["version"]).status_code == 403  # they proposed it
    assert Release.objects.get().state == "signed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"year": 2026}, "year_not_closed"),
        ({"category": "moonshine"}, "unknown_choice"),
        ({"profile": "nobodys"}, "unknown_choice"),
        ({"boundary": "gate_to_gate"}, "mixed_methods"),
        ({"purpose": " "}, "required"),
    ],
)
def test_what_is_refused_says_why(office: Office, changed: dict[str, Any], code: str) -> None:
    steward = signed_in(office.company, Role.STEWARD)
    refused = post(steward, DEFINITIONS, {**STATED, **changed})
    assert refused.status_code in (400, 422)
    assert not Definition.objects.exists()
    if refused.status_code == 422:
        assert refused.json()["errors"][0]["code"] in (code, "blank", "required")


def test_preparations_are_the_offices(office: Office) -> None:
    cell = office.define(ProductCategory.objects.get(code="ethylene"), profile("other"))
    companies = [new.company() for _ in range(5)]
    give(cell, VALUES, companies)
    found = office.prepare(cell)
    member = signed_in(companies[0], Role.OWNER)
    assert member.get(PREPARATIONS).json()["results"] == []
    assert member.get(f"{PREPARATIONS}{found.uuid}/").status_code == 404
    assert move(member, f"{PREPARATIONS}{found.uuid}/", "sign", found.version).status_code == 404
    assert post(member, PREPARATIONS, {"definition": str(cell.uuid)}).status_code == 403
    assert member.get(f"{DEFINITIONS}{cell.uuid}/").json()["purpose"] == WHY["purpose"]
    assert member.get(f"{DEFINITIONS}{uuid4()}/").status_code == 404
    assert move(member, f"{DEFINITIONS}{cell.uuid}/", "retire", cell.version, "x").status_code == 403
    for path in (DEFINITIONS, PREPARATIONS):
        assert Client().get(path).status_code == 401


def test_a_product_joins_and_leaves(office: Office) -> None:
    company = new.company("member")
    product = new.product(company, category=ProductCategory.objects.get(code="ethylene"))
    path = f"/api/v1/products/{product.uuid}/participation/"
    owner = signed_in(company, Role.OWNER)
    assert owner.get(path).json() == {"takes_part": False}
    for _again in range(2):
        assert post(owner, path, {"takes_part": True}).json() == {"takes_part": True}
    assert Participation.objects.filter(product=product).count() == 1
    assert post(signed_in(company, Role.APPROVER), path, {"takes_part": False}).status_code == 403
    assert post(owner, path, {}).status_code in (400, 422)
    assert post(owner, path, {"takes_part": False}).json() == {"takes_part": False}
    assert not Participation.objects.exists()
    loose = new.product(company)
    refused = post(owner, f"/api/v1/products/{loose.uuid}/participation/", {"takes_part": True})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "no_category")
    partner = new.company("partner")
    new.grant(product, partner)
    for outsider in (partner, new.company("foreign")):
        client = signed_in(outsider, Role.OWNER)
        assert client.get(path).status_code == 404
        assert post(client, path, {"takes_part": True}).status_code == 404
