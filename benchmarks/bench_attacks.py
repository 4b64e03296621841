"""Six attacks on released benchmarks over eight epochs, through the real interface: figures as JSON lines.

python benchmarks/bench_attacks.py; GAMES=200 plays more than the 12 games it plays unless told.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.runtime.environment import LOGINS, socket_url
from benchmarks.measure import say
from tests.servers import throwaway_postgres

GAMES = int(os.environ.get("GAMES", "12"))
SIZES = (5, 6, 8, 10, 12, 14)
GOAL = 0.01


def main() -> int:
    """Print hits, blind hits and gain by attack; 1 when one gains more than the goal."""
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

    from tests.footprint.benchmark.attacks import Score, play

    began, total = time.monotonic(), Score()
    for game in range(GAMES):
        with transaction.atomic():
            score = play([SIZES[game % len(SIZES)]], seed=1000 + game)
            transaction.set_rollback(True)
        for name in ("tries", "hits", "blind"):
            getattr(total, name).update(getattr(score, name))
        total.released += score.released
        total.blocked += score.blocked
    for attack in ("newcomer", "leaver", "filter", "dominance", "collusion", "metadata"):
        tries = total.tries[attack]
        say(
            "attacks", attack, tries=tries, hits=total.hits[attack], blind=total.blind[attack],
            gain=total.gain(attack), goal=GOAL,
        )  # fmt: skip
    seconds = time.monotonic() - began
    say("attacks", "games", games=GAMES, released=total.released, blocked=total.blocked, seconds=seconds)
    return int(any(total.gain(attack) > GOAL for attack in total.tries))


if __name__ == "__main__":
    sys.exit(main())
