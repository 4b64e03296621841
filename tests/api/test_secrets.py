"""Secrets of machine clients: two while moving over, until their day, from the networks that were named."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from oauth2_provider.models import Application

from accounts.actions import add_service_client, client, issue_secret, revoke_secret
from accounts.actions.client import Credentials, use_secret
from accounts.addresses import address_of, is_within, networks_in
from accounts.errors import NotAllowed, Refusal
from accounts.models import ClientSecret, Company, ServiceClient
from accounts.queries import actor_of_user
from accounts.roles import Role
from accounts.secrets_sql import CARRY_SECRETS
from tests import builders as new
from tests.api.conftest import Machine, token_request
from tests.chains import entries

OWN, OTHER = "203.0.113.9", "198.51.100.1"


@pytest.fixture
def company(db: None) -> Company:
    return new.company("petro")


@pytest.fixture
def made(company: Company) -> Credentials:
    return add_service_client(company, by=new.actor(company), name="SAP")


def token(made: Credentials, secret: str = "") -> HttpResponse:
    return token_request(made.client.application, secret=secret or made.client_secret)


def test_moving_over_without_standing_still(company: Company, made: Credentials) -> None:
    owner = new.actor(company)
    first_token = token(made).json()["access_token"]
    second = issue_secret(made.client, by=owner)
    assert token(made).status_code == token(made, second.client_secret).status_code == 200
    with pytest.raises(Refusal) as refused:
        issue_secret(made.client, by=owner)
    assert refused.value.code == "two_secrets"
    first = made.client.secrets.order_by("created_at").first()
    assert first is not None and first.last_used_at is not None
    revoke_secret(first, by=owner)
    assert token(made).status_code == 401
    assert Machine(first_token).get("products/").status_code == 401, "tokens end with a secret"
    kept = token(made, second.client_secret).json()["access_token"]
    assert Machine(kept).get("products/").status_code == 200
    assert issue_secret(made.client, by=owner).client_secret != second.client_secret
    written = " ".join(str(entry.facts) for entry in entries(company))
    assert second.client_secret not in written and first.hashed not in written
    assert "accounts_clientsecret" in {entry.subject for entry in entries(company)}


def test_the_database_knows_no_third(made: Credentials) -> None:
    ClientSecret.objects.create(client=made.client, slot=2, hashed="x", hint="x")
    for slot in (1, 2, 3):
        with pytest.raises(IntegrityError), transaction.atomic():
            ClientSecret.objects.create(client=made.client, slot=slot, hashed="x", hint="x")


def test_an_expired_secret_ends_its_tokens_and_gives_its_place_back(
    company: Company, made: Credentials
) -> None:
    issued = token(made).json()["access_token"]
    owner = new.actor(company)
    issue_secret(made.client, by=owner)
    made.client.secrets.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert token(made).status_code == 401
    assert Machine(issued).get("products/").status_code == 401
    assert token(made, issue_secret(made.client, by=owner).client_secret).status_code == 200
    with pytest.raises(Refusal):
        issue_secret(made.client, by=owner, days=10_000)


def test_secrets_are_hashed_and_of_their_client_alone(company: Company, made: Credentials) -> None:
    other = add_service_client(company, by=new.actor(company), name="MES")
    assert not use_secret(other.client_id, made.client_secret, at=timezone.now())
    assert not use_secret(made.client_id, "", at=timezone.now())
    kept = made.client.secrets.get()
    assert made.client_secret not in kept.hashed and kept.hint == made.client_secret[-4:]
    assert made.client_secret.startswith("pcf_") and len(made.client_secret) > 40


def test_a_secret_that_is_revoked_while_it_is_compared_opens_nothing(
    company: Company, made: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = made.client.secrets.get()

    def slowly(given: str, hashed: str) -> bool:
        revoke_secret(kept, by=new.actor(company))
        return check_password(given, hashed)

    monkeypatch.setattr(client, "check_password", slowly)
    assert not use_secret(made.client_id, made.client_secret, at=timezone.now())


@pytest.mark.parametrize("header", ["Basic !!!", "Basic ", "basic eDp5"])
def test_what_opens_is_what_is_written_down(company: Company, made: Credentials, header: str) -> None:
    body = {"grant_type": "client_credentials", "client_id": made.client_id}
    body["client_secret"] = made.client_secret
    told = Client().post("/oauth/token/", body, headers={"Authorization": header})
    assert told.status_code == 401
    assert Client().post("/oauth/token/", body).status_code == 200
    assert [entry.action for entry in entries(company)].count("token_issued") == 1


def call(path: str, address: str, **more: Any) -> HttpResponse:
    method = Client().post if "grant_type" in str(more) else Client().get
    return method(path, REMOTE_ADDR=address, **more)


def test_networks_hold_at_the_gate_and_at_every_call(company: Company) -> None:
    made = add_service_client(company, by=new.actor(company), name="SAP", networks="203.0.113.8/29")
    form = {
        "grant_type": "client_credentials",
        "client_id": made.client_id,
        "client_secret": made.client_secret,
    }
    assert call("/oauth/token/", OTHER, data=form).status_code == 401
    got = call("/oauth/token/", OWN, data=form)
    assert got.status_code == 200
    bearer = {"headers": {"Authorization": f"Bearer {got.json()['access_token']}"}}
    assert call("/api/v1/products/", OWN, **bearer).status_code == 200
    assert call("/api/v1/products/", "203.0.113.16", **bearer).status_code == 401, "one behind the last"
    assert call("/api/v1/products/", "::ffff:203.0.113.9", **bearer).status_code == 200
    refused = [each.facts["address"] for each in entries(company) if each.action == "token_refused"]
    assert refused == [OTHER], "once a minute for each client and reason"


def test_whose_address_counts(settings: Any) -> None:
    def asked(forwarded: str = "", socket: str = "10.0.0.2") -> str:
        more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
        return str(address_of(RequestFactory().get("/", REMOTE_ADDR=socket, **more)))

    assert asked("1.2.3.4") == "10.0.0.2", "nobody is believed unless a proxy of ours is there"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert asked("1.2.3.4, 203.0.113.9") == "203.0.113.9"
    assert asked() == "None" and asked("rubbish") == "None"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert asked("1.2.3.4, 203.0.113.9, 10.0.0.1") == "203.0.113.9"
    assert asked("203.0.113.9") == "None"


@given(st.integers(0, 2**32 - 1), st.integers(0, 32), st.integers(0, 2**32 - 1))
def test_a_network_holds_exactly_its_addresses(base: int, prefix: int, number: int) -> None:
    network = ip_network((base >> (32 - prefix) << (32 - prefix), prefix))
    address = IPv4Address(number)
    [kept] = networks_in(str(network))
    shares = int(address) >> (32 - prefix) == int(network.network_address) >> (32 - prefix)
    assert is_within(address, [kept]) == shares
    assert is_within(network.network_address, [kept]) and is_within(network.broadcast_address, [kept])
    assert not is_within(ip_address("2001:db8::1"), [kept])


@pytest.mark.parametrize("word", ["203.0.113.9/24", "somewhere", "1.2.3", "203.0.113.0/33", "::ffff:1.2.3.4"])
def test_what_is_no_network(word: str) -> None:
    with pytest.raises(Refusal) as refused:
        networks_in(f"192.0.2.0/24\n{word}")
    assert refused.value.field == "networks"


def test_from_the_pages(company: Company, made: Credentials) -> None:
    owner = Client()
    owner.cookies["django_language"] = "en"
    owner.force_login(new.person(company, Role.OWNER))
    base = f"/companies/{company.uuid}/clients/"
    assert "SAP" in owner.get(base).content.decode()
    wrong = owner.post(f"{base}add/", {"name": "MES", "networks": "203.0.113.9/24", "days": "90"})
    assert wrong.status_code == 422 and "CIDR" in wrong.content.decode()
    shown = owner.post(f"{base}add/", {"name": "MES", "networks": "203.0.113.0/24", "days": "90"})
    assert shown["Cache-Control"] == "no-store"
    client = ServiceClient.objects.get(name="MES")
    secret = client.secrets.get()
    assert secret.hint in shown.content.decode() and secret.expires_at is not None
    page = f"/clients/{client.uuid}/"
    assert secret.hashed not in owner.get(page).content.decode()
    assert owner.post(f"{page}change/", {"name": "MES 2", "networks": ""}).status_code == 302
    assert owner.post(f"{page}secret/", {"days": "180"}).status_code == 200
    assert owner.post(f"{page}secret/", {"days": "180"}).status_code == 422
    assert owner.post(f"{page}secret/{secret.uuid}/end/").status_code == 302
    assert owner.post(f"{page}stop/").status_code == 302
    client.refresh_from_db()
    assert (client.name, client.networks, client.is_active) == ("MES 2", [], False)
    assert owner.get(page).status_code == 200
    approver, stranger = Client(), Client()
    approver.force_login(new.person(company, Role.APPROVER))
    stranger.force_login(new.person(new.company(), Role.OWNER))
    assert approver.get(base).status_code == 403 and approver.get(page).status_code == 404
    for path in (page, f"{page}stop/", f"{page}secret/", f"{page}change/"):
        assert stranger.post(path).status_code == 404
    assert stranger.get(base).status_code == 403
    with pytest.raises(NotAllowed):
        revoke_secret(made.client.secrets.get(), by=actor_of_user(new.person(company, Role.APPROVER)))


def test_what_clients_had_before_they_go_on_with(company: Company) -> None:
    """The migration's own statement, on a client as it used to be."""
    application = Application.objects.create(
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_secret="from the times of one secret",
    )
    ServiceClient.objects.create(company=company, application=application, name="old")
    assert token_request(application, secret="from the times of one secret").status_code == 401
    with connection.cursor() as cursor:
        cursor.execute(CARRY_SECRETS)
    assert token_request(application, secret="from the times of one secret").status_code == 200
