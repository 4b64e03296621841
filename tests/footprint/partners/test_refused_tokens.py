"""Refused tokens are in the log of the company whose client or partner it is, once a minute each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.utils import timezone
from oauth2_provider.models import AccessToken

from accounts import refusals
from accounts.actions import add_service_client, issue_secret, revoke_secret, stop_service_client
from accounts.actions.client import Credentials
from accounts.limits import Limit
from accounts.models import Company
from accounts.refusals import Reason, is_told
from accounts.roles import Role
from footprint.partners import actions
from footprint.partners.actions import connecting, revoke_partner_secret
from footprint.partners.models import PartnerSecret
from tests import builders as new
from tests.api.conftest import Machine, token_request
from tests.chains import entries
from tests.footprint.exchange.test_import_jobs import signed_in
from tests.footprint.partners.conftest import System, World


def reasons(company: Company) -> list[str]:
    return [each.facts["reason"] for each in entries(company, action="token_refused")]


@pytest.fixture
def made(db: None) -> Credentials:
    company = new.company("petro")
    return add_service_client(company, by=new.actor(company), name="SAP")


def token(made: Credentials, secret: str = "") -> Any:
    return token_request(made.client.application, secret=secret or made.client_secret)


def test_a_wrong_secret_is_written_down_once_a_minute_and_never_itself(made: Credentials) -> None:
    for _time in range(3):
        assert token(made, "guess-number-17").status_code == 401
    (told,) = entries(made.client.company, action="token_refused")
    assert told.facts == {"reason": "wrong_secret", "status": 401, "address": "127.0.0.1"}
    assert (told.actor, told.about) == ("nobody", [made.client.uuid])
    assert "guess" not in str(told.facts)


def test_a_secret_that_ended_is_told_from_a_wrong_one(made: Credentials) -> None:
    owner = new.actor(made.client.company)
    second = issue_secret(made.client, by=owner)
    revoke_secret(made.client.secrets.earliest("created_at"), by=owner)
    assert token(made).status_code == 401
    made.client.secrets.filter(revoked_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert token(made, second.client_secret).status_code == 401
    assert reasons(made.client.company) == ["revoked", "expired"]


def test_a_token_that_is_over_or_was_ended_is_known_still(made: Credentials) -> None:
    owner, company = new.actor(made.client.company), made.client.company
    first = token(made).json()["access_token"]
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert Machine(first).get("products/").status_code == 401
    assert Machine("never-issued").get("products/").status_code == 401
    assert reasons(company) == ["expired"]
    second = token(made).json()["access_token"]
    assert Machine(second).get("products/").status_code == 200
    stop_service_client(made.client, by=owner)
    for _time in range(2):
        assert Machine(second).get("products/").status_code == 401
    assert reasons(company) == ["expired", "revoked"]
    assert token(made).status_code == 401
    assert reasons(company) == ["expired", "revoked"], "the same reason within a minute"


def test_what_came_from_elsewhere_is_told_whether_the_secret_is_right_or_not(db: None) -> None:
    company = new.company("petro")
    made = add_service_client(company, by=new.actor(company), name="SAP", networks="203.0.113.8/29")
    assert token(made, "wrong").status_code == token(made).status_code == 401
    assert reasons(company) == ["elsewhere"]


def test_a_minute_later_it_is_written_down_again(made: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_told(made.client.uuid, Reason.EXPIRED)
    assert not is_told(made.client.uuid, Reason.EXPIRED)
    assert is_told(made.client.uuid, Reason.REVOKED)
    assert (refusals.ONCE_A_MINUTE.most, refusals.ONCE_A_MINUTE.seconds) == (1, 60)
    monkeypatch.setattr(refusals, "ONCE_A_MINUTE", Limit("next-minute", 1, 60))
    assert is_told(made.client.uuid, Reason.EXPIRED)


def test_the_page_says_why_in_words(made: Credentials) -> None:
    token(made, "guess")
    assert reasons(made.client.company) == ["wrong_secret"]
    page = signed_in(new.person(made.client.company, Role.OWNER)).get("/audit/").content.decode()
    assert "Access token refused" in page
    assert "Wrong secret" in page


def test_a_partner_that_is_refused_is_told_to_the_company(world: World, system: System) -> None:
    client_id, secret = world.credentials.client_id, world.credentials.client_secret
    for _time in range(2):
        assert system.token(client_id, "guess-number-17").status_code == 401
    (told,) = entries(world.company, action="token_refused")
    assert told.facts == {"reason": "wrong_secret", "status": 401, "address": "127.0.0.1"}
    assert (told.actor, told.about) == ("nobody", [world.connection.uuid])
    second = actions.issue_partner_secret(world.connection, by=world.owner, at=timezone.now())
    PartnerSecret.objects.filter(hint=secret[-4:]).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert system.token(client_id, secret).status_code == 401
    made = PartnerSecret.objects.get(hint=second.client_secret[-4:])
    actions.revoke_partner_secret(made, by=world.owner, at=timezone.now())
    assert system.token(client_id, second.client_secret).status_code == 401
    assert reasons(world.company) == ["wrong_secret", "expired", "revoked"]


def test_a_secret_that_is_revoked_while_it_is_compared_opens_nothing(
    world: World, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(given: str, hashed: str) -> bool:
        revoke_partner_secret(PartnerSecret.objects.get(hashed=hashed), by=world.owner, at=timezone.now())
        return check_password(given, hashed)

    monkeypatch.setattr(connecting, "check_password", slowly)
    made = world.credentials
    assert system.token(made.client_id, made.client_secret).status_code == 401
    assert not AccessToken.objects.filter(expires__gt=timezone.now()).exists()


def test_a_partner_that_was_shut_out_is_revoked_whatever_it_sends(world: World, system: System) -> None:
    actions.revoke_connection(world.connection, by=world.owner, at=timezone.now())
    assert system.token(world.credentials.client_id, "anything").status_code == 401
    assert reasons(world.company) == ["revoked"]


def test_nobody_s_client_is_told_to_nobody(world: World, system: System) -> None:
    outsider = new.company()
    for client_id in ("", "unknown", "nul\0"):
        assert system.token(client_id, "x").status_code == 401
    assert system.token(world.credentials.client_id, "x").status_code == 401
    assert reasons(outsider) == []
    assert entries(None, action="token_refused") == []
