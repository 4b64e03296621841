"""N requests in a window and never N + 1: in parallel, over processes, with the broker and without."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.test import Client, RequestFactory

from accounts import limits
from accounts.limiting import place_of
from accounts.limits import ByProcess, Limit, count
from alliance.runtime.broker import Broker
from alliance.runtime.environment import ROOT
from tests import builders as new
from tests.api.conftest import client_of, machine_of, token_request

TWENTY = Limit("test", 20, 60)
ASK = """
import sys
from django.conf import settings
settings.configure(REDIS_URL=sys.argv[1], BROKER_SECONDS=5.0)
from accounts.limits import Limit, count
sys.stdin.readline()
print(sum(count(Limit("test", 20, 60), "somebody").is_admitted for _ in range(40)))
"""


@pytest.fixture
def counted(settings: Any, broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    """A broker to count in, empty before and after."""
    settings.REDIS_URL = broker.url
    settings.BROKER_SECONDS = 5.0
    monkeypatch.setattr(limits, "_own", ByProcess())
    with redis.Redis.from_url(broker.url, db=limits.BROKER_DATABASE) as server:
        server.flushdb()
        yield server
        server.flushdb()


def test_five_hundred_at_once_let_twenty_through(counted: redis.Redis) -> None:
    start, admitted = threading.Barrier(50), []

    def ask() -> None:
        start.wait()
        admitted.extend(count(TWENTY, "somebody").is_admitted for _ in range(10))

    threads = [threading.Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(admitted), sum(admitted)) == (500, 20)


def test_several_processes_share_one_count(counted: redis.Redis, broker: Broker) -> None:
    words = [sys.executable, "-c", ASK, broker.url]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    askers = [subprocess.Popen(words, **pipes) for _ in range(3)]
    for asker in askers:
        assert asker.stdin is not None
        asker.stdin.write("go\n")
        asker.stdin.flush()
    assert sum(int(asker.communicate()[0]) for asker in askers) == 20


def test_a_window_ends_and_another_begins(counted: redis.Redis) -> None:
    once = Limit("once", 1, 60)
    assert [count(once, "a").is_admitted, count(once, "a").is_admitted] == [True, False]
    assert count(once, "b").is_admitted
    assert 0 < counted.ttl("limit:once:a") <= 60
    counted.pexpire("limit:once:a", 1)
    while counted.exists("limit:once:a"):
        time.sleep(0.001)
    assert count(once, "a").is_admitted


def test_without_a_broker_each_process_keeps_the_limit(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = "unix:///nonexistent/valkey.sock"
    monkeypatch.setattr(limits, "_own", ByProcess())
    assert sum(count(TWENTY, "somebody").is_admitted for _ in range(100)) == 20
    assert limits._own.broker_is_away


def test_windows_of_a_flood_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 10)
    own = ByProcess()
    for caller in range(100):
        own.count(TWENTY, str(caller))
    assert len(own._windows) <= 10


@pytest.mark.django_db
def test_a_machine_is_told_what_is_left_and_when_to_come_back(counted: redis.Redis, settings: Any) -> None:
    settings.RATE_LIMITS = {"api": (3, 60)}
    machine = machine_of(new.company("member"))
    replies = [machine.get("sites/") for _ in range(5)]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 429, 429]
    assert [reply["RateLimit-Remaining"] for reply in replies] == ["2", "1", "0", "0", "0"]
    assert {reply["RateLimit-Limit"] for reply in replies} == {"3"}
    refused = replies[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["Retry-After"] == refused["RateLimit-Reset"]
    problem = json.loads(refused.content)
    assert (problem["status"], problem["type"]) == (429, "urn:problem-type:too-many-requests")
    assert machine_of(new.company("another")).get("sites/").status_code == 200


@pytest.mark.django_db
def test_writes_have_a_limit_of_their_own(counted: redis.Redis, settings: Any) -> None:
    settings.RATE_LIMITS = {"api": (100, 60), "api-write": (1, 60)}
    machine = machine_of(new.company("member"))
    bodies = [{"code": code, "name_zh": code, "name_en": code, "province": "SH"} for code in ("a", "b")]
    first, second = (machine.post("sites/", body) for body in bodies)
    assert first.status_code != 429
    assert (second.status_code, second["RateLimit-Limit"]) == (429, "1")
    assert machine.get("sites/").status_code == 200


@pytest.mark.django_db
def test_guessing_secrets_and_passwords_is_slow(counted: redis.Redis, settings: Any) -> None:
    settings.RATE_LIMITS = {"token": (2, 60), "login": (2, 60)}
    application = client_of(new.company("member"))
    assert [token_request(application, "wrong").status_code for _ in range(3)] == [401, 401, 429]
    guess = {"login": "somebody@member.example", "password": "guess"}
    replies = [Client().post("/accounts/login/", guess) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert "429" in replies[-1].content.decode()


def test_a_subscriber_with_many_addresses_is_one(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    asked = [RequestFactory().get("/", REMOTE_ADDR=f"2001:db8:1:2:{tail}") for tail in (":1", "9:8:7:6")]
    assert {place_of(request) for request in asked} == {"2001:db8:1:2::/64"}
    mapped = RequestFactory().get("/", REMOTE_ADDR="::ffff:203.0.113.7")
    assert place_of(mapped) == "203.0.113.7"


def test_nobody_chooses_the_address_they_are_counted_by(settings: Any) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"})
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert place_of(request) == "127.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert place_of(request) == "203.0.113.9"
