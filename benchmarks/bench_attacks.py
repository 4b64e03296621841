"""Six attacks on released benchmarks over eight epochs, two more on parts of medians: figures as JSON lines.

python benchmarks/bench_attacks.py; GAMES=200 plays more through the interface than the 12 games it plays
unless told, GAMES_ALONE=1200 more on the gates alone; SIZES=6 plays cohorts of that size alone. Gains are
told by size of the cohort at the start, with an interval of 95 % from drawing whole games again: tries of
one game hang together.
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
GAMES_ALONE = int(os.environ.get("GAMES_ALONE", "120"))
"""A try hits rarely, so that a percentage point takes many: these need no database."""
GAMES_APART = int(os.environ.get("GAMES_APART", "60"))
DRAWS = 2000
DIFFERENCES = ("newcomer", "leaver", "filter", "dominance", "collusion")
SIZES = tuple(int(size) for size in os.environ.get("SIZES", "5,6,8,10,12,14").split(","))
GOAL = 0.01


def main() -> int:
    """Print hits, blind hits and gain by attack; 1 when one surely gains more than the goal."""
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

    from tests.footprint.benchmark.attacks import Apart, GatesAlone, Score, play

    began, through = time.monotonic(), []
    for game in range(GAMES):
        with transaction.atomic():
            through.append((SIZES[game % len(SIZES)], play([SIZES[game % len(SIZES)]], seed=1000 + game)))
            transaction.set_rollback(True)
    _tell("through the interface", through, (*DIFFERENCES, "metadata"), began)
    faults = 0
    for how, game_of, games, attacks in (
        ("gates alone", GatesAlone, GAMES_ALONE, DIFFERENCES),
        ("parts of medians", Apart, GAMES_APART, ("middle", "parts")),
    ):
        began, alone = time.monotonic(), []
        for game in range(games):
            alone.append((SIZES[game % len(SIZES)], Score()))
            game_of(SIZES[game % len(SIZES)], 5000 + game).live_through(alone[-1][1])
        faults += _tell(how, alone, attacks, began)
    return int(faults > 0)


def _tell(how: str, played: list[tuple[int, Any]], attacks: tuple[str, ...], began: float) -> int:
    """How many gains surely lie above the goal."""
    above = 0
    for attack in attacks:
        for size in (None, *SIZES):
            scores = [score for started, score in played if size in (None, started)]
            tries = sum(score.tries[attack] for score in scores)
            if tries:
                low, high = _interval(scores, attack)
                above += low > GOAL
                say(
                    "attacks", f"{attack}, {how}", size=size or "all", tries=tries,
                    hits=sum(score.hits[attack] for score in scores),
                    blind=sum(score.blind[attack] for score in scores),
                    gain=_gain(scores, attack), low=low, high=high, goal=GOAL,
                )  # fmt: skip
    say(
        "attacks", how, games=len(played), released=sum(score.released for _size, score in played),
        blocked=sum(score.blocked for _size, score in played), seconds=time.monotonic() - began,
    )  # fmt: skip
    return above


def _gain(scores: list[Any], attack: str) -> float:
    won = sum(score.hits[attack] - score.blind[attack] for score in scores)
    return float(won / max(1, sum(score.tries[attack] for score in scores)))


def _interval(scores: list[Any], attack: str) -> tuple[float, float]:
    """95 %, by drawing games with replacement."""
    import numpy as np

    tries = np.array([score.tries[attack] for score in scores], dtype=float)
    won = np.array([score.hits[attack] - score.blind[attack] for score in scores], dtype=float)
    rng, gains = np.random.default_rng(1), []
    for _ in range(DRAWS):  # one at a time: of all draws of many games together there is no room in memory
        drawn = rng.integers(0, len(scores), len(scores))
        gains.append(won[drawn].sum() / max(1.0, tries[drawn].sum()))
    low, high = np.percentile(gains, [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    sys.exit(main())
