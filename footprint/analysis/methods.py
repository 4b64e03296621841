"""Processes with several products: what they take before it is allocated, and what shares methods give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from footprint.analysis.ground import Ground
from footprint.calculation import shares
from footprint.engine.allocation import MEASURED, Basis, allocate
from footprint.engine.band import AllocationBand, everybody, own
from footprint.engine.burdens import OUTSIDE, Burdens
from footprint.engine.characterise import characterise
from footprint.engine.equations import Floats, Ints
from footprint.engine.errors import EngineError

METHODS = (*MEASURED, Basis.DECLARED)
"""What a band is made of, in this order."""


@dataclass(frozen=True, eq=False)
class Joint:
    """One process with several products, all of which have a figure.

    Shapes   products, nodes, made: (c,)
    Units    made: units of the product in the period
    """

    process: int
    method: str
    products: tuple[int, ...]
    nodes: Ints
    made: Floats
    portions: float
    """What the shares in force sum to: 1, or as many as there are products where each carries everything."""
    shares: Mapping[Basis, Floats]
    """Of each method that applies, one share for each product."""


@dataclass(frozen=True, eq=False)
class Bands:
    """The band of every product: when everybody changes, and when only its own process does."""

    everybody: AllocationBand
    own: AllocationBand


def joints(ground: Ground) -> list[Joint]:
    """Every process with several products, by its id."""
    return [
        _joint(ground, process, made)
        for process, made in sorted(ground.makers.items())
        if len(made) > 1 and process in ground.inputs.processes
    ]


def _joint(ground: Ground, process: int, made: list[tuple[int, int]]) -> Joint:
    row, nodes = ground.inputs.processes[process], np.array([node for _, node in made])
    products = tuple(product for product, _ in made)
    outputs = [line for line in ground.inputs.lines.get(process, []) if line.is_output]
    portions = float(len(made)) if row.method == Basis.FULL else 1.0
    amounts = np.array([ground.kept(node).production for node in nodes.tolist()])
    given: dict[Basis, Floats] = {}
    if {line.product for line in outputs} == set(products):
        known = shares.known(row, products, outputs, ground.inputs)
        for method in METHODS:
            try:
                given[method] = allocate(known, method)
            except EngineError:
                continue
    return Joint(process, row.method, products, nodes, amounts, portions, given)


def burdens(ground: Ground, every: list[Joint]) -> Burdens:
    """What these processes take and emit in their period, from what their products carry of it."""
    process, quantity, portion = _membership(ground, every)
    taker = process[ground.consumer]
    at = taker >= 0
    consumer = ground.consumer[at]
    total = ground.amount[at] * quantity[consumer] / portion[consumer]
    key, place = np.unique(taker[at] * ground.n + ground.supplier[at], return_inverse=True)
    direct = characterise(ground.equations.direct, ground.gwp) * quantity / portion
    inside = process >= 0
    return Burdens(
        process, np.where(inside, quantity, 1.0), key // ground.n, key % ground.n,
        np.bincount(place, weights=total, minlength=len(key)).astype(np.float64),
        np.bincount(process[inside], weights=direct[inside], minlength=len(every)).astype(np.float64),
    )  # fmt: skip


def bands(ground: Ground, every: list[Joint]) -> Bands:
    """Every product under every method that applies to at least one process."""
    before = burdens(ground, every)
    table: dict[str, Floats] = {}
    for method in METHODS:
        row = np.full(ground.n, np.nan)
        for joint in every:
            if method in joint.shares:
                row[joint.nodes] = joint.shares[method]
        if np.isfinite(row).any():
            table[method.value] = row
    ghg = np.nan_to_num(ground.ghg_kg)
    return Bands(
        everybody(ground.equations, before, table, ground.gwp), own(ground.equations, before, table, ghg)
    )


def _membership(ground: Ground, every: list[Joint]) -> tuple[Ints, Floats, Floats]:
    process, quantity = np.full(ground.n, OUTSIDE), np.ones(ground.n)
    portion = np.ones(ground.n)
    for number, joint in enumerate(every):
        process[joint.nodes], quantity[joint.nodes] = number, joint.made
        portion[joint.nodes] = joint.portions
    return process, quantity, portion
