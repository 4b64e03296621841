"""One case of the engine's benchmark, in a process of its own: case.py PRODUCTS PRESET."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine.networks import COLUMNS, alliance

from footprint.engine import ENGINE_VERSION, Network
from footprint.engine.equations import Equations
from footprint.engine.plan import make_plan
from footprint.engine.solve import solve
from footprint.engine.warming import warm

SAMPLED = 100_000
"""Largest network that is sampled; samples are as many as take about the same time, and scaled up."""
LINK_BYTES = 12
"""An amount of eight bytes and a number of four."""


def timed(work: Callable[[], object], repeats: int = 5) -> float:
    """The best of a few runs, in seconds: the machine is shared."""
    best = float("inf")
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best


def bandwidth() -> float:
    """Bytes a second that a copy beyond the caches moves, reading and writing."""
    source, target = np.ones(16_000_000), np.zeros(16_000_000)
    return 2 * source.nbytes / timed(lambda: np.copyto(target, source), 7)


def must_move(equations: Equations) -> int:
    """Bytes no solve can avoid: every link, one row gathered for it, burdens read, results written."""
    row = 8 * equations.columns
    return len(equations.amount) * (LINK_BYTES + row) + 2 * equations.n * row


def update_seconds(network: Network, changes: int) -> dict[str, float]:
    """One amount changed at a time, then one link taken away and put back; the last figures are checked."""
    draw, edges, seconds, reached = np.random.default_rng(3), network.edges, [], []
    for link in draw.integers(len(edges.amount), size=changes):
        changed = edges.supplier[[link]], edges.consumer[[link]], edges.amount[[link]] * 1.1
        begin = time.perf_counter()
        moved = network.update(edges=changed)
        seconds.append(time.perf_counter() - begin)
        reached.append(len(moved))
    named = edges.supplier[[link]], edges.consumer[[link]]
    rewired = [timed(lambda z=z: network.update(edges=(*named, [z])), 1) for z in (0.0, 0.1, 0.0, 0.1)]
    full: NDArray[np.float64] = solve(network.equations, certify=False).intensity
    assert network.intensities.tobytes() == full.tobytes()
    return {"update_median": float(np.median(seconds)), "update_worst": max(seconds),
            "update_reached": float(np.median(reached)), "rewire": min(rewired)}  # fmt: skip


def sampling(network: Network) -> dict[str, float]:
    """One score of all products, seconds for 1,000 samples: scaled from fewer where that takes long."""
    samples = 1000 if network.n <= 10_000 else 96
    weights = np.ones(COLUMNS)
    network.monte_carlo(1.2, 1.1, 16, weights=weights)
    seconds = timed(lambda: network.monte_carlo(1.2, 1.1, samples, weights=weights), 1)
    return {"sampled": samples, "samples_1000": seconds * 1000 / samples}


def measure(products: int, preset: str) -> dict[str, object]:
    warm()
    equations = alliance(products, preset)
    network = Network(equations)
    network.solve()
    repeats = 5 if products <= 100_000 else 2
    links = equations.consumer, equations.supplier, equations.amount, equations.direct
    row: dict[str, object] = {
        "engine": ENGINE_VERSION, "links": len(equations.amount), "columns": COLUMNS,
        "largest_loop": max(map(len, network.loops), default=0),
        "sort": timed(lambda: Equations(equations.n, *links), 2),
        "plan": timed(lambda: make_plan(equations), 2),
        "solve": timed(network.solve, repeats), "residual": network.residual,
        "prove": timed(network.bound, 1), "bound": network.bound(),
    }  # fmt: skip
    row["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    limit = must_move(equations) / bandwidth()
    row |= {"limit": limit, "ratio_limit": float(str(row["solve"])) / limit}
    row |= update_seconds(network, 40 if preset != "giant" else 6)
    if products <= SAMPLED:
        row |= sampling(network)
    return row


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), sys.argv[2])))
