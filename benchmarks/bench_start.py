"""How long `make run` takes until everything is healthy: with no data yet, and again with the data it made.

The environment is the one at hand. BENCH_COLD=1 clones the last commit first and starts the clone, which
makes an environment of its own and compiles the engine; what the installation took is told apart. In the end
one line tells the processor time of everything, both starts and stops. Prints one JSON object per line. The
baseline is the first start.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import ROOT, Product, running, say, throwaway_home

GOALS = {"first start": 90.0, "second start": 10.0}
STEP = re.compile(r"\] (.+) \(([\d.]+) s\)$")
INSTALLATION = "environment holds"


def main() -> None:
    """The tree at hand, or a clone of it."""
    with throwaway_home() as place:
        tree, what = ROOT, "existing environment"
        if os.environ.get("BENCH_COLD") == "1":
            tree, what = place / "clone", "clean clone"
            subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(tree)], check=True)
        first = 0.0
        for name, goal in GOALS.items():
            with running(place / "data", tree, (base_python(), "-m", "alliance.runtime", "run")) as product:
                first = first or product.seconds
                report(name, what, product, first, goal)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    say("start", "processor time of both", seconds=spent.ru_utime + spent.ru_stime)


def base_python() -> str:
    """The Python that `make` would find, not the one of our environment."""
    return str(getattr(sys, "_base_executable", sys.executable))


def report(name: str, what: str, product: Product, first: float, goal: float) -> None:
    """One line for a start, with what its steps took."""
    found = (STEP.search(line) for line in product.steps)
    steps = {step.group(1): float(step.group(2)) for step in found if step}
    say(
        "start",
        name,
        tree=what,
        seconds=product.seconds,
        installation=sum(took for step, took in steps.items() if step.startswith(INSTALLATION)),
        ratio=product.seconds / first,
        goal=goal,
        of_goal=product.seconds / goal,
        steps=steps,
    )


if __name__ == "__main__":
    main()
