"""Sessions end: when idle, when old, when their owner says so, with the password, with the account."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts import sessions
from accounts.actions import close_account, open_account
from accounts.models import AuditEntry, Company, User
from accounts.roles import Role
from tests import builders as new
from tests.accounts.test_second_factor import PASSWORD, signed_in
from tests.chains import settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db: None) -> Company:
    cache.clear()
    return new.company("petro")


@pytest.fixture
def owner(company: Company) -> User:
    return new.person(company, Role.OWNER)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """So many seconds after now; of the whole clock, the sessions' alone."""
    now = time.time() + seconds
    monkeypatch.setattr(sessions, "time", SimpleNamespace(time=lambda: now))


def test_idle_sessions_end_and_say_why(
    owner: User, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(owner)
    later(monkeypatch, settings.SESSION_IDLE_SECONDS - 5)
    assert is_in(client), "and this use is noted"
    later(monkeypatch, settings.SESSION_IDLE_SECONDS * 2 - 15)
    assert is_in(client)
    later(monkeypatch, settings.SESSION_IDLE_SECONDS * 3)
    page = client.get("/account/", follow=True)
    assert page.redirect_chain[0][0].startswith("/accounts/login/")
    assert "nothing was done for a while" in page.content.decode()
    settle()
    ended = AuditEntry.objects.get(action="session_ended", company=company)
    assert ended.facts["reason"] == "idle" and ended.actor == f"person:{owner.uuid}"


def test_a_page_that_waits_does_not_keep_a_session(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(owner)
    for share in (0.4, 0.8):
        later(monkeypatch, settings.SESSION_IDLE_SECONDS * share)
        assert client.get("/account/", headers={"X-By-Itself": "1"}).status_code == 200
    later(monkeypatch, settings.SESSION_IDLE_SECONDS + 1)
    assert not is_in(client)


def test_old_sessions_end_however_busy(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(owner)
    step = settings.SESSION_IDLE_SECONDS - 60
    for passed in range(0, settings.SESSION_COOKIE_AGE - 60, step):
        later(monkeypatch, passed)
        assert is_in(client), passed
    later(monkeypatch, settings.SESSION_COOKIE_AGE + 1)
    assert not is_in(client)


def test_a_use_is_written_once_a_minute(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(owner)
    is_in(client)
    before = client.session[sessions.SEEN]
    later(monkeypatch, 30)
    is_in(client)
    assert client.session[sessions.SEEN] == before
    later(monkeypatch, 61)
    is_in(client)
    assert client.session[sessions.SEEN] > before


def test_one_sees_ones_sessions_and_ends_one(owner: User, company: Company) -> None:
    here, there = signed_in(owner), signed_in(owner)
    stranger = signed_in(new.person(new.company(), Role.OWNER))
    listed = here.get("/account/").context["sessions"]
    assert [one.is_current for one in listed] == [True, False]
    assert stranger.post(f"/account/sessions/{listed[1].pk}/end/").status_code == 404
    assert is_in(there)
    assert here.post(f"/account/sessions/{listed[0].pk}/end/").status_code == 404, "not this one"
    assert here.post(f"/account/sessions/{listed[1].pk}/end/").status_code == 302
    assert is_in(here) and not is_in(there)
    settle()
    assert AuditEntry.objects.filter(action="session_ended", company=company).count() == 1


def test_end_all_others(owner: User) -> None:
    here, there, bare = signed_in(owner), signed_in(owner), Client()
    bare.force_login(owner)
    assert here.post("/account/sessions/end-others/").status_code == 302
    assert is_in(here) and not is_in(there) and not is_in(bare)
    assert len(here.get("/account/").context["sessions"]) == 1


def test_a_new_password_ends_the_others(owner: User) -> None:
    here, there = signed_in(owner), signed_in(owner)
    new_one = "quite another phrase 7"
    answer = here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new_one, "password2": new_one},
    )
    assert answer.status_code == 302, answer.content.decode()
    assert is_in(here) and not is_in(there)


def test_nobody_gives_themselves_another_address(owner: User) -> None:
    client, before = signed_in(owner), owner.email
    for deed in ("action_add", "action_primary", "action_send", "action_remove"):
        refused = client.post("/accounts/email/", {deed: "", "email": "somebody@else.example"})
        assert refused.status_code == 422
    owner.refresh_from_db()
    assert owner.email == before
    assert set(EmailAddress.objects.values_list("email", flat=True)) <= {before}


def test_a_closed_account_is_out_at_once(owner: User, company: Company) -> None:
    client = signed_in(owner)
    colleague = new.actor(company, Role.OWNER)
    close_account(owner, by=colleague)
    assert not is_in(client)
    assert client.get("/api/v1/products/").status_code == 401
    refused = Client().post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
    assert refused.status_code != 200 or not refused.wsgi_request.user.is_authenticated
    open_account(owner, by=colleague)
    assert not is_in(client), "the old session stays over"
    assert is_in(signed_in(owner))


def test_the_sign_in_is_throttled_and_tells_nobody_who_exists(owner: User) -> None:
    def said(email: str) -> str:
        cache.clear()
        client = Client(headers={"accept-language": "en"})
        page = client.post("/accounts/login/", {"login": email, "password": "wrong wrong wrong"})
        return "".join(page.context["form"].non_field_errors()) + str(page.status_code)

    assert said(owner.email) == said("nobody@example.com")
    cache.clear()
    tries = [
        Client(headers={"accept-language": "en"}).post(
            "/accounts/login/", {"login": owner.email, "password": f"wrong {number}"}
        )
        for number in range(7)
    ]
    assert "Too many" in tries[-1].content.decode()
    right = Client().post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
    assert not right.wsgi_request.user.is_authenticated


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("curl/8.1", "curl/8.1"),
        ("", ""),
    ],
)
def test_browsers_are_named(agent: str, words: str) -> None:
    assert sessions.browser_of(agent) == words
