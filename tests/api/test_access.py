"""Who gets in, and what those see who do not."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts.models import ServiceClient
from accounts.roles import Role
from tests import builders as new
from tests.api.conftest import SECRET, Machine, World, client_of, machine_of, token_request

LISTS = (
    "companies",
    "sites",
    "products",
    "inventories",
    "unit-processes",
    "exchanges",
    "footprints",
    "factors",
    "factor-versions",
    "gases",
    "categories",
    "units",
    "benchmarks",
    "recompute",
)


def test_token_then_call(world: World) -> None:
    answer = token_request(client_of(world.supplier))
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 3600
    products = Machine(answer.json()["access_token"]).get("products/").json()["results"]
    assert [product["code"] for product in products] == ["naphtha-out"]


def test_wrong_secret_gets_no_token(world: World) -> None:
    answer = token_request(client_of(world.supplier), secret="not " + SECRET)
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    "grant",
    ["password", "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code", ""],
)
def test_there_is_one_way_to_a_token(world: World, grant: str) -> None:
    given = {"username": "x", "password": "x", "code": "x", "refresh_token": "x", "device_code": "x"}
    credentials = {"client_id": client_of(world.supplier).client_id, "client_secret": SECRET}
    answer = Client().post("/oauth/token/", {"grant_type": grant, **given, **credentials})
    assert (answer.status_code, answer.json()) == (400, {"error": "unsupported_grant_type"})


@pytest.mark.parametrize("path", ["authorize/", "applications/", "introspect/", "device/"])
def test_only_token_and_revocation_are_served(db: None, path: str) -> None:
    assert Client().get(f"/oauth/{path}").status_code == 404


@pytest.mark.parametrize("name", LISTS)
def test_without_token(db: None, name: str) -> None:
    answer = Client().get(f"/api/v1/{name}/", headers={"Accept-Language": "en"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:problem-type:unauthenticated"


@pytest.mark.parametrize("name", LISTS)
def test_every_list_answers(world: World, name: str) -> None:
    assert world.erp.get(f"{name}/").status_code == 200


def test_unknown_token(db: None) -> None:
    answer = Machine("no such token").get("products/")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_token_that_is_over(world: World) -> None:
    token = token_request(client_of(world.supplier)).json()["access_token"]
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert Machine(token).get("products/").status_code == 401


def test_client_switched_off(world: World) -> None:
    ServiceClient.objects.filter(company=world.company).update(is_active=False)
    assert world.erp.get("products/").status_code == 401


def test_revoked_token(world: World) -> None:
    application = client_of(world.supplier)
    token = token_request(application).json()["access_token"]
    form = {"token": token, "client_id": application.client_id, "client_secret": SECRET}
    assert Client().post("/oauth/revoke_token/", form).status_code == 200
    assert Machine(token).get("products/").status_code == 401


def test_token_for_reading_does_not_write(world: World) -> None:
    reader = machine_of(world.company, scope="read")
    assert reader.get("products/").status_code == 200
    answer = reader.post("products/", {"code": "x", "unit": "kg", "name_en": "X"})
    assert answer.status_code == 403
    assert answer.json()["status"] == 403


def test_person_needs_the_csrf_token_to_write(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(new.person(world.company, Role.OWNER))
    assert browser.get("/api/v1/products/").status_code == 200
    body = {"code": "x", "unit": "kg", "name_en": "X"}
    assert browser.post("/api/v1/products/", body, content_type="application/json").status_code == 403
    token = "a" * 32
    browser.cookies["csrftoken"] = token
    answer = browser.post(
        "/api/v1/products/", body, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 201


def test_role_that_may_not_edit(world: World) -> None:
    browser = Client()
    browser.force_login(new.person(world.company, Role.APPROVER))
    answer = browser.patch(
        f"/api/v1/exchanges/{world.feed.uuid}/",
        {"amount": "1"},
        content_type="application/json",
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "not_allowed"
    world.feed.refresh_from_db()
    assert world.feed.amount == 900


@pytest.mark.parametrize(
    "name", ["sites", "products", "inventories", "unit-processes", "exchanges", "footprints"]
)
def test_foreign_is_as_if_it_did_not_exist(world: World, name: str) -> None:
    stranger = machine_of(new.company("stranger"))
    theirs = world.erp.get(f"{name}/").json()["results"][0]["uuid"]
    nothing = uuid4()

    def shape(uuid: object, method: str, body: object) -> tuple[int, str]:
        answer = stranger.call(method, f"{name}/{uuid}/", body, If_Match='"1"')
        return answer.status_code, answer.content.decode().replace(str(uuid), "-")

    for method, body in (("GET", None), ("PATCH", {"comment": "x"}), ("DELETE", None)):
        assert shape(theirs, method, body) == shape(nothing, method, body)
    assert stranger.get(f"{name}/{theirs}/").status_code == 404
    assert stranger.get(f"{name}/").json() == {"next": None, "results": []}


def test_partner_sees_the_total_and_nothing_behind_it(world: World) -> None:
    answer = world.erp.get(f"footprints/?product={world.offered.uuid}").json()["results"]
    assert len(answer) == 1
    assert answer[0]["kg_co2e_ar6"] == 400.0
    hidden = ("production", "share", "inventory", "process", "input_digest", "failure")
    assert {answer[0][name] for name in hidden} == {None}
    assert world.erp.get(f"footprints/{answer[0]['uuid']}/contributions/").status_code == 404
    shown = world.erp.get(f"products/{world.offered.uuid}/").json()
    assert shown["is_own"] is False
    assert shown["lhv_mj_per_unit"] is None


def test_partner_may_not_change_what_it_was_shown(world: World) -> None:
    answer = world.erp.patch(f"products/{world.offered.uuid}/", {"name_en": "mine"}, version=1)
    assert answer.status_code == 403
