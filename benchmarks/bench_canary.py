"""One company asks for another's data through every door; nothing planted there comes back.

CANARY_REQUESTS=1000000 sends a million; 20,000 unless told, which takes minutes. Prints one JSON object.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import ROOT, say


def main() -> int:
    """The test itself, with more requests and a seed of today."""
    count = os.environ.setdefault("CANARY_REQUESTS", "20000")
    seed = os.environ.setdefault("CANARY_SEED", str(int(time.time()) // 86_400))
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--timeout=0", "tests/canary"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - begun
    say(
        "canary",
        "requests as a rival",
        requests=int(count),
        seed=int(seed),
        seconds=round(seconds, 1),
        per_second=round(int(count) / seconds, 1),
        verdict="nothing came back" if not done.returncode else done.stdout[-2000:],
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
