"""Where the time of a change goes: phases of one drain in the demo alliance, by how many figures it reaches.

One amount is changed, committed and settled in this very process, again and again; each phase counts with its
best round, in milliseconds. Then a fresh worker reads the whole network from the store, and everything
is settled at once. Prints one JSON object per line.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.runtime.environment import LOGINS, socket_url
from alliance.runtime.postgres import HASTY_SERVER, Cluster
from benchmarks.measure import ROOT, say, surroundings, throwaway_home

REACHES = (1, 40, 150, 500)
ROUNDS = 9
ROOM = "footprint.calculation"
PHASES = {
    "remember": (f"{ROOM}.memory", "recall"),
    "read rows": (f"{ROOM}.inputs", "read"),
    "columns": (f"{ROOM}.actions.settle", "assemble"),
    "edit and solve": (f"{ROOM}.actions.settle", "edited"),
    "which moved": (f"{ROOM}.actions.settle", "_affected"),
    "send columns": (f"{ROOM}.actions.settle", "write_versions"),
    "make and write figures": (f"{ROOM}.actions.settle", "_written"),
}
CELLS = "benchmarks"
spent: dict[str, float] = defaultdict(float)


def main() -> None:
    """A database with the demo alliance and nothing else running, and one process that settles changes."""
    with throwaway_home() as home, database(home) as cluster:
        for login, *words in (("owner", "manage.py", "migrate", "-v0"), ("worker", "manage.py", "load_demo")):
            run(cluster, home, login, *words)
        print(run(cluster, home, "worker", __file__, "inside"), end="")


@contextmanager
def database(home: Path) -> Iterator[Cluster]:
    """PostgreSQL of its own, with our logins."""
    cluster = Cluster.under(home)
    cluster.create()
    with (home / "postgres.log").open("ab") as log:
        server = cluster.start(*HASTY_SERVER, log=log.fileno())
    try:
        while not cluster.is_ready():
            time.sleep(0.05)
        cluster.provide(for_tests=True)
        yield cluster
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def run(cluster: Cluster, home: Path, login: str, *words: str) -> str:
    """What a program prints that connects with a login."""
    own = {
        "DATABASE_URL": socket_url(cluster.sockets, LOGINS[login]),
        "DATA_DIR": str(home),
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
        "SECRET_KEY": "for-benchmarks-only-" + "x" * 40,
        "REDIS_URL": f"unix://{home}/no-broker.sock",
    }
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT, env={**surroundings(), **own}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stderr[-2000:]}")
    return done.stdout


# -- in the process that settles ---------------------------------------------------------------------------
def inside() -> None:
    """Change, settle, measure."""
    import django

    django.setup()
    from footprint.calculation import ledger, memory

    ledger.prepare()
    for phase, (module, name) in PHASES.items():
        watch(phase, module, name)
    ledger._settlers[ledger.CELL] = stopped(CELLS, ledger._settlers[ledger.CELL])
    for reach, exchange in exchanges_by_reach():
        say("settle", f"one amount that reaches {reach} figures", **measured(lambda: change(exchange)))  # noqa: B023
    memory.forget()
    say("settle", "one amount, by a fresh worker", **measured(lambda: change(exchange), rounds=1))
    say("settle", "everything, nothing moves", **measured(everything, rounds=3))
    say("settle", "history", **stored())


def watch(phase: str, module: str, name: str) -> None:
    """Add up the time a function takes, database included."""
    home = import_module(module)
    honest = getattr(home, name)

    setattr(home, name, stopped(phase, honest))


def stopped(phase: str, honest: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, its time added to a phase."""

    def timed(*arguments: Any, **named: Any) -> Any:
        begun = time.perf_counter()
        try:
            return honest(*arguments, **named)
        finally:
            spent[phase] += time.perf_counter() - begun

    return timed


def measured(touch: Callable[[], None], rounds: int = ROUNDS) -> dict[str, Any]:
    """Milliseconds of a drain and of its phases, and how many figures it wrote."""
    from footprint.calculation import ledger
    from footprint.calculation.models import CalculationRun

    found: list[dict[str, float]] = []
    for _ in range(rounds):
        touch()
        spent.clear()
        begun = time.perf_counter()
        ledger.drain()
        found.append({"drain": time.perf_counter() - begun, **spent})
    names = ("drain", *PHASES, CELLS)
    phases = {name: 1000 * min(one.get(name, 0.0) for one in found) for name in names}
    return {**phases, "written": CalculationRun.objects.latest("pk").changed}


def stored() -> dict[str, float]:
    """Bytes of a row of history, with its part of the indexes."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in ("columnversion", "figureversion"):
            cursor.execute(
                f"SELECT pg_total_relation_size('calculation_{table}')::float8 / count(*)"
                f" FROM calculation_{table}"
            )
            found[f"bytes of a {table}"] = cursor.fetchone()[0]
    return found


def exchanges_by_reach() -> list[tuple[int, int]]:
    """For each wanted reach the one nearest to it among own emissions: (figures reached, exchange)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line.id, (SELECT count(*) FROM calculation_closure(ARRAY[line.process_id]) AS reached"
            " JOIN calculation_footprint ON process_id = reached)"
            " FROM inventory_exchange line WHERE line.gas <> '' ORDER BY line.id"
        )
        reaches = [(reach, exchange) for exchange, reach in cursor.fetchall()]
    return [min(reaches, key=lambda one: (abs(one[0] - wanted), one[1])) for wanted in REACHES]


def change(exchange: int) -> None:
    """One amount, one thousandth more."""
    from django.db.models import F

    from footprint.inventory.models import Exchange

    Exchange.objects.filter(pk=exchange).update(amount=F("amount") * 1001 / 1000)


def everything() -> None:
    """Mark every process."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT calculation_mark('process', ARRAY(SELECT id FROM inventory_unitprocess))")


if __name__ == "__main__":
    inside() if "inside" in sys.argv else main()
