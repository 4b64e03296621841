"""Intensities of all products of a network at once, and after a change of a few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footprint.engine.certificate import equation_gaps, proven_bound, witness_load, worst_ratio
from footprint.engine.errors import EngineError, NonFinite, NotProductive, WrongShape
from footprint.engine.network import Floats, Ints, Network, as_nodes
from footprint.engine.plan import Plan, make_plan
from footprint.engine.stubborn import settle_stubborn
from footprint.engine.substitution import (
    OVERFLOWN,
    UNPRODUCTIVE,
    Ledger,
    Wiring,
    publish,
    substitute,
)


class Status(IntEnum):
    """What became of a product."""

    SOLVED = 0
    REFUSED = 1
    DOWNSTREAM = 2


@dataclass(frozen=True, eq=False)
class Solution:
    """Intensities of all products, and how sure they are.

    Shapes   intensity: (n, m), NaN where refused; refused_by: (n,) the refused component a product
             is in or hangs on, -1 where solved; changed: (k,) products computed to another value
    Units    intensity: kg of each column per unit of product; residual, bound: relative
    """

    intensity: Floats
    residual: float
    """Largest relative residual of the equations that were computed."""
    bound: float | None
    """Proven largest relative error of a row; None where credits are too strong, or not asked for."""
    loops: tuple[tuple[int, ...], ...]
    """Products of each loop, ascending, suppliers' loops first."""
    refused_by: Ints
    refusals: Mapping[int, EngineError]
    """Why each refused component is refused."""
    unproven: Mapping[int, float]
    """Condition estimate of each loop solved without proof, by component."""
    changed: Ints

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
        states = np.where(self.refused_by >= 0, Status.DOWNSTREAM, Status.SOLVED).astype(np.int8)
        for refusal in self.refusals.values():
            states[list(refusal.nodes)] = Status.REFUSED
        return states

    def reason(self, node: int) -> EngineError | None:
        """Why this product has no figure: the refusal of the loop it is in or hangs on."""
        return self.refusals.get(int(self.refused_by[node]))


def solve(network: Network, plan: Plan | None = None, *, certify: bool = True) -> Solution:
    """All intensities, or the first refusal.

    Shapes   see ``Solution``
    Units    see ``Solution``
    Errors   NotProductive, SingularNetwork, NonFinite, naming the loop's products; PlanMismatch
    Source   ISO 14067:2018 quantification over a closed product system: y = e + Z'y
    """
    return _or_raise(solve_tolerant(network, plan, certify=certify))


def solve_tolerant(network: Network, plan: Plan | None = None, *, certify: bool = True) -> Solution:
    """All intensities but those of refused loops and of what hangs on them.

    Shapes   see ``Solution``
    Units    see ``Solution``
    Errors   PlanMismatch; refusals are in the result
    Source   as ``solve``
    """
    plan = _checked(network, plan)
    ledger = _ledger(plan, network.direct, np.zeros_like(network.direct), np.full(network.n, -1))
    ledger.todo[:] = True
    refusals, unproven = _walk(network, plan, ledger, {}, {})
    solved = np.flatnonzero(ledger.refused_by < 0)
    gap, size = _gaps(network, ledger.intensity, solved)
    bound = _bound(network, plan, ledger.intensity, solved, gap, size) if certify and not unproven else None
    return Solution(
        intensity=ledger.intensity, residual=worst_ratio(gap, size), bound=bound, loops=plan.loop_members,
        refused_by=ledger.refused_by, refusals=refusals, unproven=unproven, changed=np.arange(network.n),
    )  # fmt: skip


def update(network: Network, plan: Plan, previous_intensity: ArrayLike, dirty: ArrayLike) -> Floats:
    """Intensities after a change, the very bits of a full solve, computing only what moves.

    Shapes   previous_intensity, result: (n, m); dirty: products whose links or direct burdens changed
    Units    as ``Solution``
    Errors   as ``solve``; WrongShape, OutOfRange
    Source   as ``solve``
    """
    previous = Solution(
        intensity=np.asarray(previous_intensity, dtype=np.float64), residual=0.0, bound=None,
        loops=plan.loop_members, refused_by=np.full(network.n, -1), refusals={}, unproven={},
        changed=np.empty(0, np.int64),
    )  # fmt: skip
    return _or_raise(update_tolerant(network, plan, previous, dirty)).intensity


def update_tolerant(network: Network, plan: Plan, previous: Solution, dirty: ArrayLike) -> Solution:
    """As ``solve_tolerant`` after a change of the dirty products; residual of what moved, no bound.

    ``previous`` belongs to a network with the same links; ``changed`` lists what moved.

    Shapes   as ``update``
    Units    as ``Solution``
    Errors   WrongShape, OutOfRange, PlanMismatch; refusals are in the result
    Source   as ``solve``
    """
    plan = _checked(network, plan)
    if previous.intensity.shape != network.direct.shape:
        raise WrongShape("The previous intensities are those of another network.")
    nodes = as_nodes(dirty, network.n)
    ledger = _ledger(plan, network.direct, previous.intensity, previous.refused_by)
    ledger.todo[plan.component[nodes]] = True
    refusals, unproven = _walk(network, plan, ledger, previous.refusals, previous.unproven)
    changed = np.flatnonzero(ledger.moved[plan.component])
    gap, size = _gaps(network, ledger.intensity, changed[ledger.refused_by[changed] < 0])
    return Solution(
        intensity=ledger.intensity, residual=worst_ratio(gap, size), bound=None, loops=plan.loop_members,
        refused_by=ledger.refused_by, refusals=refusals, unproven=unproven, changed=changed,
    )  # fmt: skip


def _checked(network: Network, plan: Plan | None) -> Plan:
    if plan is None:
        return make_plan(network)
    plan.check(network)
    return plan


def _or_raise(solution: Solution) -> Solution:
    for component in sorted(solution.refusals):
        raise solution.refusals[component]
    return solution


def _ledger(plan: Plan, direct: Floats, intensity: Floats, refused_by: Ints) -> Ledger:
    """Copies of what is known, with nothing to do yet."""
    largest = int(np.diff(plan.start).max(initial=0))
    return Ledger(
        direct=direct,
        intensity=np.array(intensity, dtype=np.float64, order="C"),
        refused_by=np.array(refused_by),
        todo=np.zeros(plan.components, dtype=np.bool_),
        moved=np.zeros(plan.components, dtype=np.bool_),
        revised=np.zeros(plan.components, dtype=np.bool_),
        before=np.empty((largest, direct.shape[1])),
    )


def _wiring(network: Network, plan: Plan) -> Wiring:
    return Wiring(*network.suppliers, network.amount, *plan.consumers, plan.members, plan.start,
                  plan.component, plan.place)  # fmt: skip


def _walk(
    network: Network,
    plan: Plan,
    ledger: Ledger,
    refused: Mapping[int, EngineError],
    doubtful: Mapping[int, float],
) -> tuple[dict[int, EngineError], dict[int, float]]:
    """Substitute from one decision to the next; refusals and unproven loops as they are then."""
    wiring = _wiring(network, plan)
    refusals, unproven = dict(refused), {}
    refusing = bool((ledger.refused_by >= 0).any())
    component, verdict = substitute(0, refusing, wiring, ledger)
    while component < plan.components:
        cause = -1
        try:
            condition = _decide(network, plan, component, verdict, ledger.intensity)
        except EngineError as refusal:
            refusals[component], cause, refusing = refusal, component, True
        else:
            if condition is not None:
                unproven[component] = condition
        publish(component, cause, wiring, ledger)
        component, verdict = substitute(component + 1, refusing, wiring, ledger)
    hangs_on = ledger.refused_by[plan.members[plan.start[:-1]]]
    unproven |= {c: condition for c, condition in doubtful.items() if not ledger.revised[c]}
    return {c: refusal for c, refusal in refusals.items() if hangs_on[c] == c}, unproven


def _decide(network: Network, plan: Plan, component: int, verdict: int, intensity: Floats) -> float | None:
    """Settle what substitution left open, or say why it cannot be settled."""
    members = plan.members_of(component)
    if verdict == UNPRODUCTIVE:
        raise NotProductive(np.sort(members))
    if verdict != OVERFLOWN:
        settled = settle_stubborn(network, plan, component, intensity)
        intensity[members] = settled.rows
        if np.isfinite(settled.rows).all():
            return settled.condition
    raise NonFinite("intensity of product", np.sort(members))


def _gaps(network: Network, y: Floats, nodes: Ints) -> tuple[Floats, Floats]:
    return equation_gaps(network.indptr, network.supplier, network.amount, network.direct, y, nodes)


def _bound(network: Network, plan: Plan, y: Floats, solved: Ints, gap: Floats, size: Floats) -> float | None:
    """Solve the comparison equations by the same kernel and let them bound the error."""
    own = network.consumer == network.supplier
    load = np.zeros((network.n, 1))
    load[solved] = witness_load(size)
    twin = network.with_amount(np.where(own, network.amount, np.abs(network.amount))).with_direct(load)
    witness = solve_tolerant(twin, plan, certify=False)
    if (witness.refused_by[solved] >= 0).any():
        return None
    image, image_size = _gaps(twin.with_direct(np.zeros_like(load)), witness.intensity, solved)
    degree = np.diff(network.indptr)[solved]
    return proven_bound(gap, size, y[solved], degree, witness.intensity[solved, 0],
                        image[:, 0], image_size[:, 0])  # fmt: skip
