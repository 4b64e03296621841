"""A source is added with the licence it is under, by curators alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.roles import Role
from factors.actions.add_source import add_source
from factors.models import Source
from tests import builders

GOOD = {
    "code": "yearbook-2024", "title_zh": "年鉴", "publisher": "Bureau", "licence": "Open data licence 1.0",
    "redistribution": "yes", "url": "https://example.org/yearbook",
}  # fmt: skip


def test_it_has_a_title_in_both_languages(small: object, curator: Actor) -> None:
    made = add_source(by=curator, stated=GOOD, year=2024)
    assert (made.title_en, made.may_be_passed_on) == ("年鉴", True)


@pytest.mark.parametrize(
    ("changes", "year", "code", "field"),
    [
        ({"licence": ""}, 2024, "required", "licence"),
        ({"licence": "未知"}, 2024, "unknown_licence", "licence"),
        ({"redistribution": "perhaps"}, 2024, "unknown_choice", "redistribution"),
        ({"title_zh": " "}, 2024, "required", "title_zh"),
        ({"url": "javascript:alert(1)"}, 2024, "not_an_address", "url"),
        ({}, 2999, "year", "year"),
        ({"code": "yearbook/2024"}, 2024, "invalid_code", "code"),
        ({"code": "年鉴"}, 2024, "invalid_code", "code"),
        ({"code": "mee-grid-co2-2023"}, 2024, "duplicate_code", "code"),
    ],
)
def test_faults_are_told_by_field_and_nothing_is_stored(
    small: object, curator: Actor, changes: dict[str, str], year: int, code: str, field: str
) -> None:
    before = Source.objects.count()
    with pytest.raises((Refusal, Refusals)) as refused:
        add_source(by=curator, stated={**GOOD, **changes}, year=year)
    found = refused.value
    several = found.refusals if isinstance(found, Refusals) else [found]
    assert [each.field for each in several] == [field]
    assert code == "unknown_choice" or [each.code for each in several] == [code]
    assert Source.objects.count() == before


def test_only_curators(small: object, owner: Actor) -> None:
    with pytest.raises(NotAllowed):
        add_source(by=owner, stated=GOOD, year=2024)


def test_the_doors(small: object) -> None:
    def signed_in(role: Role) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(builders.person(builders.company(), role))
        client.cookies["django_language"] = "en"
        return client

    curator, owner = signed_in(Role.CURATOR), signed_in(Role.OWNER)
    posted = {**GOOD, "year": "2024"}
    assert "Add a source" not in owner.get("/factors/sources/").content.decode()
    assert owner.post("/factors/sources/", posted).status_code == 403
    assert Client().get("/factors/sources/").status_code == 302
    assert curator.post("/factors/sources/", {**posted, "licence": "unknown"}).status_code == 422
    assert curator.post("/factors/sources/", posted).status_code == 302
    assert "yearbook-2024" in owner.get("/factors/sources/").content.decode()

    def sent(client: Client, **body: Any) -> Any:
        return client.post("/api/v1/factor-sources/", body, content_type="application/json")

    body = {**GOOD, "code": "yearbook-2023", "year": 2023}
    assert sent(owner, **body).status_code == 403
    assert sent(curator, **body).status_code == 201
    assert sent(curator, **body).json()["errors"][0]["code"] == "duplicate_code"
    assert owner.get("/api/v1/factor-sources/yearbook-2023/").json()["licence"] == GOOD["licence"]
    assert Client().get("/api/v1/factor-sources/").status_code == 401
