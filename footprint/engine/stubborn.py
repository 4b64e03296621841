"""Loops that substitution cannot settle: strong credits, or links so strong that sweeps crawl.

They are rare and small beside the network, so they are solved one at a time by sparse LU, scaled
first so that the verdict does not depend on the units of the products.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import SuperLU, splu

from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.errors import NotProductive, SingularNetwork
from footprint.engine.plan import Plan

WORST_CONDITION = 1e13
"""Above this the equations no longer determine the result."""
ACCEPTED_RESIDUAL = 1e-9
ROUNDING = 2.0**-52


@dataclass(frozen=True)
class Settled:
    """Rows of a stubborn component, in solving order.

    ``condition`` is None where the loop is proven productive, and otherwise an estimate of the
    condition number of its scaled equations in the 1-norm.
    """

    rows: Floats
    condition: float | None


def settle_stubborn(equations: Equations, plan: Plan, component: int, intensity: Floats) -> Settled:
    """Solve one component by sparse LU with one step of refinement.

    Shapes   intensity: (n, m), complete outside the component; rows: (members, m)
    Units    kg of each column per unit of product
    Errors   NotProductive, SingularNetwork, naming the members
    """
    members = plan.members_of(component)
    named = np.sort(members)
    matrix, right, productive_links = _loop_equations(equations, plan, members, component, intensity)
    by_row = 1.0 / abs(matrix).max(axis=1).toarray().reshape(-1)
    scaled = csc_array(matrix * by_row[:, None])
    by_column = 1.0 / abs(scaled).max(axis=0).toarray().reshape(-1)
    scaled = csc_array(scaled * by_column[None, :])
    refusal = NotProductive(named) if productive_links else SingularNetwork(named)
    try:
        factors = splu(scaled)
    except RuntimeError as exactly_singular:
        raise refusal from exactly_singular
    condition = float(abs(scaled).sum(axis=0).max()) * _inverse_norm(factors, len(members))
    if not condition <= WORST_CONDITION:
        raise refusal
    rows = _refined(factors, scaled, right * by_row[:, None])
    if productive_links:
        if not _proves(scaled, factors.solve(np.ones(len(members)))):
            raise refusal
        return Settled(rows * by_column[:, None], None)
    if _relative_residual(scaled, rows, right * by_row[:, None]) > ACCEPTED_RESIDUAL:
        raise refusal
    return Settled(rows * by_column[:, None], condition)


def _loop_equations(
    equations: Equations, plan: Plan, members: Ints, component: int, intensity: Floats
) -> tuple[csc_array, Floats, bool]:
    """``(I - Z)`` of the component, its right-hand sides, and whether it has no credits."""
    size, first = len(members), int(plan.start[component])
    right = np.array(equations.direct[members])
    row, column, value = [np.arange(size)], [np.arange(size)], [np.ones(size)]
    for a, j in enumerate(members):
        links = equations.links_of(int(j))
        supplier, amount = equations.supplier[links], equations.amount[links]
        inside = plan.component[supplier] == component
        row.append(np.full(int(inside.sum()), a))
        column.append(plan.place[supplier[inside]] - first)
        value.append(-amount[inside])
        for i, z in zip(supplier[~inside], amount[~inside], strict=True):
            right[a] += z * intensity[i]
    values = np.concatenate(value)
    matrix = csc_array((values, (np.concatenate(row), np.concatenate(column))), shape=(size, size))
    return matrix, right, bool((values[size:] <= 0.0).all())


def _refined(factors: SuperLU, matrix: csc_array, right: Floats) -> Floats:
    rows = factors.solve(right)
    return np.asarray(rows + factors.solve(right - matrix @ rows)) + 0.0


def _relative_residual(matrix: csc_array, rows: Floats, right: Floats) -> float:
    size = abs(matrix) @ abs(rows) + abs(right)
    gap = abs(matrix @ rows - right)
    return float(np.max(gap / np.where(size > 0.0, size, 1.0), initial=0.0))


def _proves(matrix: csc_array, witness: Floats) -> bool:
    """Whether ``witness`` and ``matrix @ witness`` are positive beyond rounding: an M-matrix then."""
    if not (witness > 0.0).all():
        return False
    margin = ROUNDING * (np.diff(matrix.tocsr().indptr) + 3) * (abs(matrix) @ witness)
    return bool((matrix @ witness > margin).all())


def _inverse_norm(factors: SuperLU, size: int, rounds: int = 5) -> float:
    """Lower estimate of the 1-norm of the inverse, without chance.

    Source   W. Hager, Condition estimates, SIAM J. Sci. Stat. Comput. 5 (1984)
    """
    probe, estimate = np.full(size, 1.0 / size), 0.0
    for _ in range(rounds):
        image = factors.solve(probe)
        if not np.isfinite(image).all():
            return float("inf")
        estimate = max(estimate, float(abs(image).sum()))
        slope = factors.solve(np.where(image >= 0.0, 1.0, -1.0), "T")  # type: ignore[call-overload]
        steepest = int(np.argmax(abs(slope)))
        if abs(slope[steepest]) <= slope @ probe:
            break
        probe = np.zeros(size)
        probe[steepest] = 1.0
    return estimate
