"""The whole product, to be hurt: what `make run` starts, machines that write to it, and the faults.

Web, worker, standby, beat, PostgreSQL and the broker are the real ones, restarted by their own supervisor;
the writers are HTTP clients that remember what was answered with 200.
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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alliance.runtime.broker import Broker
from alliance.runtime.environment import ROOT
from tests.faults.storm import children_of
from tests.runtime.test_run import Running, free_port, start
from tests.servers import throwaway_directory, wait_until

KINDS = {
    "worker child": 16, "worker": 6, "web child": 16, "backend": 8, "broker": 4, "broker emptied": 6,
    "beat": 2, "standby": 2, "server": 2, "freeze": 4,
}  # fmt: skip
"""How often each fault falls in a round: a round deals every one of them, in random order."""
MACHINES = 3


class Machine(threading.Thread):
    """An ERP system that changes amounts of one company over REST, and remembers what was acknowledged."""

    def __init__(self, port: int, client: list[str], seed: int, token: str = "") -> None:
        super().__init__(daemon=True)
        self.root = f"http://127.0.0.1:{port}"
        self.client, self.chance = client, random.Random(seed)
        self.token = token
        self.going = threading.Event()
        self.idle = threading.Event()
        self.ended = False
        self.acknowledged = 0
        self.refused: Counter[int] = Counter()
        self.unanswered = 0
        self.asked = 0
        self.slowest = 0.0
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
                self.unanswered += 1
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
        request = urllib.request.Request(self.root + path, content, headers, method=method)
        self.asked, begun = self.asked + 1, time.monotonic()
        with urllib.request.urlopen(request, timeout=10) as reply:
            answer = json.load(reply), reply.headers
        self.slowest = max(self.slowest, time.monotonic() - begun)
        return answer

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
                os.kill(
                    parts[{"broker": "valkey-server", "server": "postgres"}.get(kind, kind)], signal.SIGKILL
                )

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


@contextmanager
def running_product(home: Path | None = None) -> Iterator[Product]:
    """What `make run` starts, healthy, in a directory that is gone afterwards or in a given one."""
    with throwaway_directory() as elsewhere:
        port = free_port()
        process = start(PORT=str(port), DATA_DIR=str(home or elsewhere))
        product = Product(Running(process, port, home or elsewhere), random.Random(5))
        try:
            wait_until(product.healthy, "product healthy", 300)
            yield product
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


@dataclass
class Losses:
    """What faults did, and what they cost."""

    faults: Counter[str] = field(default_factory=Counter)
    checks: int = 0
    pending: int = 0
    stale: int = 0
    lost: list[str] = field(default_factory=list)
    acknowledged: int = 0
    refused: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        return not (self.pending or self.stale or self.lost)


class Writers:
    """Machines of several companies that write at once, and pause for a comparison."""

    def __init__(self, product: Product) -> None:
        self.product = product
        product.fleet("build")
        clients = list(json.loads(product.fleet("clients")).values())[:MACHINES]
        self.machines = [Machine(product.running.port, client, seed) for seed, client in enumerate(clients)]

    def __enter__(self) -> Writers:
        for machine in self.machines:
            machine.start()
            machine.going.set()
        return self

    def __exit__(self, *_: object) -> None:
        for machine in self.machines:
            machine.ended = True
            machine.going.set()

    @property
    def acknowledged(self) -> int:
        return sum(machine.acknowledged for machine in self.machines)

    def wait_for_a_write(self, what: str) -> None:
        """Work goes on, or there would be nothing to lose."""
        before = self.acknowledged
        wait_until(lambda: self.acknowledged > before, f"a write after {what}")

    def compare(self, losses: Losses) -> None:
        """Once all is quiet: every figure with a fresh one, every acknowledged change with what is stored."""
        for machine in self.machines:
            machine.going.clear()
        for machine in self.machines:
            assert machine.idle.wait(30)
        wait_until(self.product.healthy, "product healthy again", 60)
        found = json.loads(self.product.fleet("check", str(self.product.running.home)))
        losses.checks += 1
        losses.pending += found["pending"]
        losses.stale += found["stale"]
        losses.lost += [path for machine in self.machines for path in machine.lost()]
        losses.acknowledged = self.acknowledged
        losses.refused = sum((machine.refused for machine in self.machines), Counter())
        for machine in self.machines:
            machine.going.set()


def rage(product: Product, faults: int, check_every: int) -> Losses:
    """Inflict so many faults of every kind while machines write."""
    losses, begun = Losses(), time.monotonic()
    deck: list[str] = []
    with Writers(product) as writers:
        for number in range(1, faults + 1):
            if not deck:
                deck = [kind for kind, often in KINDS.items() for _ in range(often)]
                product.chance.shuffle(deck)
            time.sleep(product.chance.uniform(0.05, 0.3))
            kind = deck.pop()
            product.hurt(kind)
            losses.faults[kind] += 1
            writers.wait_for_a_write(kind)
            if number % check_every == 0 or number == faults:
                writers.compare(losses)
                if not losses.clean:
                    break
    losses.seconds = time.monotonic() - begun
    return losses
