"""Roles that decide sleep until there is a second factor; what changes one ends every other session."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import AuditEntry, Company, User
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.second_factor import SecondFactors
from tests import builders as new
from tests.accounts.otp import code_of
from tests.chains import settle

pytestmark = pytest.mark.django_db
PASSWORD = "a long password 1"


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()


@pytest.fixture
def company(db: None) -> Company:
    return new.company("petro")


def signed_in(person: User) -> Client:
    """By the form, with everything the library notes about it."""
    client = Client()
    client.cookies["django_language"] = "en"
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return client


def enrol(client: Client) -> tuple[str, list[str]]:
    """Add an app; its secret and the recovery codes that came with it."""
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r"data-secret>([A-Z2-7]+)<", page)
    assert found, page
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(found[1])})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"]).content.decode()
    return found[1], re.findall(r"<li><code>(\d+)</code></li>", page)


def test_a_role_that_decides_sleeps_until_there_is_a_second_factor(required: None, company: Company) -> None:
    client = signed_in(new.person(company, Role.OWNER))
    assert client.get("/")["Location"] == "/account/"
    assert client.get(f"/companies/{company.uuid}/people/")["Location"] == "/account/"
    refused = client.get("/api/v1/products/")
    assert refused.status_code == 403
    assert "second factor" in refused.json()["detail"]
    page = client.get("/account/").content.decode()
    assert "Your roles need a second factor" in page
    _secret, codes = enrol(client)
    assert len(codes) == 10
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/products/").status_code == 200


def test_a_new_password_by_mail_does_not_pass_the_second_factor(required: None, company: Company) -> None:
    person = new.person(company, Role.OWNER)
    enrol(signed_in(person))
    client, password = Client(), "four other plain words"
    client.post("/accounts/password/reset/", {"email": person.email})
    [link] = re.findall(r"/accounts/password/reset/key/\S+/", mail.outbox[-1].body)
    form = client.get(link)["Location"]
    assert client.post(form, {"password1": password, "password2": password}).status_code == 302
    assert client.get("/")["Location"].startswith("/accounts/login/")
    answer = client.post("/accounts/login/", {"login": person.email, "password": password})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/")["Location"].startswith("/accounts/login/")
    assert client.get(link).status_code == 200, "the link is spent"


@pytest.mark.parametrize("role", list(Role))
def test_which_roles_need_one(required: None, company: Company, role: Role) -> None:
    client = signed_in(new.person(company, role))
    free = role in (Role.PLANT_PROVIDER, Role.ERP_CLIENT, Role.PUBLIC)
    assert client.get("/").status_code == (200 if free else 302)


def test_the_demonstration_offers_it_and_says_so(company: Company) -> None:
    client = signed_in(new.person(company, Role.OWNER))
    page = client.get("/")
    assert page.status_code == 200
    assert "work here without a second factor" in page.content.decode()


def test_the_next_sign_in_asks_for_a_code_and_takes_it_once(required: None, company: Company) -> None:
    person = new.person(company, Role.OWNER)
    secret, _codes = enrol(signed_in(person))
    cache.clear()
    client = signed_in(person)
    assert client.get("/")["Location"].startswith("/accounts/login/")
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    code = code_of(secret)
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/").status_code == 200
    again = signed_in(person)
    assert again.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert again.get("/").status_code == 302


def test_a_recovery_code_opens_once(required: None, company: Company) -> None:
    person = new.person(company, Role.OWNER)
    _secret, codes = enrol(signed_in(person))
    client = signed_in(person)
    assert client.post("/accounts/2fa/authenticate/", {"code": codes[3]}).status_code == 302
    assert "9 left" in client.get("/account/").content.decode()
    again = signed_in(person)
    assert again.post("/accounts/2fa/authenticate/", {"code": codes[3]}).status_code == 200
    assert again.get("/").status_code == 302
    assert codes[4] not in client.get("/accounts/2fa/recovery-codes/").content.decode(), "shown once"


def test_a_new_factor_ends_the_other_sessions(required: None, company: Company) -> None:
    person = new.person(company, Role.OWNER)
    here, elsewhere, bare = signed_in(person), signed_in(person), Client()
    bare.force_login(person)
    enrol(here)
    assert here.get("/account/").status_code == 200
    for other in (elsewhere, bare):
        assert other.get("/account/")["Location"].startswith("/accounts/login/")


def test_the_last_factor_stays_with_whom_it_is_needed_by(required: None, company: Company) -> None:
    person = new.person(company, Role.OWNER)
    client = signed_in(person)
    enrol(client)
    kept = client.post("/accounts/2fa/totp/deactivate/")
    assert kept.status_code == 200
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "key"})
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    key = Authenticator.objects.get(user=person, type="webauthn")
    assert client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/").status_code == 403
    person.memberships.update(role=Role.PLANT_PROVIDER)
    assert client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/").status_code == 302
    assert not Authenticator.objects.filter(user=person).exists(), "recovery codes go with the last factor"


def test_the_form_of_a_security_key_speaks_chinese(company: Company) -> None:
    client = signed_in(new.person(company, Role.OWNER))
    client.cookies["django_language"] = "zh-hans"
    page = client.get("/accounts/2fa/webauthn/add/").content.decode()
    assert '<label class="field-label" id="id_name_label" for="id_name">名称' in page


def test_factors_are_in_the_audit_log_and_their_secrets_are_not(company: Company) -> None:
    person = new.person(company, Role.OWNER)
    secret, codes = enrol(signed_in(person))
    settle()
    entries = AuditEntry.objects.filter(subject="mfa_authenticator", company=company)
    assert {entry.action for entry in entries} >= {"added"}
    assert all(person.uuid in entry.about for entry in entries)
    written = " ".join(str(entry.facts) for entry in AuditEntry.objects.all())
    kept = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert secret not in written and secret not in kept and kept not in written
    assert not any(code in written for code in codes)


def test_a_wrong_code_is_in_the_audit_log(company: Company) -> None:
    person = new.person(company, Role.OWNER)
    enrol(signed_in(person))
    signed_in(person).post("/accounts/2fa/authenticate/", {"code": "000000"})
    settle()
    failed = AuditEntry.objects.filter(action="sign_in_failed", company=company)
    assert [entry.facts["reason"] for entry in failed] == ["second factor"]


def test_secrets_open_under_a_former_secret_key(settings: Any) -> None:
    kept = SecondFactors().encrypt("JBSWY3DPEHPK3PXP")
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another " + "x" * 50
    settings.SECRET_KEY_FALLBACKS = [former]
    assert SecondFactors().decrypt(kept) == "JBSWY3DPEHPK3PXP"


def test_no_door_works_with_sleeping_roles(required: None, company: Company) -> None:
    """Beside the middleware: whoever forgets it asks an actor without roles."""
    actor = actor_of_user(new.person(company, Role.OWNER))
    assert actor.company_ids and not actor.asleep().company_ids
    assert not actor.asleep().roles
