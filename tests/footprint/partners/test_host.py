"""The host, as partners' systems see it: PACT 3.0.3 and 2.x."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.partners import actions
from footprint.partners.actions.offering import deprecate
from footprint.partners.models import Receipt
from tests.footprint.partners.conftest import System, World


def listed(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["id"] for each in answer.json()["data"]]


def code(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == {"code", "message"}
    return answer.status_code, body["code"]


def test_a_partner_reads_what_is_granted_and_nothing_else(world: World, system: System) -> None:
    first, second = world.footprints
    assert listed(system.get("/3/footprints")) == [str(first.uuid)]
    one = system.get(f"/3/footprints/{first.uuid}")
    assert one.json() == {"data": json.loads(first.document)}
    assert code(system.get(f"/3/footprints/{second.uuid}")) == (403, "AccessDenied")
    assert code(system.get("/3/footprints/00000000-0000-0000-0000-000000000000")) == (404, "NotFound")
    assert code(system.get("/3/footprints/nothing")) == (400, "BadRequest")
    assert Receipt.objects.get().footprint == first


def test_without_a_grant_there_is_nothing(world: World, another: Any) -> None:
    stranger = another("Stranger")
    assert listed(stranger.get("/3/footprints")) == []
    assert code(stranger.get(f"/3/footprints/{world.footprints[0].uuid}")) == (403, "AccessDenied")


def test_a_grant_that_ended_opens_nothing(world: World, system: System) -> None:
    grant = world.connection.grants.get()
    actions.end_grant(grant, by=world.owner, at=timezone.now())
    assert listed(system.get("/3/footprints")) == []


def test_levels_leave_out_what_is_not_granted(world: World, another: Any) -> None:
    system = another("Total")
    connection = world.connection.__class__.objects.get(name="Total")
    actions.grant_footprints(connection, by=world.owner, at=timezone.now(), level="total")
    documents = system.get("/3/footprints").json()["data"]
    assert len(documents) == 2
    assert "pcfExcludingBiogenicUptake" in documents[0]["pcf"]
    assert not {"landUseChangeGhgEmissions", "dqi", "secondaryEmissionFactorSources"} & set(
        documents[0]["pcf"]
    )
    assert "extensions" not in documents[0]
    for one in system.get("/2/footprints").json()["data"]:
        assert not {"dLucGhgEmissions", "secondaryEmissionFactorSources"} & set(one["pcf"])
        assert "pCfExcludingBiogenic" in one["pcf"]


@pytest.mark.parametrize("lists", [3, 120])
def test_a_company_called_by_several_lists_is_found_by_each(world: World, system: System, lists: int) -> None:
    """Few lists are walked through, of many the rows are asked."""
    named = [
        world.offer(world.products[0], companyIds=[f"urn:own:{number}", "urn:own:all"])
        for number in range(lists)
    ]
    asked = "/3/footprints?companyId=urn:own:"
    assert listed(system.get(f"{asked}1")) == [str(named[1].uuid)]
    assert listed(system.get(f"{asked}2&companyId=urn:own:0")) == [str(named[0].uuid), str(named[2].uuid)]
    assert len(listed(system.get(f"{asked}ALL&limit=1000"))) == lists
    assert listed(system.get(f"{asked}nobody")) == []


FILTERS = [
    ("productId=URN:GTIN:4712345060507", 2),
    ("productid=urn%3Agtin%3A4712345060507", 2),
    ("productId=urn:other&productId=urn:gtin:4712345060507", 2),
    ("productId=urn:other", 0),
    ("companyId=abcdefgh&companyId=urn:lei:529900T8BM49AURSDO55", 2),
    ("companyId=abcdefgh", 0),
    ("geography=CN-ZJ", 1),
    ("geography=cn-zj&geography=XX", 1),
    ("geography=CN", 0),
    ("geography=", 2),
    ("x-pcf-geography-within=CN", 1),
    ("geography=eastern asia", 1),
    ("classification=urn:cpc:33421", 2),
    ("classification=urn:cpc:0", 0),
    ("validOn=2026-01-01T00:00:00Z", 2),
    ("validOn=2028-12-31T00:00:00Z", 2),
    ("validOn=2028-12-31T08:00:00+08:00", 2),
    ("validOn=2028-12-31T00:00:01Z", 1),
    ("validOn=2029-01-01T00:00:01Z", 0),
    ("validOn=2026-06-01T00:00Z", 2),
    ("validOn=1900-01-01T00:00:00Z", 0),
    ("validAfter=2025-12-31T00:00:00Z", 2),
    ("validAfter=2026-01-01T00:00:00Z", 0),
    ("validBefore=2029-01-01T00:00:00Z", 1),
    ("validBefore=2028-12-31T00:00:00Z", 0),
    ("status=Active", 2),
    ("status=deprecated", 0),
    ("status=Bogus", 0),
    ("status=Active&productId=urn:other", 0),
    ("x-other-name=1", 2),
]


@pytest.mark.parametrize(("query", "number"), FILTERS)
def test_filters(world: World, system: System, query: str, number: int) -> None:
    """The second has no end of its own and a region: it lasts three years from the end of its period."""
    world.offer(
        world.products[0],
        validityPeriodStart=...,
        validityPeriodEnd=...,
        pcf__geographyCountrySubdivision=...,
        pcf__geographyRegionOrSubregion="Eastern Asia",
    )
    assert len(listed(system.get(f"/3/footprints?{query}"))) == number


@pytest.mark.parametrize(
    "query", ["validOn=yesterday", "validAfter=2026-01-01", "limit=-1", "limit=x", "limit=1.5", "cursor=x",
              "$filter=created eq 'x'", "limit=1&limit=2"]
)  # fmt: skip
def test_what_cannot_be_read_is_refused(system: System, query: str) -> None:
    assert code(system.get(f"/3/footprints?{query}")) == (400, "BadRequest")


def test_a_refusal_names_the_parameter_as_the_standard_does(system: System) -> None:
    told = system.get("/3/footprints?validon=yesterday", HTTP_ACCEPT_LANGUAGE="en").json()
    assert told["message"] == "The parameter “validOn” cannot be read."


def follow(system: System, answer: Any) -> Any:
    target, _, rel = answer["Link"].partition(">")
    assert rel == '; rel="next"'
    parts = urlsplit(target.lstrip("<"))
    assert (parts.scheme, parts.netloc) == ("https", "testserver")
    return system.get(f"{parts.path}?{parts.query}")


def test_pages_stay_as_they_were(world: World, system: System) -> None:
    product = world.products[0]
    more = [world.offer(product) for _ in range(4)]
    wanted = [str(each.uuid) for each in (world.footprints[0], *more)]
    first = system.get("/3/footprints?limit=2&status=Active&companyId=urn:lei:529900T8BM49AURSDO55")
    second = follow(system, first)
    world.offer(product)
    with acting_as(Actor.worker()):
        deprecate(more[1], at=timezone.now())
    again = follow(system, first)
    assert listed(second) == listed(again) == wanted[2:4]
    third = follow(system, again)
    assert listed(third) == wanted[4:]
    assert "Link" not in third


@pytest.mark.parametrize("query", ["limit=0", "Limit=00"])
def test_a_page_of_nothing_leads_on(system: System, query: str) -> None:
    empty = system.get(f"/3/footprints?{query}")
    assert listed(empty) == []
    assert len(listed(follow(system, empty))) == 1


def test_a_cursor_is_of_one_partner(world: World, system: System, another: Any) -> None:
    world.offer(world.products[0])
    link = system.get("/3/footprints?limit=1")["Link"]
    parts = urlsplit(link.partition(">")[0].lstrip("<"))
    assert code(another("Thief").get(f"{parts.path}?{parts.query}")) == (400, "BadRequest")


def test_tokens(world: World, system: System) -> None:
    own = world.credentials
    good = system.token(own.client_id, own.client_secret)
    assert (good.status_code, good.json()["token_type"]) == (200, "Bearer")
    bad = system.token(own.client_id, "x")
    assert (bad.status_code, bad.json()["error"]) == (401, "invalid_client")
    assert system.token("nobody", "x").status_code == 401
    for form, error in (
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": "read"}, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": "write"}, "invalid_scope"),
    ):
        answer = system.token(own.client_id, own.client_secret, **form)
        assert (answer.status_code, answer.json()["error"]) == (400, error)
    with connection.cursor() as cursor:
        cursor.execute("SELECT actor FROM accounts_auditpending WHERE action = 'token_issued'")
        assert {f"partner:{world.connection.uuid}"} == {row[0] for row in cursor.fetchall()}
    found = system.get("/.well-known/openid-configuration").json()
    assert found["token_endpoint"] == "https://testserver/auth/token"


def test_tokens_that_are_no_good(world: World, system: System) -> None:
    for path, status in (("/3/footprints", 401), ("/2/footprints", 400)):
        for header in ("Bearer x", "Basic x", ""):
            answer = system.get(path, headers={"authorization": header})
            assert code(answer) == (status, "BadRequest")
            assert "invalid_token" in answer["WWW-Authenticate"]
    AccessToken.objects.update(expires=timezone.now())
    assert code(system.get("/3/footprints")) == (401, "TokenExpired")
    assert code(system.get("/2/footprints")) == (401, "TokenExpired")


def test_a_revoked_connection_is_shut(world: World, system: System) -> None:
    actions.revoke_connection(world.connection, by=world.owner, at=timezone.now())
    assert code(system.get("/3/footprints")) == (401, "BadRequest")
    assert system.token(world.credentials.client_id, world.credentials.client_secret).status_code == 401


def test_credentials_of_partners_and_of_machines_are_apart(world: World, system: System) -> None:
    """Neither opens the other's door."""
    from accounts.actions.client import add_service_client

    bearer = {"authorization": f"Bearer {system.bearer}"}
    assert Client().get("/api/v1/products/", headers=bearer, secure=True).status_code == 401
    machine = add_service_client(world.company, by=world.owner, name="ERP")
    assert system.token(machine.client_id, machine.client_secret).status_code == 401
    form = {
        "grant_type": "client_credentials",
        "client_id": world.credentials.client_id,
        "client_secret": world.credentials.client_secret,
    }
    assert Client().post("/oauth/token/", form, secure=True).status_code == 401
    own = Client().post("/oauth/token/", {**form, "client_id": machine.client_id,
                                          "client_secret": machine.client_secret}, secure=True)  # fmt: skip
    erp = {"authorization": f"Bearer {own.json()['access_token']}"}
    assert code(Client().get("/3/footprints", headers=erp, secure=True)) == (401, "BadRequest")


def test_only_over_tls(system: System) -> None:
    bearer = {"authorization": f"Bearer {system.bearer}"}
    for path in ("/3/footprints", "/2/footprints", "/auth/token", "/.well-known/openid-configuration"):
        answer = Client().get(path, headers=bearer)
        assert answer.status_code in (301, 403)
        assert b"data" not in answer.content


def test_everything_wrong_has_a_code(system: System) -> None:
    assert code(system.get("/3/nothing")) == (404, "NotFound")
    assert code(system.get("/3/footprints/")) == (404, "NotFound")
    assert code(system.get("/2/nothing")) == (404, "NoSuchFootprint")
    assert code(system.get("/3")) == (404, "NotFound")
    assert code(system.get("/2")) == (404, "NoSuchFootprint")
    assert system.get("/30").headers["Content-Type"].startswith("text/html")
    assert code(system.post("/3/footprints", {})) == (501, "NotImplemented")
    assert code(system.post("/2/footprints", {})) == (400, "NotImplemented")


def test_messages_speak_the_callers_language(system: System) -> None:
    english = system.get("/3/nothing", headers={"accept-language": "en"}).json()["message"]
    chinese = system.get("/3/nothing", headers={"accept-language": "zh-CN"}).json()["message"]
    assert english != chinese


# -- version 2 ----------------------------------------------------------------------------------------------
def test_version_2_comes_from_the_same_rows(world: World, system: System) -> None:
    world.offer(world.products[0], pcf__declaredUnitOfMeasurement="hour")
    (one,) = system.get("/2/footprints").json()["data"]
    assert one["id"] == str(world.footprints[0].uuid)
    assert (one["version"], one["productCategoryCpc"]) == (1, "33421")
    assert one["pcf"]["pCfExcludingBiogenic"] == "1.50"
    assert code(system.get("/2/footprints/00000000-0000-0000-0000-000000000000")) == (404, "NoSuchFootprint")


@pytest.mark.parametrize(
    ("expression", "number"),
    [
        ("created ge '2026-05-22T21:47:32Z'", 1),
        ("created gt '2026-05-22T21:47:32Z'", 0),
        ("(productCategoryCpc eq '33421') and pcf/geographyCountry eq 'CN'", 1),
        ("productIds/any(productId:(productId eq 'urn:gtin:4712345060507'))", 1),
        ("companyIds/any(c:(c eq 'urn:other'))", 0),
        ("pcf/referencePeriodEnd le '2026-01-01T00:00:00Z' and created lt '2030-01-01T00:00:00Z'", 1),
    ],
)
def test_filters_of_version_2(system: System, expression: str, number: int) -> None:
    assert len(listed(system.get("/2/footprints", data={"$filter": expression}))) == number


def test_filters_of_version_2_that_are_none(system: System) -> None:
    for expression, wanted in (
        ("status eq 'Active'", "NotImplemented"),
        ("created maybe 'x'", "BadRequest"),
        ("(" * 50, "BadRequest"),
        ("created eq 'yesterday'", "BadRequest"),
    ):
        assert code(system.get("/2/footprints", data={"$filter": expression})) == (400, wanted)
