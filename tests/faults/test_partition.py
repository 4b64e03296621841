"""Lines to the database or the broker go silent, break off, or were never there: nothing is stale or lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import Company
from alliance.runtime.broker import Broker
from alliance.runtime.environment import AUDIT_KEY_FILE, LOGINS, ROOT, keep_signing_key
from alliance.runtime.postgres import die_with_parent
from alliance.runtime.run import BEAT, CELERY, GUNICORN, STANDBY, WORKER
from footprint.calculation import ledger
from tests.api.conftest import machine_of
from tests.faults import fleet, world
from tests.faults.lines import Line
from tests.faults.product import Machine
from tests.runtime.test_run import free_port
from tests.servers import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@dataclass
class Parts:
    """Web, worker, beat and standby of a product, behind lines of its own."""

    home: Path
    name: str
    port: int = field(default_factory=free_port)
    lines: dict[str, Line] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    machines: list[Machine] = field(default_factory=list)

    def start(self) -> None:
        commands = {
            "web": (*GUNICORN, "--bind", f"127.0.0.1:{self.port}"),
            "worker": (*CELERY, *WORKER),
            "beat": (*BEAT, str(self.home / "beat-schedule")),
            "standby": STANDBY,
        }
        for part, command in commands.items():
            login = "app" if part == "web" else "worker"
            place = f"{LOGINS[login]}@127.0.0.1:{self.lines[login].port}/{self.name}"
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "alliance.settings",
                "DATA_DIR": str(self.home),
                "SECRET_KEY": "for-fault-storms-only-" + "x" * 40,
                "DATABASE_LOGIN": login,
                "DATABASE_URL": f"postgresql://{place}",
                "REDIS_URL": f"redis://127.0.0.1:{self.lines['broker'].port}/0",
            }
            with (self.home / f"{part}.log").open("wb") as log:
                self.processes[part] = subprocess.Popen(
                    [sys.executable, *command],
                    cwd=ROOT,
                    env=environment,
                    stdout=log,
                    stderr=log,
                    preexec_fn=die_with_parent,
                    start_new_session=True,
                )
        wait_until(lambda: self.health() is not None, "the web answers")

    def kill(self, part: str) -> None:
        process = self.processes.pop(part)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)

    def health(self) -> dict[str, Any] | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=20) as reply:
                return dict(json.load(reply))
        except urllib.error.HTTPError as error:
            return dict(json.load(error))
        except OSError:
            return None

    def failing(self, *parts: str) -> bool:
        said = self.health()
        return said is not None and set(said["failing"]) == set(parts)

    def let_machines_write(self) -> None:
        world.build()
        ledger.drain()
        for seed, company in enumerate(Company.objects.filter(code__startswith="storm-")[:2]):
            self.machines.append(Machine(self.port, [], seed, machine_of(company).token))
            self.machines[-1].going.set()
            self.machines[-1].start()

    def wait_for_writes(self, count: int = 5) -> None:
        before = self.acknowledged
        wait_until(lambda: self.acknowledged >= before + count, "writes")

    @property
    def acknowledged(self) -> int:
        return sum(machine.acknowledged for machine in self.machines)

    @property
    def failed(self) -> int:
        return sum(machine.unanswered + machine.refused.total() for machine in self.machines)

    def compare(self) -> None:
        """Let all come to rest: what waited is settled, every figure is as anew, every change is there."""
        for machine in self.machines:
            machine.going.clear()
        for machine in self.machines:
            assert machine.idle.wait(30)
        wait_until(lambda: not ledger.pending(), "everything is settled", 90)
        stale, figures = fleet.stale_figures()
        assert (stale, figures > 50) == (0, True)
        assert [path for machine in self.machines for path in machine.lost()] == []
        for machine in self.machines:
            machine.going.set()


@pytest.fixture
def parts(database_url: Callable[[str], str], broker: Broker, tmp_path: Path) -> Iterator[Parts]:
    """Not started yet; taken away in the end."""
    keep_signing_key(tmp_path / AUDIT_KEY_FILE)
    server = Path(connection.settings_dict["HOST"]) / ".s.PGSQL.5432"
    with ExitStack() as afterwards:
        made = Parts(tmp_path, connection.settings_dict["NAME"])
        for name, target in (("app", server), ("worker", server), ("broker", broker.socket)):
            made.lines[name] = Line(target)
            afterwards.callback(made.lines[name].end)
        yield made
        for machine in made.machines:
            machine.ended = True
        for part in list(made.processes):
            made.kill(part)


def test_silent_and_broken_lines_cost_time_and_nothing_else(parts: Parts) -> None:
    parts.start()
    parts.let_machines_write()
    parts.wait_for_writes()
    parts.lines["app"].cut()
    wait_until(lambda: parts.failing("database"), "the health check says that the database is silent")
    parts.lines["app"].mend()
    parts.wait_for_writes()
    parts.lines["worker"].cut()
    parts.wait_for_writes()
    parts.lines["worker"].tear()
    parts.lines["worker"].mend()
    parts.compare()
    parts.lines["app"].cut()
    parts.lines["app"].tear()
    parts.lines["app"].mend()
    parts.wait_for_writes()
    parts.compare()


def test_without_a_broker_no_request_fails_and_every_figure_comes(parts: Parts) -> None:
    """It takes calls up and never answers, from the start; a standby settles what nobody is woken for."""
    parts.lines["broker"].cut()
    parts.start()
    wait_until(lambda: parts.failing("broker", "worker"), "the health check says that the broker is silent")
    parts.let_machines_write()
    parts.wait_for_writes(20)
    assert parts.failed == 0
    parts.compare()
    parts.wait_for_writes(20)
    assert parts.failed == 0
    parts.lines["broker"].mend()
    parts.kill("standby")
    parts.wait_for_writes()
    parts.compare()
    assert parts.failed == 0
