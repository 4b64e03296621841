"""One company asks for another's data through every door; nothing planted there comes back.

CANARY_REQUESTS=1000000 sends a million; 20,000 unless told, which takes minutes. CANARY_PROCESSES=2 shares
them between two, each with a database and a seed (CANARY_SEED, the next one) of its own. Prints one JSON
object; ``per_second`` is without the making of worlds, which takes half a minute of a core for each process.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import run_tests, say


def main() -> int:
    """The test itself, with more requests and a seed of today."""
    count = int(os.environ.get("CANARY_REQUESTS", "20000"))
    seed = int(os.environ.get("CANARY_SEED", int(time.time()) // 86_400))
    processes = int(os.environ.get("CANARY_PROCESSES", "1"))
    shares = [(count + number) // processes for number in range(processes)]
    done = run_tests(
        ["tests/canary"],
        [
            {"CANARY_REQUESTS": str(share), "CANARY_SEED": str(seed + number)}
            for number, share in enumerate(shares)
        ],
    )
    statuses: Counter[str] = Counter()
    for told in done.told:
        statuses.update(told["statuses"])
    say(
        "canary",
        "requests as a rival",
        requests=done.sum("sent"),
        processes=processes,
        seed=seed,
        statuses=dict(statuses.most_common()),
        doors=min((told["doors"] for told in done.told), default=0),
        seconds=done.seconds,
        per_second=sum(told["sent"] / told["seconds"] for told in done.told),
        verdict=done.failures or "nothing came back",
    )
    return 1 if done.failures else 0


if __name__ == "__main__":
    sys.exit(main())
