"""What if lines were otherwise: the figures under levers. Nothing is stored.

Touched processes are assembled as a recomputation would assemble them; what comes out replaces their rows of
the own network, and only what hangs on them is solved again. Totals of other companies stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.forms import languages
from footprint.analysis.levers import Lever, Pulled, pulled
from footprint.analysis.solved import Solved, weights_of
from footprint.analysis.suppliers import Suppliers
from footprint.calculation.assemble import assemble
from footprint.calculation.content import Column, Content, State
from footprint.calculation.faults import WORDS
from footprint.calculation.inputs import Inputs
from footprint.calculation.own_network import GWP_SETS, Node
from footprint.engine.equations import Equations, Floats
from footprint.engine.errors import RefusedLoop
from footprint.engine.levers import Lever as EngineLever
from footprint.engine.levers import SetDirect, SetLink
from footprint.engine.scenario import Outcome, Scenario, evaluate

Pair = tuple[float, float]
"""AR5 and AR6, kg CO2e per declared unit."""


@dataclass(frozen=True)
class Moved:
    """An own product of one process whose figure moves."""

    node: Node
    before: Pair
    after: Pair

    def change(self, at: int) -> float:
        """By how much, under one GWP set."""
        return self.after[at] - self.before[at]


@dataclass(frozen=True)
class Answer:
    """The figure asked for, as it is and as it would be, and what else moves, widest first."""

    before: Pair
    after: Pair
    pulled: tuple[Pulled, ...]
    moved: tuple[Moved, ...] = field(default=())


@dataclass(frozen=True)
class Tried:
    """An answer with the rows it was assembled from, and what came out of them."""

    answer: Answer
    inputs: Inputs
    states: Mapping[Column, State]


def what_if(actor: Actor, base: Solved, levers: Sequence[Lever], *, gwp: str = "AR6") -> Answer:
    """The figures under these levers.

    Raises:
        Refusal, Refusals: naming the lever and its field, or the loop that would use up what it makes.
    """
    asked = pulled(actor, levers)
    if not any(each.lever.changes_something for each in asked):
        return Answer(base.figure, base.figure, tuple(asked))
    return tried(actor, base, asked, gwp=gwp).answer


def tried(actor: Actor, base: Solved, asked: Sequence[Pulled], *, gwp: str) -> Tried:
    """The figures under levers that are read already; at least one of them changes something.

    Raises:
        Refusal, Refusals: as ``what_if``.
    """
    told = [each for each in asked if each.lever.changes_something]
    suppliers = Suppliers(actor, base, told)
    states = assemble(suppliers.inputs())
    _refuse_faults(states, asked)
    rows, productions = _rows(base, states, suppliers)
    equations, intensity = suppliers.extended()
    rows += _mean(base, productions)
    outcome = _evaluated(base, equations, intensity, Scenario("", tuple(rows)))
    return Tried(_answer(base, outcome, asked, base.place(gwp)), suppliers.inputs(), states)


def _refuse_faults(states: Mapping[Column, State], asked: Sequence[Pulled]) -> None:
    for (process, _product), state in states.items():
        if state.fault is None:
            continue
        at_fault = abs(state.fault["exchange"]) if state.fault.get("exchange") else None  # a part: negative
        for row, each in enumerate(asked, start=1):
            if each.line.pk == at_fault or (at_fault is None and each.line.process_id == process):
                raise _refusal(WORDS[state.fault["code"]], row)
        raise _refusal(WORDS[state.fault["code"]], None)


def _refusal(words: object, row: int | None) -> Refusal:
    refusal = Refusal(str(words), field="amount", row=row, code="cannot_be_calculated")
    refusal.listed = "levers"
    return refusal


def _rows(
    base: Solved, states: Mapping[Column, State], suppliers: Suppliers
) -> tuple[list[EngineLever], dict[Column, float]]:
    """What the touched columns take and emit, as levers of the engine; and how much they make."""
    levers: list[EngineLever] = []
    productions: dict[Column, float] = {}
    for column, state in states.items():
        if column not in base.own.index or state.content is None:
            message = _("%(process)s has no figure now, so nothing can be asked of it. Mend its lines first.")
            raise _refusal(message % {"process": suppliers.code(column)}, None)
        productions[column] = float(state.content.made)
        levers += _row(base, column, state.content, suppliers)
    return levers, productions


def _row(base: Solved, column: Column, content: Content, suppliers: Suppliers) -> list[EngineLever]:
    node = base.own.index[column]
    taken: dict[int, float] = {}
    gases: dict[tuple[str, str], float] = {}
    for burden in content.burdens:
        value = content.per_unit(burden)
        if burden.supplier[0] == "gas":
            gas = (burden.supplier[1], burden.supplier[2])
            gases[gas] = gases.get(gas, 0.0) + value
        else:
            supplier, amount = suppliers.link(column, burden, value)
            taken[supplier] = taken.get(supplier, 0.0) + amount
    taken |= suppliers.rest(column, content, taken)
    links = base.equations.links_of(node)
    before = dict.fromkeys(base.equations.supplier[links].tolist(), 0.0)
    emitted = sum((kg * suppliers.weight(gas) for gas, kg in gases.items()), np.zeros(len(GWP_SETS)))
    return [
        *(SetLink(node, supplier, amount) for supplier, amount in (before | taken).items()),
        SetDirect(node, emitted),
    ]


def _mean(base: Solved, productions: Mapping[Column, float]) -> list[EngineLever]:
    """The figure as the mean of its makers, when one of them makes another amount."""
    nodes = [base.own.index[column] for column in base.columns]
    if len(nodes) < 2:
        return []
    made = [
        productions.get(column, base.own.nodes[node].production or 0.0)
        for column, node in zip(base.columns, nodes, strict=True)
    ]
    return [SetLink(base.root, node, weight) for node, weight in zip(nodes, weights_of(made), strict=True)]


def _evaluated(base: Solved, equations: Equations, intensity: Floats, scenario: Scenario) -> Outcome:
    try:
        return evaluate(equations, intensity, scenario)
    except RefusedLoop as loop:
        names = [base.own.nodes[node].label(languages()) for node in loop.members if node < base.root]
        message = _(
            "Under these levers a loop uses up at least what it makes: %(names)s. Lower what its members "
            "take of each other, or raise what they yield."
        )
        raise _loop(message % {"names": ", ".join(names)}) from loop


def _loop(words: str) -> Refusal:
    return Refusal(words, field="levers", code="unsolvable_loop")


def _answer(base: Solved, outcome: Outcome, asked: Sequence[Pulled], at: int) -> Answer:
    pairs = {
        int(node): (_pair(before), _pair(after))
        for node, before, after in zip(outcome.nodes, outcome.before, outcome.after, strict=True)
    }
    before, after = pairs.get(base.root, (base.figure, base.figure))
    moved = [Moved(base.own.nodes[node], *pair) for node, pair in pairs.items() if node < base.own.columns]
    moved.sort(key=lambda each: -abs(each.change(at)))
    return Answer(before, after, tuple(asked), tuple(moved))


def _pair(row: Floats) -> Pair:
    ar5, ar6 = row.tolist()
    return ar5, ar6
