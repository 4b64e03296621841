"""Every resource that can be changed is changed from a version of it: 428 without, 412 from an old one."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.roles import Role
from factors.models import Source
from footprint.exchange.models import ImportJob
from tests import builders as new
from tests.api.conftest import Machine, machine_of
from tests.house.test_gates import API_THINGS, made_for_somebody
from tests.interface import document

pytestmark = pytest.mark.django_db
BODIES = {
    "allocation-shares": {"name": "x", "shares": []},
    "allocation-answers": {"answers": []},
    "{year}": {"price": "1"},
}
CHANGING = ("patch", "put", "delete")
PATHS: dict[str, Any] = document()["paths"]
MUTABLE = [(method, path) for path, methods in PATHS.items() for method in methods if method in CHANGING]
ELSEWHERE = {"/api/v1/product-category-rules/{code}/document/": "tests/footprint/rules/test_making_rest.py"}
"""What takes a draft that is open; its versions are asked for there."""
HERE = [(method, path) for method, path in MUTABLE if path not in ELSEWHERE]
POSTS = [path for path, methods in PATHS.items() if "post" in methods]


BY_PEOPLE = ("companies", "practices", "webhooks", "factor-sources", "partner-connections")
"""What machines may not change, whatever version they have."""


@pytest.fixture(scope="module")
def theirs(kept_rows: None) -> dict[str, UUID]:
    return made_for_somebody()


@pytest.fixture
def erp(theirs: dict[str, UUID]) -> Machine:
    return machine_of(ImportJob.objects.get().company)


def asked(erp: Machine, method: str, path: str, things: dict[str, UUID], **headers: str) -> HttpResponse:
    resource = path.split("/")[3]
    if "{code}" in path:
        place = path.replace("{code}", Source.objects.earliest("pk").code)
    elif "{" not in path:
        place = path
    else:
        place = path.replace("{uuid}", str(things[API_THINGS[resource]])).replace("{year}", "2025")
    return erp.call(method.upper(), place, BODIES.get(path.split("/")[-2], {}), **headers)


def code_of(reply: HttpResponse) -> str:
    return str(json.loads(reply.content)["errors"][0]["code"])


def test_there_is_something_to_change() -> None:
    assert len(MUTABLE) >= 8
    assert len(POSTS) >= 6


@pytest.mark.parametrize(("method", "path"), HERE, ids=[f"{method} {path}" for method, path in HERE])
def test_no_change_without_the_version_it_was_made_from(
    erp: Machine, theirs: dict[str, UUID], method: str, path: str
) -> None:
    for headers in ({}, {"If_Match": "*"}):
        reply = asked(erp, method, path, theirs, **headers)
        assert (reply.status_code, code_of(reply)) == (428, "version_required")
    for old in ('"999999"', "nonsense", 'W/"1"', '"1", "2"'):
        reply = asked(erp, method, path, theirs, If_Match=old)
        by_people = path.split("/")[3] in BY_PEOPLE
        answers = [(412, "stale"), (403, "not_allowed") if by_people else (422, "shares_missing")]
        assert (reply.status_code, code_of(reply)) in answers, old


def test_the_document_says_so() -> None:
    for method, path in MUTABLE:
        operation = PATHS[path][method]
        assert {"412", "428"} <= set(operation["responses"]), path
        assert any(one["name"] == "If-Match" and one["required"] for one in operation["parameters"]), path
    for path in POSTS:
        operation = PATHS[path]["post"]
        assert {"409", "422", "429"} <= set(operation["responses"]), path
        assert any(one["name"] == "Idempotency-Key" for one in operation["parameters"]), path


def without_what_is_random(reply: HttpResponse, path: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers, but for the address itself and the number of the request."""
    headers = {name: value for name, value in reply.items() if name != "X-Request-ID"}
    headers.pop("X-Audit-Head", None)
    body = re.sub(rb'(csrf-token" content=|csrfmiddlewaretoken" value=)"\w+"', b"", reply.content)
    return reply.status_code, body.replace(path.encode(), b"PATH"), headers


def test_what_is_foreign_answers_as_what_is_nowhere(theirs: dict[str, UUID]) -> None:
    """Status, headers and every byte of the body."""
    nowhere = UUID("00000000-0000-4000-8000-000000000000")
    stranger = new.company("stranger")
    erp, person = machine_of(stranger), Client()
    person.force_login(new.person(stranger, Role.OWNER))
    private = ["sites", "products", "inventories", "unit-processes", "exchanges", "footprints", "scenarios"]
    pages = {"products": "product", "inventories": "inventory", "sites": "site", "exchanges": "exchange",
             "imports": "job"}  # fmt: skip
    for resource in private:
        found = [
            without_what_is_random(erp.get(path), path)
            for path in (f"/api/v1/{resource}/{one}/" for one in (theirs[API_THINGS[resource]], nowhere))
        ]
        assert found[0] == found[1], resource
        assert found[0][0] == 404
    for page, thing in pages.items():
        found = [
            without_what_is_random(person.get(path), path)
            for path in (f"/{page}/{one}/" for one in (theirs[thing], nowhere))
        ]
        assert found[0] == found[1], page
        assert found[0][0] == 404
