"""An ERP sends everything again while web processes are killed: each line is stored exactly once."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest

from alliance.runtime.environment import ROOT
from alliance.runtime.postgres import die_with_parent
from footprint.inventory.models import Exchange, UnitProcess
from tests import builders as new
from tests.api.conftest import machine_of
from tests.api.test_idempotency import emission
from tests.faults.storm import children_of
from tests.runtime.test_run import free_port
from tests.servers import wait_until

KEYS = 40
SENDERS = 3
MOST_KILLS = 15
pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def web(database_url: Callable[[str], str], tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Port and process of a web server with two workers on the test's database."""
    port = free_port()
    # preloaded: a worker that was killed is back at once, however busy the machine is
    words = ("alliance.wsgi", "--preload", "--workers=2", "--threads=4", f"--bind=127.0.0.1:{port}")
    environment = {
        **os.environ,
        "DATABASE_URL": database_url("app"),
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "for-fault-storms-only-" + "x" * 40,
        "REDIS_URL": "unix:///nonexistent/valkey.sock",
    }
    with (tmp_path / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *words],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent,
        )
    try:
        wait_until(lambda: answers(port), "the web server answers", 90)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        line.request("GET", "/api/v1/sites/")
        return line.getresponse().status == 401
    return False


class Sender(threading.Thread):
    """Sends each body until it is acknowledged; the first time it hangs up before the answer."""

    def __init__(self, port: int, token: str, bodies: dict[str, dict[str, str]], seed: int) -> None:
        super().__init__(daemon=True)
        self.port, self.token, self.bodies = port, token, bodies
        self.chance = random.Random(seed)
        self.acknowledged: dict[str, str] = {}
        self.said: Counter[str] = Counter()

    def run(self) -> None:
        for key, body in self.bodies.items():
            self.send(key, body, stay=False)
            while key not in self.acknowledged:
                self.send(key, body, stay=True)

    def send(self, key: str, body: dict[str, str], *, stay: bool) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            line.request("POST", "/api/v1/exchanges/", json.dumps(body), headers)
            if not stay:
                return
            reply = line.getresponse()
            content = json.loads(reply.read())
            replayed = reply.headers.get("Idempotent-Replayed") is not None
            self.said[f"{reply.status}{' again' if replayed else ''}"] += 1
            if reply.status == 201:
                self.acknowledged[key] = content["uuid"]
        except (OSError, http.client.HTTPException, ValueError):
            self.said["cut off"] += 1
        finally:
            line.close()


def test_every_line_is_stored_exactly_once(web: tuple[int, int]) -> None:
    port, server = web
    new.gwp()
    process: UnitProcess = new.process(new.inventory(new.site(new.company("member"))))
    token = machine_of(process.company).token
    amounts = [f"{number}.5" for number in range(1, KEYS + 1)]
    bodies = {f"key-{amount}": emission(process, amount) for amount in amounts}
    shares = [dict(list(bodies.items())[place::SENDERS]) for place in range(SENDERS)]
    senders = [Sender(port, token, share, seed) for seed, share in enumerate(shares)]
    chance, killed = random.Random(3), 0
    for sender in senders:
        sender.start()
    while any(sender.is_alive() for sender in senders):
        senders[-1].join(chance.uniform(0.1, 0.8))
        if killed < MOST_KILLS:
            with suppress(ProcessLookupError, IndexError):
                os.kill(chance.choice(children_of(server)), signal.SIGKILL)
                killed += 1
    said = sum((sender.said for sender in senders), Counter())
    print(killed, "killed;", dict(said))
    stored = Counter(Exchange.objects.filter(process=process).values_list("amount", flat=True))
    assert stored == Counter({Decimal(amount): 1 for amount in amounts})
    acknowledged = {uuid for sender in senders for uuid in sender.acknowledged.values()}
    assert acknowledged == {str(uuid) for uuid in Exchange.objects.values_list("uuid", flat=True)}
    assert killed
    assert said["201 again"], "nothing was sent twice, so nothing was proven"
