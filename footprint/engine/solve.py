"""Intensities of all products of a network at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from footprint.engine.certificate import equation_gaps, proven_bound, witness_load, worst_gap
from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.errors import EngineError
from footprint.engine.plan import Plan, make_plan
from footprint.engine.walk import Walk


class Status(IntEnum):
    """What became of a product."""

    SOLVED = 0
    REFUSED = 1
    DOWNSTREAM = 2


@dataclass(frozen=True, eq=False)
class Solution:
    """Intensities of all products, and how sure they are.

    Shapes   intensity: (n, m), NaN where refused; refused_by: (n,) the refused component a product
             is in or hangs on, -1 where solved
    Units    intensity: kg of each column per unit of product; residual, bound: relative
    """

    intensity: Floats
    residual: float
    """Largest relative residual of the equations that have a figure."""
    bound: float | None
    """Proven largest relative error of a row; None where credits are too strong, or not asked for."""
    loops: tuple[tuple[int, ...], ...]
    """Products of each loop, ascending, suppliers' loops first."""
    refused_by: Ints
    refusals: Mapping[int, EngineError]
    """Why each refused component is refused."""
    unproven: Mapping[int, float]
    """Condition estimate of each loop solved without proof, by component."""

    @property
    def condition(self) -> float | None:
        """Worst condition estimate among loops that could be solved but not proven."""
        return max(self.unproven.values(), default=None)

    @property
    def productive(self) -> bool:
        """Whether every solved loop is proven to yield more than it uses."""
        return not self.unproven

    def status(self) -> NDArray[np.int8]:
        """(n,) values of ``Status``."""
        return states(self.refused_by, self.refusals)

    def reason(self, node: int) -> EngineError | None:
        """Why this product has no figure: the refusal of the loop it is in or hangs on."""
        return self.refusals.get(int(self.refused_by[node]))


def states(refused_by: Ints, refusals: Mapping[int, EngineError]) -> NDArray[np.int8]:
    """What became of every product.

    Shapes   refused_by: (n,) as in ``Solution``; result: (n,) values of ``Status``
    Units    none
    Errors   none
    """
    found = np.where(refused_by >= 0, Status.DOWNSTREAM, Status.SOLVED).astype(np.int8)
    for refusal in refusals.values():
        found[list(refusal.nodes)] = Status.REFUSED
    return found


def solve(equations: Equations, plan: Plan | None = None, *, certify: bool = True) -> Solution:
    """All intensities, or the first refusal.

    Shapes   see ``Solution``
    Units    see ``Solution``
    Errors   NotProductive, SingularNetwork, NonFinite, naming the loop's products; PlanMismatch
    Source   ISO 14067:2018 quantification over a closed product system: y = e + Z'y
    """
    return _or_raise(solve_tolerant(equations, plan, certify=certify))


def solve_tolerant(equations: Equations, plan: Plan | None = None, *, certify: bool = True) -> Solution:
    """All intensities but those of refused loops and of what hangs on them.

    Shapes   see ``Solution``
    Units    see ``Solution``
    Errors   PlanMismatch; refusals are in the result
    Source   as ``solve``
    """
    walk = Walk.from_nothing(equations, _checked(equations, plan))
    walk.whole()
    solved = np.flatnonzero(walk.refused_by < 0)
    residual = worst_gap(*_terms(equations), walk.intensity, solved)
    return Solution(
        intensity=walk.intensity, residual=residual, bound=prove(walk) if certify else None,
        loops=walk.plan.loop_members, refused_by=walk.refused_by, refusals=walk.refusals,
        unproven=walk.unproven,
    )  # fmt: skip


def prove(walk: Walk) -> float | None:
    """A bound on the error of what a walk computed, from the comparison equations and the same kernel.

    Shapes   result: one number, or None where credits are too strong to prove anything
    Units    relative to the row
    Errors   none
    Source   see ``proven_bound``
    """
    if walk.unproven:
        return None
    equations, solved = walk.equations, np.flatnonzero(walk.refused_by < 0)
    gap, size = equation_gaps(*_terms(equations), walk.intensity, solved)
    own = equations.consumer == equations.supplier
    load = np.zeros((equations.n, 1))
    load[solved] = witness_load(size)
    twin = equations.with_amount(np.where(own, equations.amount, np.abs(equations.amount))).with_direct(load)
    witness = Walk.from_nothing(twin, walk.plan)
    witness.whole()
    if (witness.refused_by[solved] >= 0).any():
        return None
    unloaded = twin.with_direct(np.zeros_like(load))
    image, image_size = equation_gaps(*_terms(unloaded), witness.intensity, solved)
    degree = np.diff(equations.indptr)[solved]
    return proven_bound(gap, size, walk.intensity[solved], degree, witness.intensity[solved, 0],
                        image[:, 0], image_size[:, 0])  # fmt: skip


def _checked(equations: Equations, plan: Plan | None) -> Plan:
    if plan is None:
        return make_plan(equations)
    plan.check(equations)
    return plan


def _or_raise(solution: Solution) -> Solution:
    for component in sorted(solution.refusals):
        raise solution.refusals[component]
    return solution


def _terms(equations: Equations) -> tuple[Ints, Ints, Floats, Floats]:
    return equations.indptr, equations.supplier, equations.amount, equations.direct
