"""Single sign-on against a provider that really signs: who is known comes in, and only with a true token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from alliance.runtime.environment import Misconfigured, Surroundings, data_dir, single_sign_on
from tests import builders as new
from tests.accounts.identity_provider import CLIENT_ID, CLIENT_SECRET, Provider, identity_provider
from tests.accounts.test_second_factor import enrol
from tests.chains import entries

pytestmark = pytest.mark.django_db
ADDRESS = "li@petro.example"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, settings: Any) -> Provider:
    cache.clear()
    variables = {
        "OIDC_ISSUER": running.issuer,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_NAME": "Petro identity",
    }
    settings.SOCIALACCOUNT_PROVIDERS = single_sign_on(Surroundings(variables, data_dir({})))
    running.begin({"sub": "4711", "email": ADDRESS, "email_verified": True, "name": "Li"})
    return running


@pytest.fixture
def person(db: None) -> User:
    return new.person(new.company("petro"), Role.OWNER, email=ADDRESS)


def sign_on(provider: Provider, client: Client) -> HttpResponse:
    """From the button to the page after it."""
    away = client.post("/accounts/oidc/sso/login/")
    assert away.status_code == 302 and away["Location"].startswith(provider.issuer)
    back = provider.authorize(away["Location"])
    return client.get(back.removeprefix("http://testserver"))


def browser() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_who_is_known_comes_in_and_is_bound_to_the_identity(provider: Provider, person: User) -> None:
    client = browser()
    assert "Sign in with Petro identity" in client.get("/accounts/login/").content.decode()
    assert sign_on(provider, client)["Location"] == "/"
    assert is_in(client)
    assert SocialAccount.objects.get(user=person).uid == "4711"
    provider.claims["email"] = "renamed@petro.example"
    again = browser()
    sign_on(provider, again)
    assert is_in(again)
    told = [entry for entry in entries(person.memberships.get().company) if entry.action == "signed_in"]
    assert [entry.facts["methods"] for entry in told] == [["socialaccount"], ["socialaccount"]]
    person.refresh_from_db()
    assert person.has_usable_password()


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@petro.example"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email": None},
    ],
)
def test_nobody_else_does(provider: Provider, person: User, claims: dict[str, Any]) -> None:
    provider.claims.update(claims)
    client = browser()
    page = sign_on(provider, client)
    shown = client.get(page["Location"]) if page.status_code == 302 else page
    assert "people are invited" in shown.content.decode()
    assert not is_in(client)
    assert User.objects.count() == 1


@pytest.mark.parametrize("forged", ["signature", "audience", "issuer", "expired", "nonce", "no nonce"])
def test_a_false_token_opens_nothing(provider: Provider, person: User, forged: str) -> None:
    if forged == "signature":
        provider.published = generate_private_key(public_exponent=65537, key_size=2048)
    provider.claims |= {
        "audience": {"aud": "another"},
        "issuer": {"iss": "http://127.0.0.1:1"},
        "nonce": {"nonce": "of another question"},
        "no nonce": {"nonce": None},
    }.get(forged, {})
    if forged == "expired":
        provider.claims |= {"iat": 1_000_000_000, "exp": 1_000_000_060}
    client = browser()
    page = sign_on(provider, client)
    assert "did not confirm who you are" in page.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    "signs", [{"headers": {}}, {"headers": {"kid": "another"}}, {"key": "k" * 32, "algorithm": "HS256"}]
)
def test_a_token_that_cannot_be_verified_opens_nothing(
    provider: Provider, person: User, signs: dict[str, Any]
) -> None:
    provider.signs |= signs
    client = browser()
    assert "did not confirm who you are" in sign_on(provider, client).content.decode()
    assert not is_in(client)


def test_each_question_has_a_state_a_nonce_and_a_proof_key_of_its_own(provider: Provider) -> None:
    asked = []
    for _ in range(2):
        # what the caller adds to the address changes none of it
        away = browser().post("/accounts/oidc/sso/login/?auth_params=nonce%3Dmine%26code_challenge%3Dmine")
        asked.append(parse_qs(urlsplit(away["Location"]).query))
    for word in ("state", "nonce", "code_challenge"):
        first, second = (question[word][0] for question in asked)
        assert first != second and "mine" not in (first, second)
    assert [question["code_challenge_method"] for question in asked] == [["S256"], ["S256"]]


def test_an_answer_without_an_id_token_opens_nothing(provider: Provider, person: User) -> None:
    provider.gives = ("access_token",)
    client = browser()
    assert "did not confirm who you are" in sign_on(provider, client).content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("sub", ["4712", None])
def test_what_is_told_of_somebody_else_opens_nothing(
    provider: Provider, person: User, sub: str | None
) -> None:
    """The token is of one, the user info, where the address is, of another."""
    provider.userinfo = {"sub": sub}
    client = browser()
    assert "did not confirm who you are" in sign_on(provider, client).content.decode()
    assert not is_in(client)


def test_a_provider_under_another_name_is_not_asked(provider: Provider) -> None:
    provider.discovery = {"issuer": "https://another.example"}
    answer = browser().post("/accounts/oidc/sso/login/")
    assert answer.status_code == 401 and "did not confirm who you are" in answer.content.decode()


def test_a_provider_that_is_away_is_said_to_be(provider: Provider, settings: Any) -> None:
    variables = {"OIDC_ISSUER": "http://127.0.0.1:1", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}
    settings.SOCIALACCOUNT_PROVIDERS = single_sign_on(Surroundings(variables, data_dir({})))
    answer = browser().post("/accounts/oidc/sso/login/")
    assert answer.status_code == 401 and "did not confirm who you are" in answer.content.decode()


def test_an_answer_to_somebody_elses_question_opens_nothing(provider: Provider, person: User) -> None:
    """A browser that did not ask is not signed in by the link of one that did."""
    asked, lured = browser(), browser()
    away = asked.post("/accounts/oidc/sso/login/")
    back = provider.authorize(away["Location"]).removeprefix("http://testserver")
    page = lured.get(back)
    assert "did not confirm who you are" in page.content.decode()
    assert not is_in(lured)


def test_a_closed_account_stays_closed(provider: Provider, person: User) -> None:
    User.objects.update(is_active=False)
    client = browser()
    sign_on(provider, client)
    assert not is_in(client)


def test_the_second_factor_is_asked_all_the_same(provider: Provider, person: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = browser()
    sign_on(provider, client)
    assert client.get("/")["Location"] == "/account/"
    enrol(client)
    again = browser()
    assert sign_on(provider, again)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(again)


def test_a_deployment_without_one_has_no_such_door(db: None) -> None:
    assert Client().post("/accounts/oidc/sso/login/").status_code == 404
    with pytest.raises(Misconfigured, match="OIDC_CLIENT_SECRET"):
        single_sign_on(Surroundings({"OIDC_ISSUER": "https://x", "OIDC_CLIENT_ID": "y"}, data_dir({})))
