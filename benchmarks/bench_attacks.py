"""Six attacks on released benchmarks over eight epochs, through the real interface: figures as JSON lines.

python benchmarks/bench_attacks.py; GAMES=200 plays more than the 12 games it plays unless told.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.runtime.environment import LOGINS, socket_url
from benchmarks.measure import say
from tests.servers import throwaway_postgres

GAMES = int(os.environ.get("GAMES", "12"))
GAMES_ALONE = 120
"""A try hits rarely, so that a percentage point takes many: these need no database."""
SIZES = (5, 6, 8, 10, 12, 14)
GOAL = 0.01


def main() -> int:
    """Print hits, blind hits and gain by attack; 1 when one gains more than the goal over many games."""
    with throwaway_postgres() as cluster:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "DATABASE_URL": socket_url(cluster.sockets, LOGINS["owner"]),
            "DATABASE_LOGIN": "owner",
            "SECRET_KEY": "for-benchmarks-only-" + "x" * 40,
            "PUBLICATION_SIGNING_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        }
        _prepare()
        return _play()


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


def _play() -> int:
    from django.db import transaction

    from tests.footprint.benchmark.attacks import GatesAlone, Score, play

    began, total, alone = time.monotonic(), Score(), Score()
    for game in range(GAMES):
        with transaction.atomic():
            score = play([SIZES[game % len(SIZES)]], seed=1000 + game)
            transaction.set_rollback(True)
        for name in ("tries", "hits", "blind"):
            getattr(total, name).update(getattr(score, name))
        total.released += score.released
        total.blocked += score.blocked
    _tell("through the interface", total, GAMES, time.monotonic() - began)
    began = time.monotonic()
    for game in range(GAMES_ALONE):
        GatesAlone(SIZES[game % len(SIZES)], 5000 + game).live_through(alone)
    _tell("gates alone", alone, GAMES_ALONE, time.monotonic() - began)
    return int(any(alone.gain(attack) > GOAL for attack in alone.tries))


def _tell(how: str, score: Any, games: int, seconds: float) -> None:
    for attack in ("newcomer", "leaver", "filter", "dominance", "collusion", "metadata"):
        tries = score.tries[attack]
        say(
            "attacks", f"{attack}, {how}", tries=tries, hits=score.hits[attack], blind=score.blind[attack],
            gain=score.gain(attack), goal=GOAL,
        )  # fmt: skip
    say(
        "attacks", how, games=games, released=score.released, blocked=score.blocked, seconds=seconds
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
