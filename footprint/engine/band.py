"""The allocation band: what every product would be under each method, through the whole network.

Two questions, two answers. *Everybody*: all processes change to a method, suppliers too; one solve per
method over one structure. *Own*: only the process that makes the product changes, its suppliers keep
their method; exact without a solve, because one process changes few rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footprint.engine.burdens import Burdens
from footprint.engine.characterise import characterise
from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.errors import WrongShape
from footprint.engine.loop_gain import loop_gain
from footprint.engine.plan import make_plan
from footprint.engine.solve import solve_tolerant

Flags = NDArray[np.bool_]

IN_FORCE = "in force"
"""Name of the first row of a band: every process by its own method."""
EQUAL = 1e-12
"""Relative difference below which two methods give the same; the earlier one is named then."""


@dataclass(frozen=True, eq=False)
class AllocationBand:
    """Every product under every method; row 0 is the method in force.

    Shapes   ghg_kg: (k, n), NaN where a product has no figure under a method; applies: (k, n) whether
             the product's own process changes under it; low, high: (n,); lowest, highest: (n,) rows of
             ``methods`` that give them, the first of equals, -1 where there is no figure at all
    Units    kg CO2e per unit of product
    """

    methods: tuple[str, ...]
    ghg_kg: Floats
    applies: Flags
    low: Floats
    high: Floats
    lowest: Ints
    highest: Ints


def everybody(
    equations: Equations, burdens: Burdens, shares: Mapping[str, ArrayLike], gwp: ArrayLike
) -> AllocationBand:
    """All products when all processes go by one method, for each of the methods.

    A process changes only if the method gives a share to each of its co-products; the others keep
    their rows of the network in force, be they allocated, subdivided or credited.

    Shapes   network: n products, in force; shares: method -> (n,) share of each product in its process's
             burden, NaN where the method does not apply; gwp: (m,); see ``AllocationBand``
    Units    gwp: kg CO2e per kg of each column; shares dimensionless
    Errors   WrongShape; NotCharacterised; a loop that a method makes unproductive has NaN there
    Source   y = e + Z'y for every method; one structure, so that one plan serves all
    """
    table, applies = _shares(burdens, shares, equations.n)
    scenario = _Rebuild.of(equations, burdens, applies)
    plan = make_plan(scenario.equations)
    ghg = characterise(equations.direct, gwp)
    rows = np.empty((len(table) + 1, equations.n))
    for k in range(len(rows)):
        if k == 0:
            amount, direct = scenario.equations.amount, ghg
        else:
            amount, direct = scenario.under(burdens, table[k - 1], applies[k], ghg)
        changed = scenario.equations.with_amount(amount).with_direct(direct[:, None])
        rows[k] = solve_tolerant(changed, plan, certify=False).intensity[:, 0]
    return _band((IN_FORCE, *shares), rows, applies)


def own(
    equations: Equations, burdens: Burdens, shares: Mapping[str, ArrayLike], ghg_kg: ArrayLike
) -> AllocationBand:
    """Each product when only its own process changes its method and all others keep theirs.

    With B the burden of the process and s its shares, a product is s B / q. Only where the process's
    products come back to it through others does B itself move: by w, the amount of each product that
    returns per period while the process's own rows are held,

        B' = (B - w y) / (1 - sum of w s' / q)

    Shapes   ghg_kg: (n,) figures in force, NaN where refused; else as ``everybody``
    Units    ghg_kg: kg CO2e per unit of product
    Errors   WrongShape; NaN where a loop would not be productive under a method
    Source   own derivation: a block of rows changed, Sherman-Morrison-Woodbury
    """
    table, applies = _shares(burdens, shares, equations.n)
    y = np.array(ghg_kg, dtype=np.float64)
    if y.shape != (equations.n,):
        raise WrongShape(f"There are {equations.n} products and {y.size} figures.")
    p, inside = len(burdens.direct_kg), burdens.process >= 0
    made_by = burdens.process[inside]
    burden = burdens.direct_kg + np.bincount(
        burdens.taker, weights=burdens.amount * y[burdens.supplier], minlength=p
    )
    scenario = _Rebuild.of(equations, burdens, applies)
    returning = loop_gain(scenario.equations, make_plan(scenario.equations), burdens, y)
    held = burden - np.bincount(made_by, weights=(returning * y)[inside], minlength=p)
    rows = np.tile(y, (len(table) + 1, 1))
    for k, share in enumerate(table, 1):
        per_unit = np.where(applies[k], share, 0.0)[inside] / burdens.quantity[inside]
        gain = np.bincount(made_by, weights=returning[inside] * per_unit, minlength=p)
        loss = 1.0 - gain
        total = np.where(loss > EQUAL, held / np.where(loss > EQUAL, loss, 1.0), np.nan)
        result = np.full(equations.n, np.nan)
        result[inside] = per_unit * total[made_by]
        rows[k, applies[k]] = result[applies[k]]
    return _band((IN_FORCE, *shares), rows, applies)


@dataclass(frozen=True, eq=False)
class _Rebuild:
    """One structure for all methods, and where every line of every product goes in it.

    ``network`` has the amounts in force, zero where only another method has a link. ``product`` and
    ``line`` pair each product that may change with each line of its process; ``at`` is their link.
    """

    equations: Equations
    product: Ints
    line: Ints
    at: Ints

    @classmethod
    def of(cls, equations: Equations, burdens: Burdens, applies: Flags) -> _Rebuild:
        product, line = _pairs(burdens, np.flatnonzero(applies[1:].any(axis=0)))
        supplier = burdens.supplier[line]
        at, there = _places(equations, product, supplier)
        if there.all():
            return cls(equations, product, line, at)
        union = Equations(
            equations.n,
            np.concatenate([equations.consumer, product[~there]]),
            np.concatenate([equations.supplier, supplier[~there]]),
            np.ones(len(equations.amount) + int((~there).sum())),
            equations.direct,
        )
        amount = np.zeros(len(union.amount))
        amount[_places(union, equations.consumer, equations.supplier)[0]] = equations.amount
        return cls(union.with_amount(amount), product, line, _places(union, product, supplier)[0])

    def under(self, burdens: Burdens, share: Floats, changes: Flags, ghg_kg: Floats) -> tuple[Floats, Floats]:
        """Amounts and direct burdens when some products go by other shares."""
        amount = np.where(changes[self.equations.consumer], 0.0, self.equations.amount)
        moves = changes[self.product]
        product, line = self.product[moves], self.line[moves]
        part = burdens.amount[line] * share[product] / burdens.quantity[product]
        amount += np.bincount(self.at[moves], weights=part, minlength=len(amount))
        direct = np.array(ghg_kg)
        direct[changes] = (burdens.direct_kg[burdens.process] * share / burdens.quantity)[changes]
        return amount, direct


def _pairs(burdens: Burdens, products: Ints) -> tuple[Ints, Ints]:
    """Each of the products with each line of its process."""
    order = np.argsort(burdens.taker, kind="stable")
    count = np.bincount(burdens.taker, minlength=len(burdens.direct_kg))
    start = np.cumsum(count) - count
    lines = count[burdens.process[products]]
    first = np.repeat(start[burdens.process[products]] - (np.cumsum(lines) - lines), lines)
    return np.repeat(products, lines), order[first + np.arange(int(lines.sum()))]


def _places(equations: Equations, consumer: Ints, supplier: Ints) -> tuple[Ints, Flags]:
    """Where links stand in canonical order, and whether they are there."""
    keys = equations.consumer * equations.n + equations.supplier
    wanted = consumer * equations.n + supplier
    at = np.searchsorted(keys, wanted)
    there = keys[np.minimum(at, len(keys) - 1)] == wanted if len(keys) else np.zeros(len(at), dtype=np.bool_)
    return at, there


def _shares(burdens: Burdens, shares: Mapping[str, ArrayLike], n: int) -> tuple[Floats, Flags]:
    """(k, n) shares, and (k + 1, n) which products change; a process changes as a whole or not at all."""
    rows = [np.asarray(row, dtype=np.float64) for row in shares.values()]
    table = np.array(rows) if rows else np.empty((0, n))
    if burdens.n != n or any(row.shape != (n,) for row in rows):
        raise WrongShape(f"There must be a process and a share for each of the {n} products.")
    applies = np.zeros((len(shares) + 1, n), dtype=np.bool_)
    inside = burdens.process >= 0
    for k, row in enumerate(table, 1):
        open_ = np.bincount(burdens.process[inside & ~np.isfinite(row)], minlength=len(burdens.direct_kg))
        applies[k, inside] = open_[burdens.process[inside]] == 0
    return table, applies


def _band(methods: tuple[str, ...], rows: Floats, applies: Flags) -> AllocationBand:
    low, high = np.fmin.reduce(rows), np.fmax.reduce(rows)
    known = np.isfinite(low)
    lowest = np.where(known, (rows <= low + EQUAL * np.abs(low)).argmax(axis=0), -1)
    highest = np.where(known, (rows >= high - EQUAL * np.abs(high)).argmax(axis=0), -1)
    return AllocationBand(methods, rows, applies, low, high, lowest, highest)
