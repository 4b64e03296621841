"""Requests made of the OpenAPI document: none may be answered with 500 or beside its promised shape.

Examples, boundary values and values beyond them of every operation, then drawn ones; 2,000 unless told,
GENERATED_REQUESTS=200000 sends so many, and as many again (STATEFUL_REQUESTS) that follow from answers.
Prints one JSON object.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import ROOT, say

TESTS = (
    "tests/api/test_document.py::test_generated_requests_meet_no_error_of_ours",
    "tests/api/test_document.py::test_requests_that_follow_from_answers_meet_none_either",
)


def main() -> int:
    """The test itself, with more requests."""
    count = os.environ.setdefault("GENERATED_REQUESTS", "2000")
    os.environ.setdefault("STATEFUL_REQUESTS", count)
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "--timeout=0", "--show-capture=no", *TESTS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    answered = [line for line in done.stdout.splitlines() if line.startswith("{")]
    say(
        "document",
        "generated requests",
        asked_for=int(count),
        statuses=" ".join(answered),
        seconds=round(time.monotonic() - begun, 1),
        verdict="all as promised" if not done.returncode else done.stdout[-2000:],
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
