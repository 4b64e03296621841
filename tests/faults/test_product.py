"""The whole product under faults: what `make run` starts is killed part by part while machines write to it.

Web, worker, beat, PostgreSQL and the broker are the real ones, restarted by their own supervisor; the writers
are HTTP clients. Afterwards no figure is stale and every change that was answered with 200 is there.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from alliance.runtime.broker import Broker
from alliance.runtime.environment import ROOT
from tests.faults.storm import children_of
from tests.runtime.test_run import Running, free_port, start
from tests.servers import throwaway_directory, wait_until

FAULTS = 60
CHECK_EVERY = 15
KINDS = {
    "worker child": 16, "worker": 6, "web child": 16, "backend": 8, "broker": 4, "broker emptied": 6,
    "beat": 2, "server": 2, "freeze": 4,
}  # fmt: skip


class Machine(threading.Thread):
    """An ERP system that changes amounts of one company over REST, and remembers what was acknowledged."""

    def __init__(self, port: int, client: list[str], seed: int) -> None:
        super().__init__(daemon=True)
        self.root = f"http://127.0.0.1:{port}"
        self.client, self.chance = client, random.Random(seed)
        self.token = ""
        self.going = threading.Event()
        self.idle = threading.Event()
        self.ended = False
        self.acknowledged = 0
        self.refused: Counter[int] = Counter()
        self.allowed: dict[str, set[str]] = {}
        self.known: set[str] = set()

    def run(self) -> None:
        lines: list[dict[str, Any]] = []
        while not self.ended:
            if not self.going.wait(0.05):
                self.idle.set()
                continue
            self.idle.clear()
            try:
                lines = lines or self.ask("GET", "/api/v1/exchanges/?limit=100")[0]["results"]
                self.change(self.chance.choice(lines))
            except urllib.error.HTTPError as error:
                self.refused[error.code] += 1
                self.token = "" if error.code == 401 else self.token
                time.sleep(0.05)
            except (OSError, ValueError, http.client.HTTPException):
                time.sleep(0.05)

    def change(self, line: dict[str, Any]) -> None:
        path = f"/api/v1/exchanges/{line['uuid']}/"
        _, headers = self.ask("GET", path)
        amount = str(round(float(line["amount"]) * self.chance.uniform(0.5, 1.5), 3))
        self.allowed.setdefault(path, set()).add(amount)
        self.ask("PATCH", path, {"amount": amount}, {"If-Match": headers["ETag"]})
        self.allowed[path] = {amount}
        self.known.add(path)
        self.acknowledged += 1

    def ask(self, method: str, path: str, body: Any = None, more: dict[str, str] | None = None) -> Any:
        headers = {
            "Authorization": f"Bearer {self._token()}",
            "Content-Type": "application/json",
            **(more or {}),
        }
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, content, headers | (more or {}), method=method)
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply), reply.headers

    def _token(self) -> str:
        if not self.token:
            basic = base64.b64encode(":".join(self.client).encode()).decode()
            request = urllib.request.Request(
                f"{self.root}/oauth/token/",
                b"grant_type=client_credentials",
                {"Authorization": f"Basic {basic}"},
            )
            with urllib.request.urlopen(request, timeout=10) as reply:
                self.token = json.load(reply)["access_token"]
        return self.token

    def lost(self) -> list[str]:
        """Acknowledged amounts that are gone: neither stored nor overwritten by a later try."""
        stored = {path: float(self.ask("GET", path)[0]["amount"]) for path in self.known}
        return [path for path in self.known if stored[path] not in map(float, self.allowed[path])]


class Product:
    """A running product and the ways to hurt it."""

    def __init__(self, running: Running, chance: random.Random) -> None:
        self.running, self.chance = running, chance
        self.environment = {**os.environ, "DATA_DIR": str(running.home), "DATABASE_LOGIN": "worker"}

    def fleet(self, *words: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "tests.faults.fleet", *words],
            cwd=ROOT,
            env=self.environment,
            input="check\n",
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        ).stdout

    def hurt(self, kind: str) -> None:
        parts = self.running.children()
        with suppress(ProcessLookupError, KeyError, IndexError, OSError):
            if kind == "broker emptied":
                self._empty_broker()
            elif kind == "freeze":
                self._freeze(parts["worker"])
            elif kind in ("worker child", "web child", "backend"):
                parent = parts[{"worker child": "worker", "web child": "web", "backend": "postgres"}[kind]]
                os.kill(self.chance.choice(children_of(parent)), signal.SIGKILL)
            else:
                os.kill(parts[{"broker": "valkey", "server": "postgres"}.get(kind, kind)], signal.SIGKILL)

    def _freeze(self, worker: int) -> None:
        frozen = self.chance.choice(children_of(worker))
        os.kill(frozen, signal.SIGSTOP)
        time.sleep(self.chance.uniform(0.2, 0.8))
        os.kill(frozen, signal.SIGCONT)

    def _empty_broker(self) -> None:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(Broker.under(self.running.home).socket))
            line.sendall(b"FLUSHALL\r\n")
            line.recv(16)

    def healthy(self) -> bool:
        try:
            return self.running.health()[0] == 200
        except OSError:
            return False


@pytest.fixture
def product() -> Iterator[Product]:
    with throwaway_directory() as home:
        port = free_port()
        process = start(PORT=str(port), DATA_DIR=str(home))
        running = Running(process, port, Path(home))
        found = Product(running, random.Random(5))
        try:
            wait_until(found.healthy, "product healthy", 120)
            yield found
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def acknowledged(machines: list[Machine]) -> int:
    return sum(machine.acknowledged for machine in machines)


def test_nothing_is_stale_or_lost_while_every_part_is_killed(product: Product) -> None:
    product.fleet("build", "none")
    clients = json.loads(product.fleet("clients"))
    machines = [Machine(product.running.port, client, seed) for seed, client in enumerate(clients.values())][
        :3
    ]
    for machine in machines:
        machine.start()
    done: Counter[str] = Counter()
    for number in range(1, FAULTS + 1):
        for machine in machines:
            machine.going.set()
        time.sleep(product.chance.uniform(0.05, 0.3))
        kind = product.chance.choices(list(KINDS), list(KINDS.values()))[0]
        before = acknowledged(machines)
        product.hurt(kind)
        done[kind] += 1
        # work goes on between faults, or there would be nothing to lose
        wait_until(lambda before=before: acknowledged(machines) > before, f"a write after {kind}")  # type: ignore[misc]
        if number % CHECK_EVERY == 0:
            for machine in machines:
                machine.going.clear()
            for machine in machines:
                assert machine.idle.wait(30)
            wait_until(product.healthy, "product healthy again", 60)
            found = json.loads(product.fleet("check", str(product.running.home)))
            assert (found["pending"], found["stale"]) == (0, 0), (found, done)
            assert [path for machine in machines for path in machine.lost()] == []
    print(done, [(machine.acknowledged, dict(machine.refused)) for machine in machines])
    assert acknowledged(machines) >= FAULTS
    for machine in machines:
        machine.ended = True
        machine.going.set()
