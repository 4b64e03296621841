"""While the broker is away nothing that a person asks for may fail, or wait for long."""

from __future__ import annotations

import json
import time

import pytest
from django.test import Client

from alliance import health
from alliance.cache import ForgivingRedisCache


@pytest.fixture
def cache() -> ForgivingRedisCache:
    return ForgivingRedisCache("unix:///nonexistent/valkey.sock", {})


def test_the_cache_answers_as_if_empty(cache: ForgivingRedisCache) -> None:
    start = time.monotonic()
    cache.set("key", 1)
    assert cache.get("key", "default") == "default"
    assert cache.add("key", 1)
    assert cache.incr("key") == 1
    assert cache.get_or_set("key", 7) == 7
    assert cache.get_many(["key"]) == {}
    assert not cache.delete("key")
    assert "key" not in cache
    assert time.monotonic() - start < 1.0


@pytest.mark.django_db
def test_the_health_check_names_what_is_away_and_what_is_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_last", (float("-inf"), {}))
    reply = client.get("/healthz")
    assert reply.status_code == 503
    parts = json.loads(reply.content)
    assert (parts["web"], parts["database"]) == ("ok", "ok")
    assert parts["failing"] == ["broker", "worker"]
    assert reply["Cache-Control"] == "no-store"
