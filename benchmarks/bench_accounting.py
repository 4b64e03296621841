"""How fast the accounting on top of the network is: the allocation band, quality, shared uncertainty.

Prints one JSON object per line. Usage: python benchmarks/bench_accounting.py [PRODUCTS ...]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.engine.case import timed
from benchmarks.engine.networks import PRESETS, alliance
from benchmarks.measure import say
from footprint.engine.band import everybody, own
from footprint.engine.burdens import OUTSIDE, Burdens
from footprint.engine.equations import Equations, Ints
from footprint.engine.plan import Plan, make_plan
from footprint.engine.quality import Parts, quality
from footprint.engine.solve import solve
from footprint.engine.uncertainty import Uncertain, shared_loadings, spread, spreads
from footprint.engine.warming import warm

METHODS = ("mass", "energy", "economic", "moles", "hydrogen", "custom")
GROUPS = 20
EXACT_LIMIT = 10_000
GIANT_LIMIT = 20_000
GWP = np.r_[1.0, 28.0, 265.0, np.ones(7)]


def twins(products: int, preset: str, seed: int = 11) -> tuple[Equations, Burdens, dict[str, np.ndarray]]:
    """The synthetic alliance with every two products of a site made by one process, and six methods."""
    draw, base = np.random.default_rng(seed), alliance(products, preset)
    background = max(products // 25, 20)
    pairs = (products - background) // 2
    process = np.full(products, OUTSIDE)
    process[background : background + 2 * pairs] = np.repeat(np.arange(pairs), 2)
    made = process >= 0
    ghg = base.direct @ GWP
    inner = made[base.consumer]
    taker, supplier, amount = process[base.consumer[inner]], base.supplier[inner], base.amount[inner]
    burdens = Burdens(process, np.ones(products), taker, supplier, amount,
                      np.bincount(process[made], weights=ghg[made], minlength=pairs))  # fmt: skip
    first = background + 2 * taker
    equations = Equations(
        products,
        np.concatenate([base.consumer[~inner], first, first + 1]),
        np.concatenate([base.supplier[~inner], supplier, supplier]),
        np.concatenate([base.amount[~inner], amount / 2, amount / 2]),
        np.where(made, _halves(burdens), ghg)[:, None],
    )
    return equations, burdens, {name: _split(draw, process) for name in METHODS}


def _halves(burdens: Burdens) -> np.ndarray:
    return np.append(burdens.direct_kg, 0.0)[burdens.process] / 2


def _split(draw: np.random.Generator, process: Ints) -> np.ndarray:
    """Shares of each pair; NaN where a product has one method only."""
    weight = draw.uniform(0.2, 1.0, len(process))
    total = np.bincount(process[process >= 0], weights=weight[process >= 0])
    return np.where(process >= 0, weight / np.append(total, 1.0)[process], np.nan)


def parts_of(equations: Equations) -> Parts:
    """One part per product: all of its direct burden."""
    draw, n = np.random.default_rng(5), equations.n
    return Parts(np.arange(n), equations.direct[:, 0], draw.random(n), draw.uniform(1, 5, (n, 3)))


def inputs_of(equations: Equations) -> Uncertain:
    """Every link and every direct burden uncertain; burdens also belong to shared factors."""
    draw, links, n = np.random.default_rng(6), len(equations.amount), equations.n
    return Uncertain(
        np.full(links, 1.05), np.full(links, -1), np.arange(n), equations.direct[:, 0], np.full(n, 1.05),
        draw.integers(0, GROUPS, n), draw.uniform(1.1, 2.0, GROUPS),
    )  # fmt: skip


def measure_band(equations: Equations, burdens: Burdens, shares: dict[str, np.ndarray], preset: str) -> None:
    ghg = solve(equations, certify=False).intensity[:, 0]
    size = {"products": equations.n, "preset": preset, "methods": len(METHODS)}
    say("accounting", "band: everybody", **size,
        seconds=timed(lambda: everybody(equations, burdens, shares, [1.0]), 2))  # fmt: skip
    if preset != "giant":
        say("accounting", "band: own process", **size,
            seconds=timed(lambda: own(equations, burdens, shares, ghg), 2))  # fmt: skip


def measure_quality(equations: Equations, plan: Plan, ghg: np.ndarray, preset: str) -> None:
    parts, link = parts_of(equations), np.full(len(equations.amount), 0.5)
    left_out = 0.01 * equations.direct[:, 0]
    say("accounting", "quality", products=equations.n, preset=preset,
        seconds=timed(lambda: quality(equations, plan, ghg, parts, link, left_out), 3))  # fmt: skip


def measure_uncertainty(equations: Equations, plan: Plan, ghg: np.ndarray, preset: str) -> None:
    inputs, size = inputs_of(equations), {"products": equations.n, "preset": preset, "groups": GROUPS}
    say("accounting", "shared loadings", **size,
        seconds=timed(lambda: shared_loadings(equations, plan, inputs, ghg), 3))  # fmt: skip
    found = spreads(equations, plan, inputs, ghg)
    width = (found.gsd2_high - 1.0) / (found.gsd2_low - 1.0)
    say("accounting", "spreads, enclosed", **size, upper_over_lower=float(np.median(width)),
        seconds=timed(lambda: spreads(equations, plan, inputs, ghg), 3))  # fmt: skip
    say("accounting", "spread of one product", **size,
        seconds=timed(lambda: spread(equations, inputs, ghg, equations.n - 1), 3))  # fmt: skip
    if equations.n <= EXACT_LIMIT and preset == "mild":
        say("accounting", "spreads, exact", **size,
            seconds=timed(lambda: spreads(equations, plan, inputs, ghg, exact=True), 1))  # fmt: skip


def measure(products: int, preset: str) -> None:
    equations, burdens, shares = twins(products, preset)
    plan = make_plan(equations)
    found = solve(equations, plan, certify=False)
    say("accounting", "network", products=products, preset=preset, links=len(equations.amount),
        largest_loop=max(map(len, found.loops), default=0),
        seconds=timed(lambda: solve(equations, plan, certify=False)))  # fmt: skip
    ghg = found.intensity[:, 0]
    measure_quality(equations, plan, ghg, preset)
    measure_uncertainty(equations, plan, ghg, preset)
    measure_band(equations, burdens, shares, preset)


def main(sizes: list[int]) -> None:
    warm()
    for products in sizes:
        for preset in PRESETS:
            if preset != "giant" or products <= GIANT_LIMIT:
                measure(products, preset)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
