"""How long the server takes to answer a lever of the scenario page, out of sites of one company.

Prints one JSON object per line, in milliseconds: with the network kept from the last answer, and read anew
for each; ``processor`` is what the web server itself computes. PostgreSQL runs as in production, with the
web's own login. Usage: python benchmarks/bench_scenario.py [SITES]
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_lists import prepare_django, sign_in_as_web, signed_in
from benchmarks.measure import say, throwaway_home
from tests.servers import running_postgres

GOAL_MS = 100.0
PROCESSES = 50
LINES = 8
ASKED, WARMING = 30, 3


def main() -> None:
    """Build, then measure."""
    sites = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with throwaway_home() as directory, running_postgres(directory) as cluster:
        prepare_django(directory, cluster)
        random.seed(7)
        owner, product, line = build(sites)
        sign_in_as_web(cluster)
        measure(owner, product, line, sites)


def build(sites: int) -> tuple[Any, Any, Any]:
    """Processes in a row, each taking from a few before it, from shared factors and from the air."""
    from accounts.actor import Actor
    from accounts.roles import Role
    from accounts.visibility import acting_as
    from footprint.calculation.ledger import drain
    from tests import builders as new

    with acting_as(Actor.worker()):
        new.gwp()
        company = new.company("bench")
        factors = [new.factor_version("0.5", unit="kWh") for _ in range(10)]
        for _ in range(sites):
            inventory = new.inventory(new.site(company))
            made: list[tuple[Any, Any]] = []
            for _ in range(PROCESSES):
                process, product = new.process(inventory), new.product(company)
                new.output(process, product, "100", is_reference=True)
                for maker, what in random.sample(made, min(len(made), LINES)):
                    line = new.takes(process, what, "5", provider_process=maker)
                new.takes(process, None, "20", "kWh", factor_version=random.choice(factors))
                new.emits(process, "10")
                made.append((process, product))
        owner = new.person(company, Role.OWNER)
    drain()
    return owner, product, line


def measure(owner: Any, product: Any, line: Any, sites: int) -> None:
    """One lever, another amount at every keystroke."""
    from footprint.analysis.kept_networks import forget

    client = signed_in(owner)
    place = f"/products/{product.uuid}/scenario/?line={line.uuid}&amount=&provider=&percent="

    def ask(percent: int) -> None:
        answer = client.get(f"{place}{percent}", headers={"HX-Request": "true", "HX-Target": "outcome"})
        assert answer.status_code == 200

    def ask_anew(percent: int) -> None:
        forget()
        ask(percent)

    anew = timed(ask_anew)
    kept = timed(ask)
    size = {"sites": sites, "columns": sites * PROCESSES}
    say("scenario", "keystroke, read anew", **size, **anew)
    say("scenario", "keystroke, kept", **size, **kept, goal=GOAL_MS, ratio=kept["median"] / anew["median"])


def timed(ask: Callable[[int], None]) -> dict[str, float]:
    """Median and worst of a series of answers, in milliseconds."""
    found, computed = [], []
    for percent in range(-WARMING, ASKED):
        begin, busy = time.perf_counter(), time.process_time()
        ask(-40 + percent)
        if percent >= 0:
            found.append((time.perf_counter() - begin) * 1e3)
            computed.append((time.process_time() - busy) * 1e3)
    return {
        "median": statistics.median(found), "worst": max(found), "processor": statistics.median(computed)
    }  # fmt: skip


if __name__ == "__main__":
    main()
