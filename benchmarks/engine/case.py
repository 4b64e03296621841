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
    return min(spent(work)[0] for _ in range(repeats))


def both(name: str, work: Callable[[], object], repeats: int = 5) -> dict[str, float]:
    """The best of a few runs, and the best time of the processor alone, which waiting does not lengthen."""
    wall, processor = zip(*(spent(work) for _ in range(repeats)), strict=True)
    return {name: min(wall), f"{name}_processor": min(processor)}


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that passed, and seconds of this thread."""
    begin, busy = time.perf_counter(), time.thread_time()
    work()
    return time.perf_counter() - begin, time.thread_time() - busy


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
        seconds.append(spent(lambda change=changed: reached.append(len(network.update(edges=change)))))
    named = edges.supplier[[link]], edges.consumer[[link]]
    rewired = [timed(lambda z=z: network.update(edges=(*named, [z])), 1) for z in (0.0, 0.1, 0.0, 0.1)]
    full: NDArray[np.float64] = solve(network.equations, certify=False).intensity
    assert network.intensities.tobytes() == full.tobytes()
    wall, processor = np.median(seconds, axis=0).tolist()
    return {"update_median": wall, "update_median_processor": processor,
            "update_worst": max(seconds)[0], "update_reached": float(np.median(reached)),
            "rewire": min(rewired)}  # fmt: skip


def sampling(network: Network) -> dict[str, float]:
    """One score of all products, seconds for 1,000 samples: scaled from fewer where that takes long."""
    samples = 1000 if network.n <= 10_000 else 96
    weights = np.ones(COLUMNS)
    network.monte_carlo(1.2, 1.1, 16, weights=weights)
    found = both("samples_1000", lambda: network.monte_carlo(1.2, 1.1, samples, weights=weights), 1)
    return {"sampled": samples} | {name: seconds * 1000 / samples for name, seconds in found.items()}


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
        **both("sort", lambda: Equations(equations.n, *links), 2),
        **both("plan", lambda: make_plan(equations), 2),
        **both("solve", network.solve, repeats), "residual": network.residual,
        **both("prove", network.bound, 1), "bound": network.bound(),
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
