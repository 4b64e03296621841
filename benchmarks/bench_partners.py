"""How many lists of ten footprints a second a partner's system gets over TLS, and what one costs.

The demo alliance runs for real, with ten thousand footprints more. Eight connections that stay open ask with
one token, each request at its time, for twenty seconds; the processor time is that of the servers' processes.
Compared with an address that does nothing, asked likewise. Prints one JSON object per line.
Usage: python benchmarks/bench_partners.py [REQUESTS A SECOND] [SECONDS]
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import ssl
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import Product, free_port, quantile, running, say, throwaway_home

RATE, SECONDS = 300.0, 20.0
CONNECTIONS, FOOTPRINTS = 8, 10_000
LIST = "/3/footprints?limit=10"
LISTENING = re.compile(r"Listening at: https\S+ \((\d+)\)")
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Nothing, then the lists."""
    rate, seconds = ([float(word) for word in sys.argv[1:]] + [RATE, SECONDS][len(sys.argv) - 1 :])[:2]
    port = free_port()
    with throwaway_home() as home, running(home, HTTPS_PORT=str(port)) as product:
        credentials = json.loads(product.run(__file__, "fill").splitlines()[-1])
        headers = {"Authorization": f"Bearer {token(port, credentials)}"}
        nothing = Stream(product, port, "/readyz", {}).run(rate, seconds / 4)
        lists = Stream(product, port, LIST, headers).run(rate, seconds)
    say("partners", "an address that does nothing", baseline=True, **nothing)
    ratio = lists["web_ms"] / nothing["web_ms"]
    say("partners", "ten rows", **lists, ratio=ratio, goal=RATE, holds=lists["per_second"] >= 0.99 * RATE)


def token(port: int, credentials: dict[str, str]) -> str:
    """As a partner's system gets it."""
    basic = base64.b64encode("{client_id}:{client_secret}".format(**credentials).encode()).decode()
    line = connected(port)
    form = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", "/auth/token", "grant_type=client_credentials", form)
    return str(json.load(line.getresponse())["access_token"])


def connected(port: int) -> http.client.HTTPSConnection:
    """A connection to the server, whose certificate is its own."""
    return http.client.HTTPSConnection(
        "localhost", port, context=ssl._create_unverified_context(), timeout=30
    )


@dataclass
class Stream:
    """Requests at their times over a few connections; a late one is counted from when it was due."""

    product: Product
    port: int
    path: str
    headers: dict[str, str]
    waited: list[float] = field(default_factory=list)
    failed: int = 0
    number: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, rate: float, seconds: float) -> dict[str, Any]:
        """So many a second, so long; then what came of it, processor time in ms a request."""
        before, begun = used(self.product), time.monotonic()
        askers = [threading.Thread(target=self._ask, args=(rate, begun, seconds)) for _ in range(CONNECTIONS)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        taken, after = time.monotonic() - begun, used(self.product)
        count = len(self.waited)
        return {
            "requests": count,
            "failed": self.failed,
            "per_second": count / taken,
            "p50_ms": 1000 * quantile(self.waited, 0.5),
            "p95_ms": 1000 * quantile(self.waited, 0.95),
            **{f"{name}_ms": 1000 * (after[name] - before[name]) / count for name in after},
            "load": os.getloadavg()[0],
        }

    def _ask(self, rate: float, begun: float, seconds: float) -> None:
        line = connected(self.port)
        while True:
            with self.lock:
                due = begun + self.number / rate
                self.number += 1
            if max(due, time.monotonic()) >= begun + seconds:
                return
            time.sleep(max(0.0, due - time.monotonic()))
            line.request("GET", self.path, headers=self.headers)
            reply = line.getresponse()
            reply.read()
            with self.lock:
                self.failed += reply.status != http.HTTPStatus.OK
                self.waited.append(time.monotonic() - due)


def used(product: Product) -> dict[str, float]:
    """Processor seconds so far: the web server with TLS, PostgreSQL, and ourselves who ask."""
    server = (product.home / "postgres" / "postmaster.pid").read_text().split()[0]
    web = LISTENING.findall((product.home / "log" / "web-tls.log").read_text())[-1]
    found = {"web": 0.0, "database": 0.0, "asking": time.process_time()}
    for place in Path("/proc").iterdir():
        try:
            stat = (place / "stat").read_text()
        except OSError:  # no process, or none any more
            continue
        fields = stat.rpartition(")")[2].split()
        seconds = (int(fields[11]) + int(fields[12])) / TICK
        if web in (place.name, fields[1]):
            found["web"] += seconds
        elif fields[1] == server:
            found["database"] += seconds
    return found


def fill() -> None:
    """In the product: a partner that may see everything of a company, and footprints to see."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "alliance.settings"
    import django

    django.setup()
    from io import StringIO

    from django.core.management import call_command
    from django.db import connection

    from benchmarks.bench_pact import FILL, PRODUCTS
    from footprint.partners.models import Connection
    from tests.footprint.partners.documents import WHOLE

    told = StringIO()
    call_command("pact_connect", "--name", "bench", "--level", "full", "--json", stdout=told)
    document = json.dumps({**WHOLE, "id": "{id}"}, separators=(",", ":"))
    with connection.cursor() as cursor:
        company = Connection.objects.get(name="bench").company_id
        own = {"company": company, "number": FOOTPRINTS, "products": PRODUCTS, "document": document}
        cursor.execute(FILL.replace("{{}}", "{}"), own)
        cursor.execute("ANALYZE partners_offeredfootprint")
    print(told.getvalue().strip())


if __name__ == "__main__":
    fill() if sys.argv[1:] == ["fill"] else main()
