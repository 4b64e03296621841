"""A fault storm: writers change amounts, drains settle them, and everything is killed at random.

Faults: SIGKILL of a drain, of a writer, of a PostgreSQL backend (the server recovers from the crash), of the
whole server, and SIGSTOP of a drain. Now and then the writers pause and every figure is compared with one
computed from scratch.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from alliance.runtime.environment import LOGINS, ROOT, socket_url
from alliance.runtime.postgres import SUPERUSER, Cluster, die_with_parent
from tests.faults.schema import SCHEMA
from tests.prepared import TEST_DATABASE, copied, migrated
from tests.servers import throwaway_directory, wait_until

# acknowledged means written: only what a power cut would cost is given up here
SERVER = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=50")
# seconds between the last kills: on a slow machine, too, some of them fall behind the last settling
PACES = (0.04, 0.15, 0.4)
LONGEST_SETTLING = 60.0
WEIGHTS = {"drain": 62, "writer": 20, "backend": 6, "server": 6, "freeze": 6}


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


@dataclass
class Tally:
    """What a storm did and found."""

    faults: Counter[str] = field(default_factory=Counter)
    checks: int = 0
    stale: int = 0
    lost: int = 0
    pending: int = 0
    acknowledged: int = 0
    slowest_recovery: float = 0.0
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        return not (self.stale or self.lost or self.pending)


@dataclass
class Storm:
    """Servers and processes of one storm."""

    directory: Path
    cluster: Cluster
    chance: random.Random
    server: subprocess.Popen[bytes] | None = None
    fleets: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def environment(self, login: str) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": socket_url(self.cluster.sockets, LOGINS[login], TEST_DATABASE),
            "DATA_DIR": str(self.directory),
            "SECRET_KEY": "for-fault-storms-only-" + "x" * 40,
            "REDIS_URL": f"unix://{self.directory}/no-broker.sock",
        }

    def start_server(self) -> None:
        """As a supervisor does, again and again: a child born while its server was killed keeps the next one
        from starting until it is gone."""
        log = self.directory / "postgres.log"
        try:
            wait_until(self._is_up, "PostgreSQL ready")
        except TimeoutError as error:
            raise RuntimeError(log.read_text(errors="replace")[-2000:]) from error

    def _is_up(self) -> bool:
        if self.server is None or self.server.poll() is not None:
            with (self.directory / "postgres.log").open("ab") as log:
                self.server = self.cluster.start(*SERVER, log=log.fileno())
        return self.cluster.is_ready()

    def run(self, login: str, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment(login),
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return done.stdout

    def change_schema(self, statements: Iterable[str]) -> None:
        """Take a promise out of the database."""
        place = socket_url(self.cluster.sockets, LOGINS["owner"], TEST_DATABASE)
        with psycopg.connect(place) as session:
            for statement in statements:
                session.execute(statement)

    def launch(self, name: str, login: str, *words: str) -> None:
        with (self.directory / f"{name}.log").open("ab") as log:
            self.fleets[name] = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.fleet", *words],
                cwd=ROOT,
                env=self.environment(login),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                preexec_fn=die_with_parent,
            )

    def children(self, name: str) -> list[int]:
        return children_of(self.fleets[name].pid)

    def random_fault(self) -> str:
        return self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]

    def inflict(self, kind: str) -> None:
        """One fault; a victim that is being born or gone already counts as hit."""
        with suppress(ProcessLookupError, IndexError):
            getattr(self, f"_{kind}")()

    def _drain(self) -> None:
        os.kill(self.chance.choice(self.children("drain")), signal.SIGKILL)

    def _writer(self) -> None:
        os.kill(self.chance.choice(self.children("write")), signal.SIGKILL)

    def _freeze(self) -> None:
        frozen = self.chance.choice(self.children("drain"))
        os.kill(frozen, signal.SIGSTOP)
        time.sleep(self.chance.uniform(0.1, 0.5))
        os.kill(frozen, signal.SIGCONT)

    def _backend(self) -> None:
        with suppress(psycopg.OperationalError):
            with psycopg.connect(
                host=str(self.cluster.sockets), user=SUPERUSER, dbname="postgres"
            ) as session:
                found = session.execute(
                    "SELECT pid FROM pg_stat_activity WHERE usename LIKE 'pcf_%' ORDER BY pid"
                ).fetchall()
            os.kill(self.chance.choice(found)[0], signal.SIGKILL)
        time.sleep(0.1)
        wait_until(self.cluster.is_ready, "PostgreSQL recovered")

    def _server(self) -> None:
        assert self.server is not None
        group = self.server.pid
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(group)], capture_output=True, text=True, check=False
        )
        self.server.kill()
        for child in children.stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        self.server.wait()
        time.sleep(0.05)
        self.start_server()

    def strike_when_settled(self) -> None:
        """Kill every drain at the moment when no mark is left: what one still meant to do is not done."""
        place = socket_url(self.cluster.sockets, LOGINS["owner"], TEST_DATABASE)
        marked = "SELECT EXISTS (SELECT FROM calculation_recomputemark)"
        with (
            suppress(TimeoutError, psycopg.OperationalError),
            psycopg.connect(place, autocommit=True) as session,
        ):
            wait_until(lambda: session.execute(marked).fetchone() == (False,), "settled", LONGEST_SETTLING)
        for drain in self.children("drain"):
            with suppress(ProcessLookupError):
                os.kill(drain, signal.SIGKILL)

    def check(self, tally: Tally) -> None:
        """Compare once all is quiet; the last drains before that are killed too, for nothing repairs them."""
        slowest = self.chance.choice(PACES)
        for kind in ("writer", "writer", "pause", *["drain"] * 6):
            if kind == "pause":
                (self.directory / "pause").touch()
                continue
            time.sleep(self.chance.uniform(0.0, slowest))
            tally.faults[kind] += 1
            self.inflict(kind)
        if tally.checks % 2:  # who comes too late has to be let come, too
            time.sleep(0.05)
        else:
            self.strike_when_settled()
            tally.faults["drains"] += 1
        checker = self.fleets["check"]
        assert checker.stdin is not None and checker.stdout is not None
        checker.stdin.write(b"check\n")
        checker.stdin.flush()
        found = json.loads(checker.stdout.readline())
        tally.checks += 1
        tally.stale += found["stale"]
        tally.lost += found["lost"]
        tally.pending += found["pending"]
        tally.acknowledged = found["acknowledged"]
        tally.slowest_recovery = max(tally.slowest_recovery, found["waited"])
        (self.directory / "pause").unlink()

    def stop(self) -> None:
        for fleet in self.fleets.values():
            fleet.terminate()
            fleet.wait(20)
        if self.server is not None:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(20)


@contextmanager
def alliance(shelf: Path) -> Iterator[Path]:
    """The files of a stopped server with a small alliance in its database: every storm's beginning."""
    with throwaway_directory() as directory:
        running = Storm(directory, copied(migrated(shelf), directory), random.Random(0))
        try:
            running.start_server()
            running.run("owner", "-m", "tests.faults.fleet", "build")
        finally:
            running.stop()
        running.cluster.clear_stale_lock()
        yield running.cluster.data


@contextmanager
def storm(beginning: Path, mutant: str = "none", seed: int = 1) -> Iterator[Storm]:
    """A small alliance with three drains and two writers."""
    with throwaway_directory() as directory:
        running = Storm(directory, copied(beginning, directory), random.Random(seed))
        try:
            running.start_server()
            running.change_schema(SCHEMA.get(mutant, ()))
            running.launch("drain", "worker", "drain", "3", mutant)
            running.launch("write", "worker", "write", "2", str(directory), mutant)
            running.launch("check", "worker", "check", str(directory))
            wait_until(lambda: bool(running.children("drain") and running.children("write")), "fleets")
            yield running
        finally:
            running.stop()


def rage(running: Storm, faults: int, check_every: int, until_seen: bool = False) -> Tally:
    """Inflict the faults, and some more around each check; ``until_seen`` stops at the first damage."""
    tally = Tally()
    begun = time.monotonic()
    for number in range(1, faults + 1):
        time.sleep(running.chance.uniform(0.01, 0.12))
        kind = running.random_fault()
        tally.faults[kind] += 1
        running.inflict(kind)
        if number % check_every == 0 or number == faults:
            running.check(tally)
            if until_seen and not tally.clean:
                break
    tally.seconds = time.monotonic() - begun
    return tally
