"""A source is added with the licence it is under, by curators alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.roles import Role
from factors.actions.add_source import add_source, set_age
from factors.models import FactorVersion, Source
from factors.queries import stale_sources
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


def test_it_grows_old_after_the_years_it_says(small: object, curator: Actor, owner: Actor) -> None:
    source = Source.objects.get(code="mee-grid-co2-2023")
    assert source.old_after_years == 3

    def stale(year: int) -> list[tuple[str, int]]:
        return [(each.source.code, each.versions) for each in stale_sources(owner, year)]

    of_source = FactorVersion.objects.filter(source=source, status="published").count()
    assert (source.code, of_source) not in stale(source.year + 3)
    assert (source.code, of_source) in stale(source.year + 4)
    set_age(source, by=curator, years=5)
    assert (source.code, of_source) not in stale(source.year + 5)
    # a source without a published figure is nobody's worry
    FactorVersion.objects.filter(source=source).update(status="superseded")
    assert source.code not in dict(stale(2200))
    for years in (0, 101):
        with pytest.raises(Refusal) as refused:
            set_age(source, by=curator, years=years)
        assert refused.value.field == "old_after_years"
    with pytest.raises(NotAllowed):
        set_age(source, by=owner, years=5)


def test_the_doors_of_its_age(small: object) -> None:
    def signed_in(role: Role) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(builders.person(builders.company(), role))
        client.cookies["django_language"] = "en"
        return client

    curator, owner = signed_in(Role.CURATOR), signed_in(Role.OWNER)
    code = "ndrc-petroleum-2014"
    path, rest = f"/factors/sources/{code}/age/", f"/api/v1/factor-sources/{code}/"
    assert owner.post(path, {"old_after_years": "9"}).status_code == 403
    assert Client().post(path, {"old_after_years": "9"}).status_code == 302
    assert curator.post("/factors/sources/nowhere/age/", {"old_after_years": "9"}).status_code == 404
    curator.post(path, {"old_after_years": "0"})
    assert Source.objects.get(code=code).old_after_years == 3
    curator.post(path, {"old_after_years": "9"})
    assert Source.objects.get(code=code).old_after_years == 9
    assert 'value="9"' in curator.get("/factors/sources/").content.decode()

    def change(client: Client, years: int, tag: str = "") -> Any:
        headers = {"If-Match": tag} if tag else {}
        body = {"old_after_years": years}
        return client.patch(rest, body, content_type="application/json", headers=headers)

    tag = curator.get(rest)["ETag"]
    assert change(curator, 1).status_code == 428 and change(owner, 1, tag).status_code == 403
    assert change(curator, 0, tag).status_code in (400, 422)
    done = change(curator, 1, tag)
    assert done.json()["old_after_years"] == 1 and change(curator, 2, tag).status_code == 412
    listed = curator.get("/api/v1/stale-factor-sources/").json()
    assert code in [each["source"]["code"] for each in listed]
    assert owner.get("/api/v1/stale-factor-sources/").status_code == 403
    page = curator.get("/factors/desk/").content.decode()
    assert "Sources that grow old" in page and f"?source={code}" in page
    assert code in curator.get("/factors/desk/stale.csv").content.decode()
    assert curator.get("/factors/desk/stale.csv?format=xlsx").content.startswith(b"PK")
    assert owner.get("/factors/desk/stale.csv").status_code == 403


def test_the_doors(small: object) -> None:
    def signed_in(role: Role) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(builders.person(builders.company(), role))
        client.cookies["django_language"] = "en"
        return client

    curator, owner = signed_in(Role.CURATOR), signed_in(Role.OWNER)
    posted = {**GOOD, "year": "2024", "old_after_years": "3"}
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
