"""Whether the time of a 404 tells a foreign thing from one that does not exist.

A stranger asks for both in pairs, in random order within each, through the whole application as the web's
login does it. What counts is the processor time of the request, in this process and in the database's: other
work on the machine moves it far less than the clock, and what moves it slowly moves both of a pair. Prints,
for each address and round, the median difference within a pair with its interval, and the p-value of a
permutation test (under no difference the sign of each is a coin's). The verdict over all rounds is Fisher's.
Usage: python benchmarks/bench_oracle.py [PAIRS]
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from numpy.typing import NDArray
from scipy.stats import combine_pvalues

from alliance.runtime.environment import LOGINS, socket_url
from benchmarks.measure import say, throwaway_home
from tests.servers import running_postgres

ROUNDS, THINGS, WARMING = 3, 50, 50
FLIPS = 4000
SMALLEST_P = 0.01
Floats = NDArray[np.float64]


def main() -> None:
    """Build two companies, then ask as one for what is the other's."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with throwaway_home() as home, running_postgres(home) as cluster:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "DATABASE_URL": socket_url(cluster.sockets, LOGINS["owner"]),
            "SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
            "API_REQUESTS_PER_MINUTE": "0",
            "ALLOWED_HOSTS": "testserver",
            "SECOND_FACTOR": "offered",
        }
        measure(pairs)


def measure(pairs: int) -> None:
    """The figures."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from accounts.roles import Role
    from tests import builders as new

    call_command("migrate", verbosity=0)
    foreign = build()
    stranger = Client()
    stranger.force_login(new.person(new.company("stranger"), Role.OWNER))
    for address, things in foreign.items():
        ask(stranger, address, things, WARMING)
        found = []
        for number in range(1, ROUNDS + 1):
            theirs, nowhere = ask(stranger, address, things, pairs)
            differences = theirs - nowhere
            found.append(p := p_of(differences))
            low, high = interval(differences)
            say(
                "oracle",
                address,
                round=number,
                pairs=pairs,
                nowhere_ms=1000 * float(np.median(nowhere)),
                difference_us=1e6 * float(np.median(differences)),
                low_us=1e6 * low,
                high_us=1e6 * high,
                p=p,
            )
        whole = float(combine_pvalues(found).pvalue)
        verdict = "no oracle seen" if whole > SMALLEST_P else "an oracle"
        say("oracle", address, pairs=ROUNDS * pairs, p=whole, verdict=verdict, goal=f"p > {SMALLEST_P}")


def build() -> dict[str, list[UUID]]:
    """Somebody's things, by the address they have."""
    from tests import builders as new

    company = new.company("theirs")
    site = new.site(company)
    process = new.process(new.inventory(site))
    products = [new.product(company, f"product-{number}") for number in range(THINGS)]
    lines = [new.output(process, product) for product in products]
    return {
        "/api/v1/products/": [product.uuid for product in products],
        "/api/v1/exchanges/": [line.uuid for line in lines],
        "/products/": [product.uuid for product in products],
    }


def ask(client: Any, address: str, things: list[UUID], pairs: int) -> tuple[Floats, Floats]:
    """Processor seconds of 404s for things of another and for things of nobody, pair by pair."""
    theirs, nowhere = np.zeros(pairs), np.zeros(pairs)
    for number in range(pairs):
        halves = [(theirs, random.choice(things)), (nowhere, uuid4())]
        random.shuffle(halves)
        for spent, thing in halves:
            begun = processor_seconds()
            reply = client.get(f"{address}{thing}/")
            spent[number] = processor_seconds() - begun
            assert reply.status_code == 404
    return theirs, nowhere


def processor_seconds() -> float:
    """What this thread and the database's process that serves it have had of a processor."""
    from django.db import connection

    connection.ensure_connection()
    serving = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return time.thread_time() + int(serving.split()[0]) / 1e9


def p_of(differences: Floats) -> float:
    """How often coins alone make a median as far from zero: to permute a pair is to change its sign."""
    chance = np.random.default_rng(1)
    signs = chance.choice((-1.0, 1.0), size=(FLIPS, differences.size))
    by_chance = np.abs(np.median(signs * differences, axis=1))
    return float((1 + np.sum(by_chance >= abs(np.median(differences)))) / (1 + FLIPS))


def interval(differences: Floats) -> tuple[float, float]:
    """95 % of the median, by order statistics."""
    ordered, n = np.sort(differences), differences.size
    reach = 0.98 * np.sqrt(n)
    return float(ordered[max(0, int(n / 2 - reach))]), float(ordered[min(n - 1, int(n / 2 + reach))])


if __name__ == "__main__":
    main()
