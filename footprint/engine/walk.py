"""Walks over the components of a network, suppliers first, that decide what substitution leaves open."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.errors import EngineError, NonFinite, NotProductive
from footprint.engine.plan import Plan
from footprint.engine.relaxation import relax
from footprint.engine.stubborn import settle_stubborn
from footprint.engine.substitution import (
    LARGE,
    OVERFLOWN,
    SETTLED,
    UNPRODUCTIVE,
    Ledger,
    Wiring,
    publish,
    substitute,
)


@dataclass(eq=False)
class Walk:
    """What is known of the intensities of some equations; every walk goes on from there, in place.

    Shapes   intensity: (n, m), NaN where refused; refused_by: (n,) the refused component a product
             is in or hangs on, -1 where solved
    Units    intensity: kg of each column per unit of product
    """

    equations: Equations
    plan: Plan
    intensity: Floats
    refused_by: Ints
    refusals: dict[int, EngineError] = field(default_factory=dict)
    """Why each refused component is refused."""
    unproven: dict[int, float] = field(default_factory=dict)
    """Condition estimate of each loop solved without proof, by component."""

    def __post_init__(self) -> None:
        plan = self.plan
        largest = int(np.diff(plan.start).max(initial=0))
        self._wiring = Wiring(*self.equations.suppliers, self.equations.amount, *plan.consumers, plan.members,
                              plan.start, plan.component, plan.place)  # fmt: skip
        self._ledger = Ledger(
            direct=self.equations.direct,
            intensity=self.intensity,
            refused_by=self.refused_by,
            todo=np.zeros(plan.components, dtype=np.bool_),
            moved=np.zeros(plan.components, dtype=np.bool_),
            revised=np.zeros(plan.components, dtype=np.bool_),
            before=np.empty((largest, self.equations.columns)),
        )

    @classmethod
    def from_nothing(cls, equations: Equations, plan: Plan) -> Walk:
        """Nothing is known yet."""
        return cls(equations, plan, np.zeros_like(equations.direct), np.full(equations.n, -1))

    def copied(self, equations: Equations) -> Walk:
        """A walk of equal equations that goes on from here by itself."""
        return Walk(equations, self.plan, self.intensity.copy(), self.refused_by.copy(), dict(self.refusals),
                    dict(self.unproven))  # fmt: skip

    def whole(self) -> None:
        """Compute every component."""
        self._ledger.todo[:] = True
        self._go(marking=False)

    def onward(self, dirty: Ints) -> Ints:
        """Compute the components of the dirty products and what moves with them: what moved, ascending."""
        self._ledger.moved[:] = False
        self._ledger.todo[self.plan.component[dirty]] = True
        self._go(marking=True)
        return np.flatnonzero(self._ledger.moved[self.plan.component])

    def carried(self, equations: Equations, plan: Plan, dirty: Ints) -> tuple[Walk, Ints]:
        """The walk of equations with other links, or with more products; and which products moved.

        ``dirty`` are the products whose own links or burdens changed. What else is in another
        component than before, or has no figure, is computed again.
        """
        known, first = len(self.refused_by), plan.members[plan.start[:-1]]
        before = np.full(equations.n, -1)
        before[:known] = self.plan.component
        refused = np.zeros(equations.n, dtype=np.bool_)
        refused[:known] = self.refused_by >= 0
        walk = Walk.from_nothing(equations, plan)
        walk.intensity[:known] = self.intensity
        walk.unproven = {
            int(plan.component[self.plan.members[self.plan.start[c]]]): condition
            for c, condition in self.unproven.items()
        }
        todo = walk._ledger.todo
        todo[:] = np.append(np.diff(self.plan.start), 0)[before[first]] != np.diff(plan.start)
        todo[plan.component[before != before[first][plan.component]]] = True
        todo[plan.component[refused]] = True
        moved = walk.onward(dirty)
        return walk, moved[~self._refused_as_before(walk)[moved]]

    def _refused_as_before(self, after: Walk) -> NDArray[np.bool_]:
        """Flags of products that have no figure, as before and for the same reason."""
        same = np.zeros(len(after.refused_by), dtype=np.bool_)
        nodes = np.flatnonzero((self.refused_by >= 0) & (after.refused_by[: len(self.refused_by)] >= 0))
        pairs = np.stack([self.refused_by[nodes], after.refused_by[nodes]], axis=1)
        causes, which = np.unique(pairs, axis=0, return_inverse=True)
        alike = [
            type(self.refusals[int(old)]) is type(after.refusals[int(new)])
            and self.refusals[int(old)].nodes == after.refusals[int(new)].nodes
            for old, new in causes
        ]
        same[nodes] = np.array(alike, dtype=np.bool_)[which.reshape(-1)]
        return same

    def _go(self, *, marking: bool) -> None:
        """Substitute from one decision to the next; keep refusals and unproven loops as they are then."""
        ledger, plan = self._ledger, self.plan
        ledger.revised[:] = False
        refusing, decided = bool((self.refused_by >= 0).any()), dict[int, float]()
        component, verdict = substitute(0, refusing, marking, self._wiring, ledger)
        while component < plan.components:
            cause = -1
            try:
                condition = self._decide(component, verdict)
            except EngineError as refusal:
                self.refusals[component], cause, refusing = refusal, component, True
            else:
                if condition is not None:
                    decided[component] = condition
            publish(component, cause, marking, self._wiring, ledger)
            component, verdict = substitute(component + 1, refusing, marking, self._wiring, ledger)
        for gone in [c for c in self.refusals if self.refused_by[plan.members[plan.start[c]]] != c]:
            del self.refusals[gone]
        for stale in [c for c in self.unproven if ledger.revised[c]]:
            del self.unproven[stale]
        self.unproven |= decided

    def _decide(self, component: int, verdict: int) -> float | None:
        """Settle what substitution left open, or say why it cannot be settled."""
        members = self.plan.members_of(component)
        if verdict == LARGE:
            verdict = relax(self.equations, self.plan, component, self.intensity)
        if verdict == SETTLED:
            return None
        if verdict == UNPRODUCTIVE:
            raise NotProductive(np.sort(members))
        if verdict != OVERFLOWN:
            settled = settle_stubborn(self.equations, self.plan, component, self.intensity)
            self.intensity[members] = settled.rows
            if np.isfinite(settled.rows).all():
                return settled.condition
        raise NonFinite("intensity of product", np.sort(members))

    def part_with_intensity(self) -> None:
        """Go on in a copy: the array so far stays as it is."""
        self.intensity = self.intensity.copy()
        self._ledger = self._ledger._replace(intensity=self.intensity)

    def first_refusal(self) -> EngineError | None:
        """The refusal that comes first in solving order."""
        return self.refusals[min(self.refusals)] if self.refusals else None
