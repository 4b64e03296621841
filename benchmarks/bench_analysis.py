"""How fast questions about one product are answered on synthetic alliance networks.

Prints one JSON object per line, times in seconds: the median, that of the processor alone, and the worst over
products drawn from all sites. Usage: python benchmarks/bench_analysis.py [PRODUCTS ...]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.engine.case import spent, timed
from benchmarks.engine.networks import COLUMNS, PRESETS, SITE, alliance
from benchmarks.measure import say
from footprint.engine.bridge import bridge
from footprint.engine.contributions import cumulative
from footprint.engine.equations import Equations
from footprint.engine.levers import Lever, ScaleDirect, SetLink
from footprint.engine.part import upstream
from footprint.engine.paths import heaviest_paths
from footprint.engine.plan import closure, make_plan
from footprint.engine.scenario import Scenario, evaluate, network_under
from footprint.engine.score import Scored, weigh
from footprint.engine.sensitivity import Sensitivity, sensitivity, swaps
from footprint.engine.snapshot import Role, Snapshot
from footprint.engine.solve import solve
from footprint.engine.tree import provider_tree
from footprint.engine.warming import warm

ASKED = 15
PATIENCE = 3.0
"""Seconds after which no further product is asked about."""
SWAPPED = 20_000
GOAL_TREE, GOAL_SCENARIO = 0.1, 0.1


def each(nodes: list[int], work: Callable[[int], object]) -> dict[str, float]:
    """Median and worst time of a question, asked of one product after the other until patience ends."""
    seconds: list[tuple[float, float]] = []
    for node in nodes:
        seconds.append(spent(lambda node=node: work(node)))
        if sum(wall for wall, _ in seconds) > PATIENCE:
            break
    wall, processor = np.median(seconds, axis=0).tolist()
    return {"asked": len(seconds), "median": wall, "processor": processor, "worst": max(seconds)[0]}


def site_of(equations: Equations, node: int) -> list[int]:
    """The fifty products of the site that a product belongs to."""
    background = max(equations.n // 25, 20)
    first = background + (node - background) // SITE * SITE
    return list(range(first, min(first + SITE, equations.n)))


def site_change(equations: Equations, node: int) -> Scenario:
    """Every unit of a site emits a tenth less and takes less by its first link."""
    levers: list[Lever] = [ScaleDirect(unit, 0.9) for unit in site_of(equations, node)]
    for unit in site_of(equations, node):
        first = equations.indptr[unit]
        levers.append(SetLink(unit, int(equations.supplier[first]), 0.95 * float(equations.amount[first])))
    return Scenario("site", tuple(levers))


def snapshot(equations: Equations) -> Snapshot:
    """Links as lines of a run: share 1, made 1."""
    links = len(equations.amount)
    leaf = np.diff(equations.indptr) == 0
    return Snapshot.of(
        role=np.where(leaf, Role.FACTOR, Role.PROCESS), direct=equations.direct, weights=np.ones(COLUMNS),
        consumer=equations.consumer, supplier=equations.supplier, line=equations.supplier,
        share=np.ones(links), taken=equations.amount, made=np.ones(links),
    )  # fmt: skip


def swapped(source: Scored, found: Sensitivity) -> object:
    """A hundred other suppliers for each of up to twenty thousand links that the figure hangs on."""
    other = np.random.default_rng(3).integers(0, source.equations.n, 100)
    links = found.link[:SWAPPED]
    return swaps(source, found, np.repeat(links, len(other)), np.tile(other, len(links)))


def measure(products: int, preset: str) -> None:
    equations = alliance(products, preset)
    plan = make_plan(equations)
    intensity = solve(equations, plan, certify=False).intensity
    whole = timed(lambda: solve(equations, plan, certify=False), 3)
    source = weigh(equations, intensity, np.ones(COLUMNS))
    background = max(products // 25, 20)
    nodes = np.random.default_rng(5).integers(background, products, ASKED).tolist()

    def show(name: str, figures: dict[str, float], **more: object) -> None:
        size = {"products": products, "preset": preset, "links": len(equations.amount), "columns": COLUMNS}
        say("analysis", name, **size, **figures, whole_solve=whole, **more)

    reached = [len(upstream(equations, [node])) for node in nodes]
    felt = [len(closure(equations.consumers, site_of(equations, node))) for node in nodes]
    changes = {node: site_change(equations, node) for node in nodes}
    before, few = snapshot(equations), nodes[:5]
    others = {node: snapshot(network_under(equations, changes[node])) for node in few}
    show("weigh", each(nodes, lambda _: weigh(equations, intensity, np.ones(COLUMNS))))
    show("tree", each(nodes, lambda node: provider_tree(source, node)), goal=GOAL_TREE)
    show("tree_deep", each(nodes, lambda node: provider_tree(source, node, cutoff=1e-5, budget=100_000)))
    show("paths", each(nodes, lambda node: heaviest_paths(source, node)))
    show("cumulative", each(nodes, lambda node: cumulative(equations, intensity, node)),
         upstream=float(np.median(reached)))  # fmt: skip
    show("sensitivity", each(nodes, lambda node: sensitivity(source, node)))
    show("swaps", each(few, lambda node: swapped(source, sensitivity(source, node))))
    show("scenario", each(nodes, lambda node: evaluate(equations, intensity, changes[node], [node], plan)),
         goal=GOAL_SCENARIO)  # fmt: skip
    show("scenario_all", each(nodes, lambda node: evaluate(equations, intensity, changes[node], plan=plan)),
         downstream=float(np.median(felt)))  # fmt: skip
    show("bridge", each(few, lambda node: bridge(before, others[node], node)))


def main(sizes: list[int]) -> None:
    warm()
    for products in sizes:
        for preset in PRESETS:
            measure(products, preset)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
