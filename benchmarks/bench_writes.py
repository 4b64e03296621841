"""Writes that meet: the same line changed by two at once, the same POST sent by twenty at once.

A real web server answers. Pairs: two machines change a line from the same version at the same moment; one
must be let through and one turned away with 412. Keys: twenty send one POST with one Idempotency-Key at once,
and before every tenth key a web process is killed; there must be one line for each key, and one reply.
Usage: python benchmarks/bench_writes.py [PAIRS] [KEYS]
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alliance.demo.directory import clients
from benchmarks.measure import Client, Product, running, say, throwaway_home
from tests.faults.storm import children_of
from tests.runtime.test_run import Running

PAIRS, KEYS, AT_ONCE = 300, 30, 20
LINES = "/api/v1/exchanges/"
Reply = tuple[int, bytes]


def main() -> None:
    """Pairs, then keys."""
    pairs, keys = ([int(word) for word in sys.argv[1:]] + [PAIRS, KEYS][len(sys.argv) - 1 :])[:2]
    with throwaway_home() as home, running(home) as product:
        each = clients()[0]
        machine = Client(product.root, each.client_id, each.client_secret)
        lines = [line for line in machine.every(f"{LINES}?limit=100") if line["gas"]]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            edit_pairs(machine, lines, pairs, pool)
            repeated_posts(product, machine, lines[0], keys, pool)


def asked(machine: Client, method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
    """What is answered; nothing where the process that ought to answer was killed."""
    place = urlsplit(machine.root)
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    more = {"Authorization": machine.bearer, "Content-Type": "application/json", **headers}
    with suppress(OSError, http.client.HTTPException):
        line.request(method, path, json.dumps(body), more)
        reply = line.getresponse()
        return reply.status, reply.read()
    return 0, b""


def at_once(pool: ThreadPoolExecutor, work: list[Callable[[], Reply]]) -> list[Reply]:
    """All of it, begun at the same moment."""
    start = Barrier(len(work))

    def one(ask: Callable[[], Reply]) -> Reply:
        start.wait()
        return ask()

    return list(pool.map(one, work))


def edit_pairs(machine: Client, lines: list[dict[str, Any]], pairs: int, pool: ThreadPoolExecutor) -> None:
    """Two changes from one version: how many pairs ended other than with one 200 and one 412."""
    outcomes: Counter[str] = Counter()
    begun = time.monotonic()
    for number in range(pairs):
        path = f"{LINES}{lines[number % len(lines)]['uuid']}/"
        version = machine.get(path)["version"]
        amounts = [f"{number + 1}.{side}" for side in (1, 2)]
        changes = [
            partial(asked, machine, "PATCH", path, {"amount": amount}, {"If-Match": f'"{version}"'})
            for amount in amounts
        ]
        replies = at_once(pool, changes)
        outcomes[" and ".join(sorted(str(status) for status, _ in replies))] += 1
        (won,) = [amount for amount, (status, _) in zip(amounts, replies, strict=True) if status == 200] or [
            ""
        ]
        outcomes["lost"] += float(machine.get(path)["amount"]) != float(won or -1)
    good = outcomes["200 and 412"]
    say("writes", "edits of one line by two at once", pairs=pairs, one_each=good, lost=outcomes["lost"],
        seconds=time.monotonic() - begun, goal="all pairs, 0 lost")  # fmt: skip
    if good != pairs or outcomes["lost"]:
        raise SystemExit(str(outcomes))


def repeated_posts(
    product: Product, machine: Client, like: dict[str, Any], keys: int, pool: ThreadPoolExecutor
) -> None:
    """One line for each key, and replies that are the same to the byte."""
    web = Running(product.process, product.port, product.home)  # type: ignore[arg-type]
    copied = {name: like[name] for name in ("process", "direction", "kind", "gas", "origin", "unit")}
    before = len(machine.every(f"{LINES}?limit=100"))
    replies: Counter[int] = Counter()
    different = killed = 0
    begun = time.monotonic()
    for number in range(keys):
        body = {**copied, "amount": f"{number + 1}.25"}
        send = partial(asked, machine, "POST", LINES, body, {"Idempotency-Key": f"bench-{number}"})
        if number % 10 == 0:
            with suppress(OSError, IndexError, KeyError):
                os.kill(children_of(web.children()["web"])[0], signal.SIGKILL)
                killed += 1
        got = at_once(pool, [send] * AT_ONCE)
        while not any(status == 201 for status, _ in got):
            got.append(send())
        replies.update(status for status, _ in got)
        different += len({content for status, content in got if status == 201}) != 1
    stored = len(machine.every(f"{LINES}?limit=100")) - before
    say("writes", "one POST by twenty at once", keys=keys, sent=replies.total(), killed=killed, stored=stored,
        keys_with_different_replies=different, replies=dict(replies), seconds=time.monotonic() - begun,
        goal="as many stored as keys, 0 different")  # fmt: skip
    if stored != keys or different:
        raise SystemExit(f"{stored} stored, {different} different")


if __name__ == "__main__":
    main()
