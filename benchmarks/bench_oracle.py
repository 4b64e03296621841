"""Whether the time of a 404 tells a foreign thing from one that does not exist.

A stranger asks for both in turns, in random order, through the whole application as the web's login does it.
Prints, for each address and round, the medians and the p-value of a Mann-Whitney test: small ones, again and
again, would be an oracle. Usage: python benchmarks/bench_oracle.py [SAMPLES]
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scipy.stats import mannwhitneyu

from alliance.runtime.environment import LOGINS, socket_url
from benchmarks.measure import say, throwaway_home
from tests.servers import running_postgres

ROUNDS, THINGS = 3, 50


def main() -> None:
    """Build two companies, then ask as one for what is the other's."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with throwaway_home() as home, running_postgres(home) as cluster:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "DATABASE_URL": socket_url(cluster.sockets, LOGINS["owner"]),
            "SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
            "API_REQUESTS_PER_MINUTE": "0",
            "ALLOWED_HOSTS": "testserver",
        }
        measure(samples)


def measure(samples: int) -> None:
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
        for number in range(1, ROUNDS + 1):
            theirs, nowhere = sampled(stranger, address, things, samples)
            say(
                "oracle",
                address,
                round=number,
                samples=samples,
                foreign_ms=1000 * median(theirs),
                nowhere_ms=1000 * median(nowhere),
                ratio=median(theirs) / median(nowhere),
                p=float(mannwhitneyu(theirs, nowhere).pvalue),
                goal="p > 0.01",
            )


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


def sampled(client: Any, address: str, things: list[UUID], samples: int) -> tuple[list[float], list[float]]:
    """Seconds of 404s for things of another and for things of nobody."""
    theirs: list[float] = []
    nowhere: list[float] = []
    order = [theirs, nowhere] * samples
    random.shuffle(order)
    for found in order:
        one = random.choice(things) if found is theirs else uuid4()
        begun = time.perf_counter()
        reply = client.get(f"{address}{one}/")
        found.append(time.perf_counter() - begun)
        assert reply.status_code == 404
    return theirs, nowhere


if __name__ == "__main__":
    main()
