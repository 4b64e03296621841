"""How fast the engine plans, solves and updates synthetic alliance networks.

Prints one JSON object per line. Usage: python benchmarks/bench_engine.py [PRODUCTS ...]
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import splu

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from footprint.engine import ENGINE_VERSION
from footprint.engine.equations import Equations
from footprint.engine.plan import Plan, closure, make_plan
from footprint.engine.solve import solve, update
from footprint.engine.warming import warm

PRESETS = ("mild", "loops", "giant")
COLUMNS = 10
SITE = 50
UTILITIES = 5
TRADE = 0.1
LU_LIMIT = 20_000
UPDATES = 40


def alliance(products: int, preset: str, seed: int = 7) -> Equations:
    """A network of sites with utility loops, supplier tiers and a shared background.

    Products are numbered by tier: 4 % background, then sites of 50 that buy from the background,
    from their own earlier units, and what earlier sites sell. *loops* turns 1 % of the links
    between sites around; *giant* lets the background buy from members.
    """
    draw = np.random.default_rng(seed)
    background = max(products // 25, 20)
    links = [_background(draw, background), *_sites(draw, background, products),
             _trade(draw, background, products, preset), _utilities(draw, background, products)]  # fmt: skip
    if preset == "giant":
        links.append(_bought_back(draw, background, products))
    consumer, supplier, amount = (np.concatenate(part) for part in zip(*links, strict=True))
    direct = draw.lognormal(0.0, 1.0, (products, COLUMNS)) * 10.0 ** -np.arange(COLUMNS)
    return Equations(products, consumer, supplier, amount, direct)


Links = tuple[np.ndarray, np.ndarray, np.ndarray]


def _below(draw: np.random.Generator, limit: np.ndarray) -> np.ndarray:
    """One whole number below each limit."""
    return (draw.random(len(limit)) * limit).astype(np.int64)


def _background(draw: np.random.Generator, background: int) -> Links:
    consumer = np.repeat(np.arange(1, background), 6)
    return consumer, _below(draw, consumer), draw.uniform(0.01, 0.1, len(consumer))


def _sites(draw: np.random.Generator, background: int, products: int) -> list[Links]:
    """Each unit takes from five background products and, but for the utilities, six earlier units."""
    node = np.arange(background, products)
    inner = np.repeat(node[(node - background) % SITE >= UTILITIES], 6)
    rank = (inner - background) % SITE
    outer = np.repeat(node, 5)
    shared = _below(draw, np.full(len(outer), background))
    return [(inner, inner - 1 - _below(draw, rank), draw.uniform(0.01, 0.2, len(inner))),
            (outer, shared, draw.uniform(0.001, 0.08, len(outer)))]  # fmt: skip


def _trade(draw: np.random.Generator, background: int, products: int, preset: str) -> Links:
    """A tenth of the products takes one from an earlier site."""
    node = np.arange(background + SITE, products)
    consumer = node[draw.random(len(node)) < TRADE]
    supplier = background + _below(draw, (consumer - background) // SITE * SITE)
    if preset == "loops":
        turned = draw.random(len(consumer)) < 0.01
        consumer, supplier = np.where(turned, supplier, consumer), np.where(turned, consumer, supplier)
    return consumer, supplier, draw.uniform(0.01, 0.3, len(consumer))


def _utilities(draw: np.random.Generator, background: int, products: int) -> Links:
    """Steam, power and cooling water; hydrogen and fuel gas: rings of 3 and 2 at every site."""
    first = np.arange(background, products - SITE, SITE)
    steam, power, water, hydrogen, gas = (first + k for k in range(UTILITIES))
    consumer = np.concatenate([steam, power, water, hydrogen, gas])
    supplier = np.concatenate([water, steam, power, gas, hydrogen])
    return consumer, supplier, draw.uniform(0.02, 0.3, len(consumer))


def _bought_back(draw: np.random.Generator, background: int, products: int) -> Links:
    consumer = np.repeat(np.arange(background), 3)
    supplier = draw.integers(background, products, len(consumer))
    return consumer, supplier, draw.uniform(0.0001, 0.01, len(consumer))


def timed(work: Callable[[], object], repeats: int = 5) -> float:
    """The best of a few runs, in seconds: the machine is shared."""
    best = float("inf")
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best


def splu_seconds(network: Equations) -> float:
    """Factorise and solve the same equations, all columns, with SuperLU."""
    links = csc_array((network.amount, (network.consumer, network.supplier)), shape=(network.n, network.n))
    matrix = csc_array(eye_array(network.n) - links)
    return timed(lambda: splu(matrix).solve(network.direct), repeats=2)


def update_seconds(network: Equations, plan: Plan, intensity: np.ndarray) -> dict[str, float]:
    """Change one direct burden at a time and update; the first answers are compared with a solve."""
    draw, seconds, reached = np.random.default_rng(3), [], []
    for turn in range(UPDATES):
        node = int(draw.integers(network.n))
        direct = np.array(network.direct)
        direct[node] *= 1.1
        changed = network.with_direct(direct)
        begin = time.perf_counter()
        after = update(changed, plan, intensity, [node])
        seconds.append(time.perf_counter() - begin)
        reached.append(len(closure(network.consumers, [node])))
        if turn < 2:
            assert np.array_equal(after, solve(changed, plan, certify=False).intensity)
    return {"update_median": float(np.median(seconds)), "update_worst": max(seconds),
            "closure_median": float(np.median(reached))}  # fmt: skip


def measure(products: int, preset: str) -> dict[str, object]:
    network = alliance(products, preset)
    plan = make_plan(network)
    found = solve(network, plan)
    row: dict[str, object] = {
        "benchmark": "engine", "engine": ENGINE_VERSION, "products": products, "preset": preset,
        "links": len(network.amount), "columns": COLUMNS, "loops": len(found.loops),
        "largest_loop": max(map(len, found.loops), default=0), "levels": plan.levels,
        "plan": timed(lambda: make_plan(network), 3),
        "solve": timed(lambda: solve(network, plan, certify=False)),
        "solve_certified": timed(lambda: solve(network, plan), 3),
        "residual": found.residual, "bound": found.bound,
    }  # fmt: skip
    row |= update_seconds(network, plan, found.intensity)
    if products <= LU_LIMIT:
        row["splu"] = splu_seconds(network)
        row["splu_over_solve"] = float(row["splu"]) / float(str(row["solve"]))
    return row


def main(sizes: list[int]) -> None:
    warm()
    for products in sizes:
        for preset in PRESETS:
            row = measure(products, preset)
            shown = {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in row.items()}
            print(json.dumps(shown), flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
