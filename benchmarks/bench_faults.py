"""A fault storm of any length: what the tests do three hundred times, FAULTS times (1,000 unless told).

Drains, writers, database backends and the whole server are killed, drains are frozen; every 25 faults all
figures are compared with ones computed from scratch. Prints one JSON object per line; fails when anything is
stale or lost. The baseline is how many writes go through while nothing is killed.
Usage: FAULTS=10000 python benchmarks/bench_faults.py
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import say
from tests.faults.storm import Storm, alliance, rage, storm
from tests.servers import throwaway_directory

FAULTS = 1000
CHECK_EVERY = 25
QUIET_SECONDS = 5.0
SEED = 2026


def main() -> None:
    """A quiet while, then the storm."""
    faults = int(os.environ.get("FAULTS") or FAULTS)
    with throwaway_directory() as shelf, alliance(shelf) as beginning, storm(beginning, seed=SEED) as running:
        calm = writes_per_second_in_peace(running)
        say("faults", "writes in peace", baseline=True, writes_per_second=calm)
        tally = rage(running, faults=faults, check_every=min(CHECK_EVERY, faults))
    inflicted = sum(tally.faults.values())
    through = tally.acknowledged / tally.seconds
    for kind, number in tally.faults.most_common():
        say("faults", f"inflicted on: {kind}", faults=number)
    say(
        "faults",
        "storm",
        faults=inflicted,
        seconds=tally.seconds,
        faults_per_second=inflicted / tally.seconds,
        checks=tally.checks,
        stale=tally.stale,
        lost=tally.lost,
        pending=tally.pending,
        acknowledged=tally.acknowledged,
        slowest_recovery=tally.slowest_recovery,
        writes_per_second=through,
        ratio=through / calm,
    )
    if not tally.clean:
        raise SystemExit(f"stale: {tally.stale}, lost: {tally.lost}, pending: {tally.pending}")


def writes_per_second_in_peace(running: Storm) -> float:
    """How many writes are acknowledged while nothing is killed."""
    before, begun = acknowledged(running), time.monotonic()
    time.sleep(QUIET_SECONDS)
    return (acknowledged(running) - before) / (time.monotonic() - begun)


def acknowledged(running: Storm) -> int:
    """Writes the journals call acknowledged so far."""
    journals = running.directory.glob("journal-*")
    return sum(line.startswith("ack ") for journal in journals for line in journal.read_text().splitlines())


if __name__ == "__main__":
    main()
