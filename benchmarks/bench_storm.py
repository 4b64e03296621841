"""The whole product killed part by part, any number of times: FAULTS=10000 takes hours, 60 unless told.

What `make run` starts is hurt while machines write over REST: processes of web and worker, the standby, beat,
the broker (killed, emptied), database backends, the database, frozen workers. Every 20 faults all figures are
compared with ones computed from scratch. Prints JSON objects; fails when anything is stale or lost.
Usage: FAULTS=10000 python benchmarks/bench_storm.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import say
from tests.faults.product import rage, running_product

FAULTS, CHECK_EVERY = 60, 20
WHOLE = 10_000


def main() -> None:
    """The storm, and how long a whole one would take."""
    with running_product() as product:
        losses = rage(product, int(os.environ.get("FAULTS") or FAULTS), CHECK_EVERY)
    for kind, number in losses.faults.most_common():
        say("storm", f"inflicted on: {kind}", faults=number)
    inflicted = losses.faults.total()
    say(
        "storm",
        "the whole product",
        faults=inflicted,
        seconds=losses.seconds,
        checks=losses.checks,
        pending=losses.pending,
        stale=losses.stale,
        lost=len(losses.lost),
        acknowledged=losses.acknowledged,
        refused=dict(losses.refused),
        hours_for_ten_thousand=losses.seconds / inflicted * WHOLE / 3600,
    )
    if not losses.clean:
        raise SystemExit(f"pending: {losses.pending}, stale: {losses.stale}, lost: {losses.lost}")


if __name__ == "__main__":
    main()
