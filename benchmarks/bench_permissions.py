"""The permission matrix, both locks alone, and every mutant of a guard: figures as JSON lines.

python benchmarks/bench_permissions.py [matrix] [locks] [mutants]
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.runtime.environment import LOGINS, socket_url
from tests.servers import throwaway_postgres

PARTS = ("matrix", "locks", "mutants")


def main(parts: tuple[str, ...]) -> int:
    """Print the figures; 1 when an answer is not as it should be, or nobody misses a guard."""
    with throwaway_postgres() as cluster:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "DATABASE_URL": socket_url(cluster.sockets, LOGINS["owner"]),
            "DATABASE_LOGIN": "owner",
            "SECRET_KEY": "for-benchmarks-only-" + "x" * 40,
        }
        _prepare()
        from tests.permissions.world import built

        with built() as world:
            measured = [line for part in parts for line in MEASURES[part](world)]
    return int(any(line["faults"] for line in measured))


def _prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from tests.conftest import pytest_configure

    pytest_configure(None)  # type: ignore[arg-type]
    setup_test_environment()
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)


def _line(figure: str, asked: int, faults: list[str], start: tuple[float, float]) -> dict[str, Any]:
    line = {
        "figure": figure,
        "asked": asked,
        "faults": faults,
        "seconds": round(time.monotonic() - start[0], 1),
        "cpu_seconds": round(time.process_time() - start[1], 1),
    }
    print(json.dumps(line), flush=True)
    return line


def _now() -> tuple[float, float]:
    return time.monotonic(), time.process_time()


def matrix(world: Any) -> Iterator[dict[str, Any]]:
    """Every cell of docs/permissions.yaml."""
    from tests.permissions.asking import fault, knowing_askers
    from tests.permissions.policy import cells

    start, asked = _now(), cells(world.askers)
    with knowing_askers(world):
        found = [each for cell in asked if (each := fault(world, cell))]
    yield _line("matrix", len(asked), found, start)


def locks(world: Any) -> Iterator[dict[str, Any]]:
    """Each lock while the other is away: tables, keys, and what outsiders are told."""
    from tests.permissions import locks
    from tests.permissions.asking import ask, fault, leak
    from tests.permissions.policy import Answer, cells

    for check in (locks.faults_of_the_database, locks.faults_of_the_application, locks.faults_of_keys):
        start = _now()
        yield _line(check.__name__, len(locks.TENANT_MODELS), list(check(world)), start)
    outside = [cell for cell in cells(world.askers) if cell.expected in (Answer.HIDDEN, Answer.DONE)]
    outside = [cell for cell in outside if cell.asker.startswith(("foreign", "sister", "former"))]
    start = _now()
    with locks.without_the_application():
        told = [found for cell in outside if (found := leak(ask(world, cell), cell))]
    yield _line("answers without the application", len(outside), told, start)
    start = _now()
    with locks.without_the_database():
        wrong = [found for cell in outside if (found := fault(world, cell))]
    yield _line("answers without the database", len(outside), wrong, start)


def mutants(world: Any) -> Iterator[dict[str, Any]]:
    """Every guard taken away by itself; a fault is one that nobody missed."""
    from tests.permissions import mutants

    kinds = {
        "policies": mutants.of_policies(),
        "composite keys": mutants.of_keys(),
        "querysets": mutants.of_querysets(),
        "gates": mutants.of_gates(world.askers),
        "checks": mutants.of_checks(world.askers),
        "permissions": mutants.of_permissions(world.askers),
    }
    for name, found in kinds.items():
        start, made = _now(), list(found)
        yield _line(f"mutants of {name}", len(made), [m.name for m in made if not m.is_caught(world)], start)


MEASURES = {"matrix": matrix, "locks": locks, "mutants": mutants}

if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or PARTS))
