"""Requests that fail while the former release serves, the new one migrates, and both serve: none may.

The former release is a commit: FORMER=COMMIT, or the one before the last that touched a migration. Its own
code makes the database, serves and calculates; the new one migrates beside it, serves beside it, then alone.
Machines read and write over REST all the time. Prints one JSON object; fails when a request does.
Usage: FORMER=v0.1 python benchmarks/bench_upgrade.py [SECONDS OF EACH PART]
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.runtime.environment import LOGINS, ROOT, socket_url
from alliance.runtime.postgres import Cluster, die_with_parent
from alliance.runtime.run import THREADS
from benchmarks.measure import free_port, say, throwaway_home
from tests.faults.product import Machine
from tests.servers import running_postgres, stopping, wait_until

SECONDS = 20.0
MACHINES = 3
WEB = ("-m", "gunicorn", "-c", "python:alliance.server", "alliance.wsgi", *THREADS.split(), "--bind")
CALCULATES = ("manage.py", "recompute", "--loop")


class Site:
    """A database, and the two releases that work on it."""

    def __init__(self, home: Path, cluster: Cluster) -> None:
        self.home, self.cluster = home, cluster
        self.former = home / "former"
        self.machines: list[Machine] = []

    def environment(self, login: str) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "DATABASE_LOGIN": login,
            "DATABASE_URL": socket_url(self.cluster.sockets, LOGINS[login]),
            "DATA_DIR": str(self.home),
            "SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
            "REDIS_URL": f"unix://{self.home}/no-broker.sock",
            "API_REQUESTS_PER_MINUTE": "0",
        }

    def run(self, tree: Path, login: str, *words: str) -> str:
        """A command of a release, to its end."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=tree,
            env=self.environment(login),
            input="check\n",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        return done.stdout

    @contextmanager
    def serving(self, tree: Path, clients: list[list[str]]) -> Iterator[None]:
        """Web and calculation of a release, and machines that use it."""
        port = free_port()
        with ExitStack() as stack, (self.home / f"{tree.name}.log").open("ab") as log:
            for login, words in (("app", (*WEB, f"127.0.0.1:{port}")), ("worker", CALCULATES)):
                process = subprocess.Popen(
                    [sys.executable, *words],
                    cwd=tree,
                    env=self.environment(login),
                    stdout=log,
                    stderr=log,
                    preexec_fn=die_with_parent,
                )
                stack.enter_context(stopping(process, signal.SIGTERM))
            made = [Machine(port, client, seed) for seed, client in enumerate(clients)]
            wait_until(lambda: answers(made[0]), "the release serves")
            for machine in made:
                machine.start()
                machine.going.set()
            self.machines += made
            yield
            for machine in made:
                machine.going.clear()
            for machine in made:
                wait_until(machine.idle.is_set, "machines finish")
                machine.ended = True


def answers(machine: Machine) -> bool:
    try:
        return bool(machine.ask("GET", "/api/v1/exchanges/?limit=1"))
    except OSError:
        return False


def former_commit() -> str:
    """The one given, or what was there before the last change of a migration."""
    if given := os.environ.get("FORMER"):
        return given
    asked = ("git", "log", "-1", "--format=%H", "--", "*/migrations/0*.py")
    last = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    if not last:
        raise SystemExit("There is no history here: name a release's commit with FORMER=.")
    return f"{last}~1"


def main() -> None:
    """The upgrade."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with throwaway_home() as home, running_postgres(home, for_tests=True) as cluster:
        upgrade(Site(home, cluster), former_commit(), seconds)


def upgrade(site: Site, commit: str, seconds: float) -> None:
    """The former release, the migration beside it, both, the new one."""
    site.former.mkdir()
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(site.former)], input=packed, check=True)
    site.run(site.former, "owner", "manage.py", "migrate", "-v0")
    site.run(site.former, "owner", "-m", "tests.faults.fleet", "build", "none")
    clients = list(json.loads(site.run(site.former, "owner", "-m", "tests.faults.fleet", "clients")).values())
    with ExitStack() as new:
        with site.serving(site.former, clients[:MACHINES]):
            time.sleep(seconds)
            begun = time.monotonic()
            site.run(ROOT, "owner", "manage.py", "migrate", "-v0")
            migrated = time.monotonic() - begun
            time.sleep(seconds)
            new.enter_context(site.serving(ROOT, clients[MACHINES : 2 * MACHINES]))
            time.sleep(seconds)
        time.sleep(seconds)
    report(site, migrated)


def report(site: Site, migrated: float) -> None:
    """What came of it."""
    failed = sum(machine.unanswered + machine.refused.total() for machine in site.machines)
    site.run(ROOT, "worker", "manage.py", "recompute")
    found = json.loads(site.run(ROOT, "worker", "-m", "tests.faults.fleet", "check", str(site.home)))
    say(
        "upgrade",
        "former release, migration, both, new release",
        requests=sum(machine.asked for machine in site.machines),
        failed=failed,
        changes=sum(machine.acknowledged for machine in site.machines),
        slowest_seconds=max(machine.slowest for machine in site.machines),
        migration_seconds=migrated,
        stale=found["stale"],
        pending=found["pending"],
        goal="0 failed",
    )
    if failed or found["stale"] or found["pending"]:
        raise SystemExit(f"{failed} requests failed; {found}")


if __name__ == "__main__":
    main()
