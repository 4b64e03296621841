"""Requests made of the OpenAPI document: none may be answered with 500 or beside its promised shape.

Examples, boundary values and values beyond them of every operation, then drawn ones; 2,000 unless told,
GENERATED_REQUESTS=200000 sends so many, and as many again (STATEFUL_REQUESTS) that follow from answers.
DOCUMENT_PARTS=2 deals the operations out to two processes, each with a database of its own, for the former;
what follows from answers needs all operations in one. Prints one JSON object for each; ``per_second`` is
without the making of worlds.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import run_tests, say

TESTS = "tests/api/test_document.py::test_"


def main() -> int:
    """The tests themselves, with more requests."""
    count = os.environ.get("GENERATED_REQUESTS", "2000")
    following = os.environ.get("STATEFUL_REQUESTS", count)
    parts = int(os.environ.get("DOCUMENT_PARTS", "1"))
    shares = [
        {"GENERATED_REQUESTS": str(int(count) // parts), "DOCUMENT_PART": f"{number}/{parts}"}
        for number in range(parts)
    ]
    failed = _run("generated requests", "generated_requests_meet_no_error_of_ours", shares)
    followed = [{"STATEFUL_REQUESTS": following}]
    return (
        _run("following requests", "requests_that_follow_from_answers_meet_none_either", followed) or failed
    )


def _run(name: str, test: str, shares: list[dict[str, str]]) -> int:
    done = run_tests([TESTS + test], shares)
    statuses: Counter[str] = Counter()
    for told in done.told:
        statuses.update(told["statuses"])
    say(
        "document",
        name,
        requests=done.sum("sent"),
        processes=len(shares),
        statuses=dict(statuses.most_common()),
        seconds=done.seconds,
        per_second=sum(told["sent"] / told["seconds"] for told in done.told),
        verdict=done.failures or "all as promised",
    )
    return 1 if done.failures else 0


if __name__ == "__main__":
    sys.exit(main())
