"""How fast the engine plans, solves, updates and samples synthetic alliance networks, and how near the limit.

Every case runs in a process of its own. Prints one JSON object per line: of the engine, and of bw2calc on
the same network where it is installed. Usage: python benchmarks/bench_engine.py [PRODUCTS ...]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine.networks import PRESETS, alliance
from measure import ROOT, say

from footprint.engine import Network

ANCHOR = ROOT / "var" / "anchor" / "bin" / "python"
ANCHORED = 10_000
"""Largest network bw2calc is given: it takes minutes beyond."""


def output(*words: str) -> dict[str, Any]:
    """The JSON object a program prints last."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def anchor(products: int, preset: str, engine: dict[str, Any]) -> None:
    """The same network in bw2calc; ratios: its seconds for all products, or for a change, by the engine's."""
    case = {"products": products, "preset": preset}
    if not ANCHOR.exists():
        say("engine", "bw2calc", **case, absent="not installed: see benchmarks/README.md")
        return
    with tempfile.TemporaryDirectory() as made:
        path, equations = Path(made) / "network.npz", alliance(products, preset)
        figure = Network(equations).solve()[products - 1, 0]
        np.savez(path, supplier=equations.supplier, consumer=equations.consumer, amount=equations.amount,
                 direct=equations.direct, figure=figure)  # fmt: skip
        row = output(str(ANCHOR), str(ROOT / "benchmarks" / "engine" / "anchor.py"), str(path), str(products))
    if "first" in row and "solve" in engine:
        row["all_products"] = row["first"] + (products - 1) * row["another"]
        row["ratio"] = row["all_products"] / engine["solve"]
        row["ratio_changed"] = row["changed"] / engine["update_median"]
    say("engine", "bw2calc", **case, **row)


def main(sizes: list[int]) -> None:
    for products in sizes:
        for preset in PRESETS:
            case = str(ROOT / "benchmarks" / "engine" / "case.py")
            row = output(sys.executable, case, str(products), preset)
            say("engine", "engine", products=products, preset=preset, **row)
            if products <= ANCHORED:
                anchor(products, preset, row)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1000, 10_000, 100_000, 1_000_000])
