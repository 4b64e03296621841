"""Whether a limit of N lets exactly N through, from several processes at once, and what counting costs.

Prints one JSON object per line; each window is asked by four processes far beyond its limit. Compared with
one PING of the same broker. Usage: python benchmarks/bench_limits.py [WINDOWS]
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import redis
from django.conf import settings

from benchmarks.measure import quantile, say
from tests.servers import throwaway_broker

MOST, PROCESSES, ASKS = 20, 4, 30


def ask(
    url: str, windows: int, start: multiprocessing.synchronize.Barrier, results: multiprocessing.Queue
) -> None:
    """Ask in every window; how many were let through, and how long each answer took."""
    settings.configure(REDIS_URL=url, BROKER_SECONDS=5.0)
    from accounts.limits import Limit, count

    admitted, seconds = [0] * windows, []
    for window in range(windows):
        start.wait()
        for _ in range(ASKS):
            begun = time.perf_counter()
            admitted[window] += count(Limit("bench", MOST, 600), str(window)).is_admitted
            seconds.append(time.perf_counter() - begun)
    results.put((admitted, seconds))


def main() -> None:
    """All windows, then the sum."""
    windows = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with throwaway_broker() as broker:
        start = multiprocessing.Barrier(PROCESSES)
        results: multiprocessing.Queue = multiprocessing.Queue()
        askers = [
            multiprocessing.Process(target=ask, args=(broker.url, windows, start, results))
            for _ in range(PROCESSES)
        ]
        for asker in askers:
            asker.start()
        told = [results.get() for _ in askers]
        for asker in askers:
            asker.join()
        with redis.Redis.from_url(broker.url) as server:
            begun = time.perf_counter()
            for _ in range(1000):
                server.ping()
            ping = (time.perf_counter() - begun) / 1000
    admitted = [sum(counts) for counts in zip(*(found for found, _ in told), strict=True)]
    seconds = [one for _, some in told for one in some]
    say(
        "limits",
        "exactness",
        windows=windows,
        asked=windows * PROCESSES * ASKS,
        limit=MOST,
        least_admitted=min(admitted),
        most_admitted=max(admitted),
    )
    p50 = quantile(seconds, 0.5)
    say("limits", "one count", p50_ms=1000 * p50, p99_ms=1000 * quantile(seconds, 0.99), ratio=p50 / ping)


if __name__ == "__main__":
    main()
