"""How much of its own products comes back to a process through others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from footprint.engine.burdens import Burdens
from footprint.engine.network import Floats, Ints, Network
from footprint.engine.plan import Plan, make_plan
from footprint.engine.solve import solve_tolerant

LARGEST_INVERSE = 600
"""Loops up to this size are inverted as a whole; larger ones are solved column by column."""
BLOCK = 64
"""Columns solved together."""


def loop_gain(network: Network, plan: Plan, burdens: Burdens, scale: Floats) -> Floats:
    """Amount of each product that returns to its own process per period, the process's rows held.

    With G the inverse of a loop's equations, J the products of a process and a what it takes, the
    amount is ``a G[:, J] G[J, J]^-1``. Products outside loops have zero. In a loop of more than
    600 products every column is a solve of that loop: slow, and as exact.

    Shapes   scale: (n,) figures that make the equations independent of units; result: (n,)
    Units    result: units of the product per period of its process; scale: kg CO2e per unit
    Errors   none; NaN for the products of a loop that is not productive
    Source   own derivation: Schur complement of the rows of one process
    """
    gain = np.zeros(network.n)
    order = np.argsort(burdens.taker, kind="stable")
    bounds = np.searchsorted(burdens.taker[order], np.arange(int(burdens.process.max(initial=-1)) + 2))
    unit = np.where(np.isfinite(scale) & (scale != 0.0), np.abs(scale), 1.0)
    for component in plan.loops():
        members = plan.members_of(component)
        processes = np.unique(burdens.process[members])
        processes = processes[processes >= 0]
        if not len(processes):
            continue
        block = _block(network, plan, component, unit)
        place = np.full(network.n, -1)
        place[members] = np.arange(len(members))
        for process, columns, inverse in _inverses(block, members, burdens.process, processes):
            own = order[bounds[process] : bounds[process + 1]]
            inner = own[place[burdens.supplier[own]] >= 0]
            taken = np.bincount(
                place[burdens.supplier[inner]], weights=burdens.amount[inner] * unit[burdens.supplier[inner]],
                minlength=len(members),
            ).astype(np.float64)  # fmt: skip
            gain[members[columns]] = _returning(taken, inverse, columns) / unit[members[columns]]
    return gain


def _block(network: Network, plan: Plan, component: int, unit: Floats) -> Network:
    """The equations of one loop alone, in units of kg CO2e."""
    members = plan.members_of(component)
    first = int(plan.start[component])
    consumer, supplier, amount = [], [], []
    for a, j in enumerate(members.tolist()):
        links = network.links_of(j)
        inner = plan.component[network.supplier[links]] == component
        node = network.supplier[links][inner]
        consumer.append(np.full(len(node), a))
        supplier.append(plan.place[node] - first)
        amount.append(network.amount[links][inner] * unit[node] / unit[j])
    return Network(len(members), np.concatenate(consumer), np.concatenate(supplier),
                   np.concatenate(amount), np.zeros((len(members), 0)))  # fmt: skip


def _inverses(
    block: Network, members: Ints, process: Ints, processes: Ints
) -> Iterator[tuple[int, Ints, Floats]]:
    """Of each process its products in the loop and their columns of the inverse."""
    if block.n <= LARGEST_INVERSE:
        equations: Floats = np.eye(block.n)
        np.subtract.at(equations, (block.consumer, block.supplier), block.amount)
        try:
            inverse: Floats = np.asarray(np.linalg.inv(equations), dtype=np.float64)
        except np.linalg.LinAlgError:
            inverse = np.full_like(equations, np.nan)
        for one in processes.tolist():
            columns: Ints = np.flatnonzero(process[members] == one).astype(np.int64)
            yield one, columns, inverse[:, columns]
        return
    plan = make_plan(block)
    wanted = np.flatnonzero(process[members] >= 0)
    wanted = wanted[np.argsort(process[members[wanted]], kind="stable")]
    for group in _groups(process[members[wanted]]):
        columns = wanted[group]
        unit_loads = np.zeros((block.n, len(columns)))
        unit_loads[columns, np.arange(len(columns))] = 1.0
        inverse = solve_tolerant(block.with_direct(unit_loads), plan, certify=False).intensity
        for one in np.unique(process[members[columns]]).tolist():
            chosen = process[members[columns]] == one
            yield one, columns[chosen], inverse[:, chosen]


def _groups(keys: Ints) -> Iterator[slice]:
    """Runs of whole processes of about ``BLOCK`` products."""
    begin = 0
    while begin < len(keys):
        end = min(begin + BLOCK, len(keys))
        while end < len(keys) and keys[end] == keys[end - 1]:
            end += 1
        yield slice(begin, end)
        begin = end


def _returning(taken: Floats, inverse: Floats, columns: Ints) -> Floats:
    own = inverse[columns]
    if not np.isfinite(inverse).all():
        return np.full(len(columns), np.nan)
    try:
        return np.asarray(np.linalg.solve(own.T, taken @ inverse), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full(len(columns), np.nan)
