"""Numbers by which others know a company: checked, stated by its own people, named, recognised."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import identifiers
from accounts.actions.identifying import identify_company
from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import Company, User
from accounts.roles import Role
from footprint.partners import queries
from footprint.partners.actions.offering import company_urns
from tests import builders as new

LEI, OTHER_LEI = "529900T8BM49AURSDO55", "5493000IBP32UQZ0KL24"
USCC = "91110000600037341L"
BPNL = "BPNL00000003AYRE"
ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def with_check(first: str) -> str:
    number = int("".join(str(int(sign, 36)) for sign in first) + "00")
    return f"{first}{98 - number % 97:02d}"


@given(st.text(ALNUM, min_size=18, max_size=18), st.integers(0, 19), st.sampled_from(ALNUM))
def test_one_wrong_sign_of_an_lei_is_found(first: str, place: int, other: str) -> None:
    whole = with_check(first)
    assert identifiers.lei(whole) == whole
    changed = whole[:place] + other + whole[place + 1 :]
    is_same_sort = other.isdigit() == whole[place].isdigit()
    if changed != whole and is_same_sort:
        with pytest.raises(Refusal):
            identifiers.lei(changed)


@given(st.from_regex(r"[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{9}", fullmatch=True), st.data())
def test_one_wrong_sign_of_a_credit_code_is_found(first: str, data: st.DataObject) -> None:
    whole = first + identifiers.uscc_check(first)
    assert identifiers.uscc(whole) == whole
    place = data.draw(st.integers(0, 17))
    signs = "0123456789" if 2 <= place < 8 else identifiers.USCC_SIGNS
    other = data.draw(st.sampled_from(signs).filter(lambda sign: sign != whole[place]))
    with pytest.raises(Refusal):
        identifiers.uscc(whole[:place] + other + whole[place + 1 :])


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("lei", " 5299 00t8 bm49 aurs do55 ", LEI),
        ("lei", OTHER_LEI, OTHER_LEI),
        ("uscc", USCC.lower(), USCC),
        ("duns", "15-048-3782", "150483782"),
        ("bpnl", "bpnl 0000 0000 if61", "BPNL00000000IF61"),
        ("lei", "", ""),
    ],
)
def test_as_people_write_them(kind: str, written: str, kept: str) -> None:
    assert identifiers.READERS[kind](written) == kept


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        ("lei", LEI[:-1], "invalid_lei"),
        ("lei", LEI[:-1] + "6", "check_digits"),
        ("uscc", "9111000060003734IL", "invalid_uscc"),
        ("uscc", USCC[:-1] + "K", "check_digits"),
        ("duns", "12345678", "invalid_duns"),
        ("duns", "１２３４５６７８９", "invalid_duns"),
        ("bpnl", "BPNS00000003B5MJ", "invalid_bpnl"),
        ("bpnl", "BPNL00000003AYR", "invalid_bpnl"),
    ],
)
def test_what_is_none_is_refused_with_the_reason(kind: str, written: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        identifiers.READERS[kind](written)
    assert (refused.value.field, refused.value.code) == (kind, code)


def test_urns_there_and_back() -> None:
    stated = {"lei": LEI, "uscc": USCC, "duns": "150483782", "bpnl": BPNL}
    names = identifiers.urns(stated, domain="pcf.example")
    assert names == [
        f"urn:lei:{LEI}", f"urn:pact:pcf.example:uscc:{USCC}", "urn:duns:150483782", f"urn:bpn:id:{BPNL}"
    ]  # fmt: skip
    assert identifiers.named(names) == {kind: {number} for kind, number in stated.items()}
    assert identifiers.named([name.upper() for name in names]) == identifiers.named(names)
    strange = [None, 7, "urn:lei:nonsense", "urn:uuid:150483782", f"x urn:lei:{LEI}"]
    assert identifiers.named(strange) == {}


@pytest.mark.django_db
class TestDoors:
    def url(self, company: Company) -> str:
        return reverse("accounts:identifiers", args=[company.uuid])

    def browser(self, person: User) -> Client:
        User.objects.filter(pk=person.pk).update(locale="en")
        client = Client()
        client.force_login(person)
        return client

    def test_stated_on_the_page(self) -> None:
        company = new.company("member")
        browser = self.browser(new.person(company, Role.OWNER))
        assert (
            self.url(company)
            in browser.get(reverse("accounts:company", args=[company.uuid])).content.decode()
        )
        assert browser.get(self.url(company)).status_code == 200
        wrong = browser.post(self.url(company), {"lei": LEI[:-1] + "6", "duns": "1"})
        assert wrong.status_code == 422
        assert "check digits" in wrong.content.decode() and "nine digits" in wrong.content.decode()
        browser.post(self.url(company), {"lei": LEI, "uscc": USCC, "duns": "", "bpnl": BPNL})
        company.refresh_from_db()
        assert (company.lei, company.uscc, company.duns, company.bpnl) == (LEI, USCC, "", BPNL)
        shown = browser.get(reverse("accounts:company", args=[company.uuid])).content.decode()
        assert LEI in shown and BPNL in shown
        for number in (LEI, BPNL):
            found = browser.get(reverse("accounts:company_list"), {"search": number}).content.decode()
            assert str(company.uuid) in found

    def test_stated_over_rest(self) -> None:
        company = new.company("member")
        browser = self.browser(new.person(company, Role.OWNER))
        path = f"/api/v1/companies/{company.uuid}/"
        body = json.dumps({"lei": LEI, "bpnl": BPNL.lower()})
        told = browser.post(f"{path}identifiers/", body, content_type="application/json")
        assert (told.status_code, told.json()["lei"]) == (200, LEI)
        assert browser.get(path).json()["bpnl"] == BPNL
        wrong = browser.post(f"{path}identifiers/", '{"uscc": "1"}', content_type="application/json")
        assert wrong.status_code == 422
        assert browser.get(path).json()["lei"] == LEI, "what is not given stays"

    def test_two_companies_have_not_the_same_number(self) -> None:
        one, other = new.company("one"), new.company("other")
        identify_company(one, by=new.actor(one, Role.OWNER), lei=LEI)
        with pytest.raises(Refusal) as refused:
            identify_company(other, by=new.actor(other, Role.OWNER), lei=LEI)
        assert refused.value.code == "taken"
        with pytest.raises(Refusals):
            identify_company(other, by=new.actor(other, Role.OWNER), lei=LEI, duns="1")
        identify_company(one, by=new.actor(one, Role.OWNER), lei="")
        identify_company(other, by=new.actor(other, Role.OWNER), lei=LEI)

    def test_named_for_partners_and_recognised(self, settings: object) -> None:
        company = new.company("one")
        identify_company(company, by=new.actor(company, Role.OWNER), lei=LEI, uscc=USCC)
        assert company_urns(company)[0] == f"urn:lei:{LEI}"
        assert list(queries.companies_named([f"URN:LEI:{LEI.lower()}"])) == [company]
        assert list(queries.companies_named([f"urn:pact:elsewhere.example:uscc:{USCC}"])) == [company]
        assert list(queries.companies_named([f"urn:lei:{OTHER_LEI}", "urn:lei:"])) == []

    def test_only_its_own_people_state_them(self) -> None:
        company = new.company("member")
        for actor in (new.actor(company, Role.PLANT_PROVIDER), new.actor(new.company("x"), Role.OWNER)):
            with pytest.raises(NotAllowed):
                identify_company(company, by=actor, lei=LEI)
        outsider = self.browser(new.person(new.company("outsider"), Role.OWNER))
        assert outsider.post(self.url(company), {"lei": LEI}).status_code == 403
