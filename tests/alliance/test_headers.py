"""What answers tell the browser, whoever gives them; and a place for browsers to complain."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.test import Client

from accounts import middleware
from accounts.roles import Role
from alliance.pages import csp_report
from alliance.runtime.environment import ROOT
from tests import builders as new

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'",
    "form-action 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
    "trusted-types default looking", "report-uri /csp/",
}  # fmt: skip
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
EMPTY = b'{"csp-report": {}}'
SHOW = """
import json
from django.conf import settings
names = '''SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE
    SESSION_COOKIE_HTTPONLY CSRF_COOKIE_HTTPONLY SECURE_HSTS_SECONDS
    SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_SSL_REDIRECT
    LANGUAGE_COOKIE_SECURE SESSION_COOKIE_DOMAIN SESSION_COOKIE_PATH ALLAUTH_TRUSTED_PROXY_COUNT'''.split()
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def look(reply: Any) -> None:
    policy = {part.strip() for part in reply["Content-Security-Policy"].split(";")}
    assert policy >= POLICY
    assert "unsafe" not in reply["Content-Security-Policy"]
    assert {name: reply[name] for name in EVERYWHERE} == EVERYWHERE
    assert reply["Cache-Control"].find("no-store") >= 0
    assert "camera=()" in reply["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/accounts/login/",
        "/products/",
        "/nowhere/",
        "/api/v1/products/",
        "/api/x",
        "/healthz",
        "/readyz",
        "/metrics",
    ],
)
def test_every_answer_says_it(client: Client, path: str) -> None:
    look(client.get(path))
    client.force_login(new.person(new.company(), Role.OWNER))
    look(client.get(path))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_who_watches_is_not_sent_to_https(client: Client, settings: Any, path: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path).status_code in (200, 503)
    assert client.get("/products/").status_code == 301


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/3/footprints", "/2/nowhere", "/auth/token"])
def test_answers_to_partners_systems_say_it_too(client: Client, path: str) -> None:
    look(client.get(path, secure=True))
    look(client.get(path))


@pytest.mark.django_db
def test_refusals_on_the_way_say_it_too(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS = {"login": (1, 60)}
    replies = [client.post("/accounts/login/") for _ in range(2)]
    assert replies[1].status_code == 429
    look(replies[1])

    def gone(request: object) -> None:
        raise OperationalError

    monkeypatch.setattr(middleware, "actor_of", gone)
    reply = client.get("/products/")
    assert reply.status_code == 503
    look(reply)


def test_only_the_viewer_of_the_interface_may_write_markup(client: Client, db: None) -> None:
    policy = client.get("/api/docs/")["Content-Security-Policy"]
    assert "require-trusted-types-for" not in policy
    assert "script-src 'self'" in policy


def test_trusted_types_come_before_any_other_script() -> None:
    assert finders.find("js/trusted.js")
    for page in ("base.html", "503.html"):
        text = (ROOT / "templates" / page).read_text()
        assert text.index("js/trusted.js") == min(
            text.index(part) for part in text.split('"') if part.endswith(".js")
        )


@pytest.mark.parametrize(("url", "https"), [("https://pcf.example", True), ("http://localhost:8000", False)])
def test_cookies_of_a_real_installation(url: str, https: bool) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "PUBLIC_URL": url,
        "SECRET_KEY": "x" * 60,
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
    }
    words = [sys.executable, "-W", "ignore", "-c", SHOW]
    found = json.loads(
        subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, check=True).stdout
    )
    assert found["SESSION_COOKIE_NAME"] == ("__Host-sessionid" if https else "sessionid")
    assert found["CSRF_COOKIE_NAME"] == ("__Host-csrftoken" if https else "csrftoken")
    assert found["SESSION_COOKIE_HTTPONLY"] and found["CSRF_COOKIE_HTTPONLY"]
    assert (found["SESSION_COOKIE_DOMAIN"], found["SESSION_COOKIE_PATH"]) == (None, "/")
    secure = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    assert {found[name] for name in secure} == {https}
    assert found["SECURE_HSTS_SECONDS"] == (365 * 24 * 3600 if https else 0)


def complain(client: Client, body: bytes, kind: str = "application/csp-report") -> list[str]:
    heard: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    csp_report.logger.addHandler(listener)
    try:
        reply = client.post("/csp/", body, content_type=kind)
    finally:
        csp_report.logger.removeHandler(listener)
    assert (reply.status_code, reply.content) == (204, b"")
    return heard


@pytest.mark.django_db
def test_a_violation_is_one_line_in_the_log() -> None:
    client = Client(enforce_csrf_checks=True)
    report = {
        "document-uri": "https://pcf.example/products/?search=secret\nFORGED",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?token=secret",
    }
    (line,) = complain(client, json.dumps({"csp-report": report}).encode())
    assert "script-src-elem" in line and "evil.example/x.js" in line
    assert "secret" not in line and "\n" not in line
    newer = [
        {"type": "csp-violation", "body": {"documentURL": "https://a.example/", "effectiveDirective": "x"}}
    ] * 50
    assert (
        len(complain(client, json.dumps(newer).encode(), "application/reports+json"))
        == csp_report.MOST_REPORTS
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"[1]",
        b'{"csp-report": 1}',
        b"[" * 10_000,
        b"x" * 20_000,
        b'{"csp-report": {}}',
    ],
)
def test_nonsense_is_no_violation(body: bytes) -> None:
    assert len(complain(Client(), body)) <= (body == EMPTY)
