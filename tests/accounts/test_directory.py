"""The directory of companies: kept by the alliance administrator, on pages and over REST, by nobody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.actions import add_company, change_company, open_sandbox
from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import Company, CompanyGroup, User
from accounts.roles import ROLES, Permission, Role
from accounts.visibility import acting_as
from tests import builders as new
from tests.chains import entries

pytestmark = pytest.mark.django_db
LEI = "529900T8BM49AURSDO55"
DUNS = "150483782"
NEW = {"code": "newcomer", "name_zh": "新来", "name_en": "Newcomer"}
V1 = "/api/v1/companies/"


@pytest.fixture
def steward() -> User:
    office = new.company("office", kind=Company.Kind.ASSOCIATION)
    return new.person(office, Role.STEWARD)


def browser(person: User) -> Client:
    User.objects.filter(pk=person.pk).update(locale="en")
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, method: str, path: str, body: dict[str, Any], tag: str = "") -> HttpResponse:
    headers = {"If-Match": tag} if tag else {}
    return client.generic(method, path, json.dumps(body), content_type="application/json", headers=headers)


def test_who_keeps_it() -> None:
    keepers = {role for role, meaning in ROLES.items() if Permission.KEEP_DIRECTORY in meaning.permissions}
    assert keepers == {Role.STEWARD}


def test_a_company_is_added_and_corrected_on_the_pages(steward: User) -> None:
    pages = browser(steward)
    assert "/companies/add/" in pages.get("/companies/").content.decode()
    assert pages.get("/companies/add/").status_code == 200
    wrong = pages.post("/companies/add/", {**NEW, "kind": "member", "name_en": "", "lei": LEI[:-1] + "6"})
    assert wrong.status_code == 422 and "check digits" in wrong.content.decode()
    assert not Company.objects.filter(code="newcomer").exists()
    assert pages.post("/companies/add/", {**NEW, "kind": "member", "lei": LEI}).status_code == 302
    made = Company.objects.get(code="newcomer")
    assert (made.kind, made.group.code, made.group.name_zh, made.lei) == ("member", "newcomer", "新来", LEI)
    change = f"/companies/{made.uuid}/change/"
    assert change in pages.get(f"/companies/{made.uuid}/").content.decode()
    parent = new.company("parent")
    given = {"name_zh": "改名", "name_en": "Renamed", "group": parent.group.code, "duns": DUNS}
    assert pages.post(change, given).status_code == 302
    made.refresh_from_db()
    assert (made.name_en, made.group, made.lei, made.duns) == ("Renamed", parent.group, "", DUNS)
    pages.post(change, {"name_zh": "改名", "name_en": "Renamed", "group": ""})
    made.refresh_from_db()
    assert made.group.code == "newcomer"


def test_over_rest_from_a_tag(steward: User) -> None:
    rest = browser(steward)
    made = send(rest, "POST", V1, {**NEW, "kind": "supplier", "group": "wide", "duns": DUNS})
    assert made.status_code == 201, made.content
    assert (made.json()["group"]["code"], made.json()["duns"]) == ("wide", DUNS)
    path, tag = made["Location"], made["ETag"]
    assert rest.get(path)["ETag"] == tag
    assert send(rest, "PATCH", path, {"name_en": "X"}).status_code == 428
    assert send(rest, "PATCH", path, {"name_en": "X"}, '"old"').status_code == 412
    for fixed in ({"code": "other"}, {"kind": "member"}):
        assert send(rest, "PATCH", path, fixed, tag).status_code == 422
    changed = send(rest, "PATCH", path, {"name_en": "X"}, tag)
    assert (changed.status_code, changed.json()["name_en"], changed.json()["duns"]) == (200, "X", DUNS)
    assert changed["ETag"] != tag and rest.get(path)["ETag"] == changed["ETag"]
    taken = send(rest, "POST", V1, NEW)
    assert taken.status_code == 422 and "duplicate_code" in taken.content.decode()
    assert send(rest, "POST", V1, {**NEW, "code": "b", "kind": "association"}).status_code in (400, 422)


def test_a_group_is_renamed_for_every_company_of_it(steward: User) -> None:
    pages = browser(steward)
    one = new.company("one")
    two = add_company(by=new.actor_of_user(steward), **NEW, group=one.group.code)
    path = f"/companies/{two.uuid}/group/"
    assert path in pages.get(f"/companies/{two.uuid}/").content.decode()
    assert pages.get(path).status_code == 200
    assert pages.post(path, {"name_zh": "", "name_en": "Wide"}).status_code == 422
    assert pages.post(path, {"name_zh": "广", "name_en": "Wide"}).status_code == 302
    assert "Wide" in pages.get(f"/companies/{one.uuid}/").content.decode()
    answer = send(pages, "POST", f"{V1}{one.uuid}/group/", {"name_en": "Wider"})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["group"]["name_zh"], answer.json()["group"]["name_en"]) == ("广", "Wider")


def test_the_sandbox_goes_where_its_company_goes(steward: User) -> None:
    company, parent = new.company("one"), new.company("parent")
    sandbox = open_sandbox(company, by=new.actor_of_user(new.person(company, Role.OWNER)))
    change_company(company, by=new.actor_of_user(steward), group=parent.group.code)
    sandbox.refresh_from_db()
    assert sandbox.group == parent.group


def test_people_make_no_office_and_no_sandbox(steward: User) -> None:
    actor = new.actor_of_user(steward)
    for kind in (Company.Kind.ASSOCIATION, Company.Kind.SANDBOX):
        with pytest.raises(Refusal) as refused:
            add_company(by=actor, **NEW, kind=kind)
        assert (refused.value.field, refused.value.code) == ("kind", "unknown_choice")
    assert add_company(by=Actor.worker(), **NEW, kind=Company.Kind.ASSOCIATION).kind == "association"


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_stored(steward: User) -> None:
    actor = new.actor_of_user(steward)
    with pytest.raises(Refusals) as refused:
        add_company(by=actor, code="a b", name_zh="", name_en="x\x00", group="no group", lei="1", duns=DUNS)
    assert {one.field for one in refused.value.refusals} == {"code", "name_zh", "name_en", "group", "lei"}
    assert not CompanyGroup.objects.filter(code="no group").exists()
    rival = new.company("rival")
    Company.objects.filter(pk=rival.pk).update(lei=LEI)
    with pytest.raises(Refusal, match="has this number"):
        add_company(by=actor, **NEW, lei=LEI)
    made = add_company(by=actor, **NEW)
    with pytest.raises(Refusal, match="has this number"):
        change_company(made, by=actor, lei=LEI)


def test_the_audit_log_keeps_what_was_said_before(steward: User) -> None:
    actor = new.actor_of_user(steward)
    with acting_as(actor):
        made = add_company(by=actor, **NEW)
        change_company(made, by=actor, name_en="Renamed")
    entry = entries(None, subject="accounts_company", action="changed")[-1]
    assert (entry.company_id, entry.actor) == (None, actor.signature)
    assert entry.facts["rows"][0]["before"]["name_en"] == "Newcomer"
    assert entry.facts["rows"][0]["after"]["name_en"] == "Renamed"


def test_the_outsider_keeps_nothing() -> None:
    rival, other = new.company("rival"), new.company("other")
    person = new.person(rival, Role.OWNER)
    outsider = browser(person)
    assert "/companies/add/" not in outsider.get("/companies/").content.decode()
    assert outsider.post("/companies/add/", {**NEW, "kind": "member"}).status_code == 403
    assert send(outsider, "POST", V1, NEW).status_code == 403
    for company in (rival, other):
        tag = outsider.get(f"{V1}{company.uuid}/")["ETag"]
        assert outsider.get(f"/companies/{company.uuid}/change/").status_code == 403
        assert send(outsider, "PATCH", f"{V1}{company.uuid}/", {"name_en": "X"}, tag).status_code == 403
        with pytest.raises(NotAllowed):
            change_company(company, by=new.actor_of_user(person), name_en="X")
