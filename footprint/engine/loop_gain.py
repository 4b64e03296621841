"""How much of its own products comes back to a process through others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from footprint.engine.burdens import Burdens
from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.plan import Plan, make_plan
from footprint.engine.solve import solve_tolerant

LARGEST_INVERSE = 600
"""Loops up to this size are inverted as a whole; larger ones are solved column by column."""
BLOCK = 64
"""Columns solved together."""


def loop_gain(equations: Equations, plan: Plan, burdens: Burdens, scale: Floats) -> Floats:
    """Amount of each product that returns to its own process per period, the process's rows held.

    With G the inverse of a loop's equations, J the products of a process and a what it takes, the
    amount is ``a G[:, J] G[J, J]^-1``. Products outside loops have zero. In a loop of more than
    600 products every column is a solve of that loop: slow, and as exact.

    Shapes   scale: (n,) figures that make the equations independent of units; result: (n,)
    Units    result: units of the product per period of its process; scale: kg CO2e per unit
    Errors   none; NaN for the products of a loop that is not productive
    Source   own derivation: Schur complement of the rows of one process
    """
    gain = np.zeros(equations.n)
    order = np.argsort(burdens.taker, kind="stable")
    bounds = np.searchsorted(burdens.taker[order], np.arange(int(burdens.process.max(initial=-1)) + 2))
    unit = np.where(np.isfinite(scale) & (scale != 0.0), np.abs(scale), 1.0)
    for component in plan.loops():
        members, first = plan.members_of(component), int(plan.start[component])
        process = burdens.process[members]
        for one, columns, inverse in _inverses(equations, plan, component, process, unit):
            own = order[bounds[one] : bounds[one + 1]]
            supplier = burdens.supplier[own]
            inner = plan.component[supplier] == component
            taken = np.zeros(len(members))
            np.add.at(taken, plan.place[supplier[inner]] - first,
                      burdens.amount[own[inner]] * unit[supplier[inner]])  # fmt: skip
            returning = taken[columns] if inverse is None else _returning(taken, inverse, columns)
            gain[members[columns]] = returning / unit[members[columns]]
    return gain


def _inverses(
    equations: Equations, plan: Plan, component: int, process: Ints, unit: Floats
) -> Iterator[tuple[int, Ints, Floats | None]]:
    """Of each process its products in the loop and their columns of the inverse.

    None where the loop is the process's own affair: nothing passes through others then.
    """
    whole = np.flatnonzero(process >= 0).astype(np.int64)
    if not len(whole):
        return
    if len(whole) == len(process) and (process == process[0]).all():
        yield int(process[0]), whole, None
        return
    size = len(process)
    consumer, supplier, amount = _links(equations, plan, component, unit)
    wanted = whole[np.argsort(process[whole], kind="stable")]
    if size <= LARGEST_INVERSE:
        matrix = np.eye(size)
        np.subtract.at(matrix, (consumer, supplier), amount)
        try:
            inverse = np.asarray(np.linalg.inv(matrix), dtype=np.float64)
        except np.linalg.LinAlgError:
            inverse = np.full_like(matrix, np.nan)
        for one, columns in _by_process(wanted, process):
            yield one, columns, inverse[:, columns]
        return
    block = Equations(size, consumer, supplier, amount, np.zeros((size, 0)))
    order = make_plan(block)
    for group in _groups(process[wanted]):
        loads = np.zeros((size, len(wanted[group])))
        loads[wanted[group], np.arange(loads.shape[1])] = 1.0
        solved = solve_tolerant(block.with_direct(loads), order, certify=False).intensity
        for one, columns in _by_process(wanted[group], process):
            yield (
                one,
                columns,
                solved[:, np.searchsorted(process[wanted[group]], one) + np.arange(len(columns))],
            )


def _links(equations: Equations, plan: Plan, component: int, unit: Floats) -> tuple[Ints, Ints, Floats]:
    """The links inside one loop, by place in it, in units of kg CO2e."""
    members = plan.members_of(component)
    links = np.concatenate([np.arange(equations.indptr[j], equations.indptr[j + 1]) for j in members])
    links = links[plan.component[equations.supplier[links]] == component]
    consumer, supplier = equations.consumer[links], equations.supplier[links]
    first = plan.start[component]
    amount = equations.amount[links] * unit[supplier] / unit[consumer]
    return plan.place[consumer] - first, plan.place[supplier] - first, amount


def _by_process(wanted: Ints, process: Ints) -> Iterator[tuple[int, Ints]]:
    """Members in runs of one process, as they come."""
    of = process[wanted]
    for run in np.split(np.arange(len(wanted)), np.flatnonzero(np.diff(of)) + 1):
        yield int(of[run[0]]), wanted[run]


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
