"""How fast the accounting on top of the network is: the allocation band, quality, shared uncertainty.

Prints one JSON object per line. Usage: python benchmarks/bench_accounting.py [PRODUCTS ...]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_engine import PRESETS, alliance, timed
from benchmarks.measure import say
from footprint.engine.band import everybody, own
from footprint.engine.burdens import OUTSIDE, Burdens
from footprint.engine.network import Ints, Network
from footprint.engine.plan import make_plan
from footprint.engine.solve import solve
from footprint.engine.warming import warm

METHODS = ("mass", "energy", "economic", "moles", "hydrogen", "custom")
GWP = np.r_[1.0, 28.0, 265.0, np.ones(7)]


def twins(products: int, preset: str, seed: int = 11) -> tuple[Network, Burdens, dict[str, np.ndarray]]:
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
    network = Network(
        products,
        np.concatenate([base.consumer[~inner], first, first + 1]),
        np.concatenate([base.supplier[~inner], supplier, supplier]),
        np.concatenate([base.amount[~inner], amount / 2, amount / 2]),
        np.where(made, _halves(burdens), ghg)[:, None],
    )
    return network, burdens, {name: _split(draw, process) for name in METHODS}


def _halves(burdens: Burdens) -> np.ndarray:
    return np.append(burdens.direct_kg, 0.0)[burdens.process] / 2


def _split(draw: np.random.Generator, process: Ints) -> np.ndarray:
    """Shares of each pair; NaN where a product has one method only."""
    weight = draw.uniform(0.2, 1.0, len(process))
    total = np.bincount(process[process >= 0], weights=weight[process >= 0])
    return np.where(process >= 0, weight / np.append(total, 1.0)[process], np.nan)


def measure(products: int, preset: str) -> None:
    network, burdens, shares = twins(products, preset)
    plan = make_plan(network)
    found = solve(network, plan, certify=False)
    ghg = found.intensity[:, 0]
    say("accounting", "network", products=products, preset=preset, links=len(network.amount),
        largest_loop=max(map(len, found.loops), default=0),
        solve=timed(lambda: solve(network, plan, certify=False)))  # fmt: skip
    say("accounting", "band: everybody", products=products, preset=preset, methods=len(METHODS),
        seconds=timed(lambda: everybody(network, burdens, shares, [1.0]), 2))  # fmt: skip
    if preset != "giant":
        say("accounting", "band: own process", products=products, preset=preset, methods=len(METHODS),
            seconds=timed(lambda: own(network, burdens, shares, ghg), 2))  # fmt: skip


def main(sizes: list[int]) -> None:
    warm()
    for products in sizes:
        for preset in PRESETS:
            measure(products, preset)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
