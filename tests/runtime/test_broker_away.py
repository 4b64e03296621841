"""While the broker is away nothing that a person asks for may fail, or wait for long."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from celery import Celery
from django.test import Client
from kombu import Connection

from alliance import health
from alliance.cache import ForgivingRedisCache
from alliance.runtime.broker import Broker
from alliance.runtime.postgres import die_with_parent
from tests.servers import stopping, throwaway_directory, wait_until


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


@contextmanager
def running(broker: Broker) -> Iterator[None]:
    process = subprocess.Popen(broker.command(), stdout=subprocess.DEVNULL, preexec_fn=die_with_parent)
    with stopping(process, signal.SIGTERM):
        wait_until(broker.is_ready, "broker ready")
        yield


@contextmanager
def answering(app: Celery, url: str) -> Iterator[None]:
    """What a worker answers, and nothing else of one."""
    over = threading.Event()

    def listen(line: Connection) -> None:
        node = app.control.mailbox(line).Node("worker@test", handlers={"ping": lambda _state: {"ok": "pong"}})
        with node.listen(channel=line.default_channel):
            while not over.is_set():
                try:
                    line.drain_events(timeout=0.1)
                except TimeoutError:
                    continue

    with Connection(url) as line:
        listener = threading.Thread(target=listen, args=(line,))
        listener.start()
        try:
            yield
        finally:
            over.set()
            listener.join()


def test_a_broker_that_was_started_anew_is_alive(
    monkeypatch: pytest.MonkeyPatch, settings: Any, client: Client, db: None
) -> None:
    """Whatever lines this process has from before."""
    with throwaway_directory() as directory:
        broker = Broker.under(directory)
        settings.REDIS_URL = broker.url
        url = broker.url.replace("unix://", "redis+socket://", 1)
        app = Celery("asking", broker=url, set_as_current=False)  # for this test alone
        app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        monkeypatch.setattr(health, "app", app)
        for _ in range(2):
            monkeypatch.setattr(health, "_last", (float("-inf"), {}))
            with running(broker), answering(app, url):
                assert json.loads(client.get("/healthz").content)["failing"] == []
