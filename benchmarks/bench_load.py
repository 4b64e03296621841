"""How quickly requests are answered at a given rate, while machines write and everything is recomputed.

The demo alliance runs for real. Reads of many kinds are sent at their times whether or not the ones before
are answered, so that a stall counts for everybody who would have come during it; twenty writes a second go on
beside them, and in the beginning every process is marked to be computed anew. Compared with an address that
does nothing, at the same rate in the same session. Prints one JSON object per line.
Usage: python benchmarks/bench_load.py [READS A SECOND] [SECONDS]
"""

from __future__ import annotations

import http.client
import itertools
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.demo.directory import clients
from benchmarks.measure import Client, Product, quantile, running, say, throwaway_home

READS, WRITES, SECONDS = 150.0, 20.0, 30.0
LINES = "/api/v1/exchanges/"
LISTS = ("products", "exchanges", "footprints", "inventories", "sites", "factors", "benchmarks", "recompute")
MOST_AT_ONCE = 64
KEPT_SECONDS = 1
"""A connection that was idle for longer may be closed by the server while it is used again."""
GOAL_MS = 150


def main() -> None:
    """Nothing, then the mix."""
    rate, seconds = ([float(word) for word in sys.argv[1:]] + [READS, SECONDS][len(sys.argv) - 1 :])[:2]
    with throwaway_home() as home, running(home) as product:
        machines = [Client(product.root, each.client_id, each.client_secret) for each in clients()]
        addresses = everything_to_read(machines)
        lines = [(one, line) for one in machines for line in one.every(f"{LINES}?limit=100") if line["gas"]]
        nothing = Open(product, rate, lambda: ("GET", "/readyz", machines[0], None))
        idle = nothing.run(seconds / 3)
        marked = int(product.run(__file__, "mark").splitlines()[-1])
        reads = Open(product, rate, lambda: ("GET", *random.choice(addresses), None))
        writes = Open(product, WRITES, lambda: change_of(*random.choice(lines)))
        beside = threading.Thread(target=writes.run, args=(seconds,))
        beside.start()
        busy = reads.run(seconds)
        beside.join()
    say("load", "an address that does nothing", baseline=True, per_second=rate, **idle)
    say("load", "mixed reads", per_second=rate, marked=marked, **busy,
        ratio=busy["p99_ms"] / idle["p99_ms"], goal_ms=GOAL_MS)  # fmt: skip
    say("load", "writes beside them", per_second=WRITES, **writes.figures())


def everything_to_read(machines: list[Client]) -> list[tuple[str, Client]]:
    """Lists, and single things of them."""
    found = []
    for machine in machines:
        for name in LISTS:
            path = f"/api/v1/{name}/"
            found.append((path, machine))
            answer = machine.get(path)
            rows = answer if isinstance(answer, list) else answer.get("results", [])
            found += [(f"{path}{row['uuid']}/", machine) for row in rows[:5] if "uuid" in row]
    return found


def change_of(machine: Client, line: dict[str, Any]) -> tuple[str, str, Client, Any]:
    """A change of an amount, from whatever version is there."""
    return (
        "PATCH",
        f"{LINES}{line['uuid']}/",
        machine,
        round(float(line["amount"]) * random.uniform(0.9, 1.1), 3),
    )


class Open:
    """An open stream of requests: each has its time, and waits for no other."""

    def __init__(
        self, product: Product, rate: float, draw: Callable[[], tuple[str, str, Client, Any]]
    ) -> None:
        self.product, self.rate, self.draw = product, rate, draw
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()
        self._own = threading.local()

    def run(self, seconds: float) -> dict[str, Any]:
        """So long; then what came of it."""
        begun = time.monotonic()
        with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
            for number in itertools.count():
                due = begun + number / self.rate
                if due > begun + seconds:
                    break
                time.sleep(max(0.0, due - time.monotonic()))
                pool.submit(self._one, due)
        return self.figures()

    def _one(self, due: float) -> None:
        method, path, machine, amount = self.draw()
        try:
            status = self._ask(method, path, machine, amount)
        except (OSError, http.client.HTTPException):
            self._own.line = None
            status = 0
        self.statuses[status] += 1
        self.seconds.append(time.monotonic() - due)

    def _ask(self, method: str, path: str, machine: Client, amount: Any) -> int:
        headers, body = {"Authorization": machine.bearer}, None
        if method == "PATCH":
            _, tag = self._send("GET", path, headers, None)
            headers |= {"If-Match": tag, "Content-Type": "application/json"}
            body = json.dumps({"amount": str(amount)})
        return self._send(method, path, headers, body)[0]

    def _send(self, method: str, path: str, headers: dict[str, str], body: str | None) -> tuple[int, str]:
        line = getattr(self._own, "line", None)
        if line is None or time.monotonic() - self._own.used > KEPT_SECONDS:
            line = self._own.line = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=30)
        line.request(method, path, body, headers)
        reply = line.getresponse()
        reply.read()
        self._own.used = time.monotonic()
        return reply.status, reply.headers.get("ETag", "")

    def figures(self) -> dict[str, Any]:
        """Milliseconds from when a request was due, and answers that were none."""
        failed = sum(count for status, count in self.statuses.items() if status in (0, 429) or status >= 500)
        return {
            "requests": len(self.seconds),
            "p50_ms": 1000 * quantile(self.seconds, 0.5),
            "p99_ms": 1000 * quantile(self.seconds, 0.99),
            "failed": failed,
            "statuses": dict(self.statuses),
        }


def mark() -> None:
    """Every process is due."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "alliance.settings"
    import django

    django.setup()
    from footprint.calculation import ledger
    from footprint.calculation.models import RecomputeMark
    from footprint.inventory.models import UnitProcess

    keys = list(UnitProcess.objects.values_list("pk", flat=True))
    RecomputeMark.objects.bulk_create(RecomputeMark(kind=ledger.PROCESS, key=key) for key in keys)
    print(len(keys))


if __name__ == "__main__":
    mark() if sys.argv[1:] == ["mark"] else main()
