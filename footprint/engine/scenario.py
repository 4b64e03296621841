"""What if: a network under overrides, computed only where they can be felt; the network stays as it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Equations, Floats, Ints, as_nodes
from footprint.engine.errors import NonFinite, WrongShape
from footprint.engine.kernels import reach
from footprint.engine.levers import Lever, Rows
from footprint.engine.part import links_of, named, places, spread
from footprint.engine.plan import Plan, closure, make_plan
from footprint.engine.solve import solve
from footprint.engine.walk import Walk

STILL = 1e-12
"""A figure that moves by less than this, relatively, has not moved."""
MOST = 0.25
"""From this part of the network on, to solve all of it costs less than to cut the part out."""


@dataclass(frozen=True)
class Scenario:
    """Levers, pulled one after the other."""

    name: str
    levers: tuple[Lever, ...]


@dataclass(frozen=True, eq=False)
class Outcome:
    """Figures of some products before and under a scenario.

    Shapes   nodes: (k,); before, after, change: (k, m); NaN where the product has no figure
    Units    kg of each column per unit of product
    """

    scenario: Scenario
    nodes: Ints
    before: Floats
    after: Floats

    @property
    def change(self) -> Floats:
        """By how much each figure moves."""
        return self.after - self.before


@dataclass(frozen=True, eq=False)
class _Links:
    """Links of the products that are computed anew, in names of the whole network."""

    consumer: Ints
    supplier: Ints
    amount: Floats


def evaluate(
    equations: Equations,
    intensity: ArrayLike,
    scenario: Scenario,
    asked: ArrayLike | None = None,
    plan: Plan | None = None,
) -> Outcome:
    """Figures under a scenario, of the products asked for or of all that move.

    Only what is downstream of a lever, and upstream of what is asked, is computed; every other supplier
    counts with the figure it has. Where that is most of the network, all of it is solved, by ``plan`` if no
    lever makes or breaks a link.

    Shapes   intensity: (n, m); asked: (k,), or None for every product that moves
    Units    intensity: kg of each column per unit of product
    Errors   NotProductive, SingularNetwork where the scenario makes a loop that cannot be solved, naming
             it; NoSuchLink for a lever on a link that is not there; NonFinite where a product asked for
             has no figure; OutOfBounds, OutOfRange, PlanMismatch, WrongShape
    Source   the equations of ``solve``, restricted to what can move
    """
    before = _intensities(equations, intensity)
    rows = _rows(equations, scenario)
    wanted = None if asked is None else as_nodes(asked, equations.n)
    affected = _affected(equations, rows, wanted)
    if len(affected) > MOST * equations.n and np.isfinite(before).all():
        after = _solve_all(equations, rows, affected, plan)
    else:
        after = _recompute(equations, before, rows, affected)
    if wanted is None:
        wanted = affected[_moved(before[affected], after)]
    figures = np.array(before[wanted])
    place = places(equations.n, affected)[wanted]
    figures[place >= 0] = after[place[place >= 0]]
    missing = ~np.isfinite(figures).all(axis=1)
    if asked is not None and missing.any():
        raise NonFinite("intensity of product", np.unique(wanted[missing]))
    return Outcome(scenario, wanted, before[wanted], figures)


def network_under(equations: Equations, scenario: Scenario) -> Equations:
    """The whole network as a scenario has it, for questions beyond its figures.

    Shapes   as ``Network``
    Units    as ``Network``
    Errors   as ``evaluate``, but for loops
    Source   none
    """
    return _under(equations, _rows(equations, scenario))


def _under(equations: Equations, rows: Rows) -> Equations:
    """The equations with other rows; the very links they had unless a lever makes or breaks one."""
    amount, direct = np.array(equations.amount), np.array(equations.direct)
    new: list[tuple[int, int, float]] = []
    for node, taken in rows.taken.items():
        links, found = equations.links_of(node), list(taken.items())  # links there were come first, in order
        known = links.stop - links.start
        amount[links] = [value for _, value in found[:known]]
        new += [(node, supplier, value) for supplier, value in found[known:] if value != 0.0]
        direct[node] = rows.direct[node]
    changed, gone = equations.over(amount, direct), np.flatnonzero(amount == 0.0)
    if not new and not len(gone):
        return changed
    consumer, supplier, value = zip(*new, strict=True) if new else ((), (), ())
    ends = np.array(consumer, np.int64), np.array(supplier, np.int64)
    return changed.relinked(gone, *ends, np.array(value, np.float64), direct)


def _affected(equations: Equations, rows: Rows, wanted: Ints | None) -> Ints:
    """The products downstream of a lever, and upstream of one that is asked for if any is."""
    touched = np.array(list(rows.taken), dtype=np.int64)
    felt = reach(*equations.consumers, touched)
    if wanted is not None:
        new = [supplier for row in rows.taken.values() for supplier in row]
        felt &= reach(*equations.suppliers, np.append(wanted, np.array(new, dtype=np.int64)))
    return np.flatnonzero(felt)


def _solve_all(equations: Equations, rows: Rows, nodes: Ints, plan: Plan | None) -> Floats:
    """Intensities of these products from a solve of all, where every product had a figure."""
    changed = _under(equations, rows)
    if plan is None or changed.supplier is not equations.supplier:
        plan = make_plan(changed)
    else:
        plan.check(changed)
    walk, place = Walk.from_nothing(changed, plan), places(equations.n, nodes)
    walk.whole()
    for component in sorted(walk.refusals):
        if place[walk.refusals[component].nodes[0]] >= 0:
            raise walk.refusals[component]
    return walk.intensity[nodes]


def _rows(equations: Equations, scenario: Scenario) -> Rows:
    rows = Rows(equations)
    for lever in scenario.levers:
        rows.pull(lever)
    return rows


def _intensities(equations: Equations, intensity: ArrayLike) -> Floats:
    rows = np.asarray(intensity, dtype=np.float64)
    if rows.shape != equations.direct.shape:
        raise WrongShape("The intensities are those of another network.")
    return rows


def _links(equations: Equations, rows: Rows, nodes: Ints) -> _Links:
    """The links of these products: as they are, or as levers have left them."""
    touched = np.isin(nodes, np.array(list(rows.taken), dtype=np.int64))
    kept = links_of(equations, nodes[~touched])
    changed = [(node, supplier, amount) for node in nodes[touched].tolist()
               for supplier, amount in rows.taken[node].items()]  # fmt: skip
    consumer, supplier, amount = zip(*changed, strict=True) if changed else ((), (), ())
    return _Links(
        np.append(equations.consumer[kept], np.array(consumer, dtype=np.int64)),
        np.append(equations.supplier[kept], np.array(supplier, dtype=np.int64)),
        np.append(equations.amount[kept], np.array(amount, dtype=np.float64)),
    )


def _recompute(equations: Equations, before: Floats, rows: Rows, nodes: Ints) -> Floats:
    """Intensities of these products when all others keep theirs; NaN downstream of one without."""
    links, place = _links(equations, rows, nodes), places(equations.n, nodes)
    consumer, supplier = place[links.consumer], place[links.supplier]
    outer = (supplier < 0) & (links.amount != 0.0)
    carried = links.amount[outer, None] * before[links.supplier[outer]]
    burden = np.array(equations.direct[nodes])
    for node, own in rows.direct.items():
        if place[node] >= 0:
            burden[place[node]] = own
    burden += spread(consumer[outer], carried, len(nodes))
    inner, lost = supplier >= 0, np.flatnonzero(~np.isfinite(burden).all(axis=1))
    burden[lost] = 0.0
    part = Equations(len(nodes), consumer[inner], supplier[inner], links.amount[inner], burden)
    if len(lost):
        return _solve_rest(part, nodes, closure(part.consumers, lost))
    with named(nodes):
        return solve(part, certify=False).intensity


def _solve_rest(part: Equations, nodes: Ints, lost: Ints) -> Floats:
    """Intensities of a part in which some products, and all that hang on them, have none."""
    after = np.full(part.direct.shape, np.nan)
    rest = np.setdiff1d(np.arange(part.n), lost)
    place = places(part.n, rest)
    kept = place[part.consumer] >= 0
    smaller = Equations(len(rest), place[part.consumer[kept]], place[part.supplier[kept]],
                      part.amount[kept], part.direct[rest])  # fmt: skip
    with named(nodes[rest]):
        after[rest] = solve(smaller, certify=False).intensity
    return after


def _moved(before: Floats, after: Floats) -> Ints:
    """Rows that differ by more than rounding, or have a figure on one side only."""
    size = np.maximum(np.abs(before), np.abs(after)).max(axis=1, initial=0.0, keepdims=True)
    still = np.abs(after - before) <= STILL * size
    still |= np.isnan(before) & np.isnan(after)
    return np.flatnonzero(~still.all(axis=1))
