"""What hostile files cost: seconds, processor time and memory of the confined process that reads each.

Prints one JSON object per file, then the largest of each. Compared with a sound package read the same way.
Usage: python benchmarks/bench_uploads.py
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import say
from footprint.exchange.confined.run import Confinement, confined
from tests.footprint.exchange.bombs import CORPUS
from tests.footprint.exchange.packages import small


def cost(content: bytes) -> dict[str, Any]:
    """What was said of a file, and what it took."""
    begun = time.monotonic()
    said = dict(confined("openlca", content))
    seconds = time.monotonic() - begun
    refused = said.get("refused")
    return {"refused": refused[0]["code"] if refused else "", "seconds": seconds, **said["end"]}


def main() -> None:
    """Every file once."""
    limits = Confinement()
    sound = cost(small().zip())
    say("uploads", "a sound package", **sound)
    rows = []
    for name, (make, _) in CORPUS.items():
        content = make()
        rows.append(cost(content))
        say("uploads", name, kilobytes=len(content) / 1024, **rows[-1])
    say(
        "uploads",
        "all",
        files=len(rows),
        refused=sum(bool(row["refused"]) for row in rows),
        most_mb=max(row["peak_mb"] for row in rows),
        limit_mb=limits.memory / 2**20,
        most_cpu_seconds=max(row["cpu_seconds"] for row in rows),
        limit_cpu_seconds=limits.cpu_seconds,
        ratio=max(row["seconds"] for row in rows) / sound["seconds"],
    )


if __name__ == "__main__":
    main()
