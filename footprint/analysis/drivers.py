"""Which inputs of the own plants decide how good and how sure a figure is: line by line.

The lines that bring something from outside, a factor or a partner's total, and what processes emit make up
the figure. Every line is uncertain by its amount, every factor by itself, once for all lines that name it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from footprint.analysis.doubt import gsd2_of
from footprint.analysis.scores import score_of_emission, score_of_factor
from footprint.analysis.upstream import Upstream
from footprint.calculation import inputs as rows
from footprint.calculation.inputs import Inputs, Reference
from footprint.calculation.line import Line
from footprint.calculation.own_network import GWP_SETS, NodeKind
from footprint.engine.activity import activity
from footprint.engine.quality import BEST, WORST

Scores = tuple[float, ...]
"""Technology, time and place, 1 best to 5 worst; unknown is worst."""

NORMAL_975 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


@dataclass(frozen=True)
class Input:
    """A line, or what a column's unseen suppliers bring together (line 0), and what it brings to one unit.

    ``node`` is the leaf it comes from, or the column that emits; ``scores`` is None where only the partner
    knows them.
    """

    line: int
    node: int
    consumer: int
    value: float
    scores: Scores | None
    is_primary: bool

    @property
    def rating(self) -> float | None:
        """Mean of the three scores."""
        return None if self.scores is None else sum(self.scores) / len(self.scores)


@dataclass(frozen=True)
class Variable:
    """Something that is not known exactly: the amount of a line, or a factor wherever it is used.

    ``sd`` is what it alone varies the figure by, the standard deviation of its logarithm, with the sign of
    what it brings.
    """

    node: int
    consumer: int
    line: int
    is_factor: bool
    gsd2: float
    sd: float

    @property
    def key(self) -> tuple[bool, int]:
        """What makes it the same variable behind another figure."""
        return self.is_factor, self.line

    def ends(self, total: float) -> tuple[float, float]:
        """The figure when this alone is at its 2.5 % and at its 97.5 %."""
        reach = float(np.exp(NORMAL_975 * self.sd))
        return total / reach, total * reach


@dataclass(frozen=True, eq=False)
class Drivers:
    """What the figure behind an own network hangs on."""

    upstream: Upstream
    inputs: Inputs
    references: Mapping[int, Reference]

    @property
    def total(self) -> float:
        """kg CO2e per declared unit."""
        return self.upstream.total

    @cached_property
    def bought(self) -> Sequence[Input]:
        """Everything that comes from outside or is emitted, largest first; it sums to the figure."""
        found: dict[tuple[int, int, int], float] = defaultdict(float)
        taker: dict[int, int] = {}
        for consumer, supplier, line, value in self._links:
            if supplier >= self.upstream.own.columns:
                # co-products of a process share its lines; what is unseen of several columns is kept apart
                first = taker.setdefault(line, consumer) if line else consumer
                found[line, supplier, first] += value
        inputs = [self._bought(*key, value) for key, value in found.items()]
        return sorted([*inputs, *self._emitted], key=lambda each: -abs(each.value))

    @property
    def weighed(self) -> float:
        """What shares of inputs are of: the sum of their sizes."""
        return sum(abs(each.value) for each in self.bought)

    def held_down(self, each: Input) -> float:
        """By how much of a grade the input keeps the mean rating from being the best."""
        rating = WORST if each.rating is None else each.rating
        return abs(each.value) / self.weighed * (rating - BEST) if self.weighed else 0.0

    @cached_property
    def variables(self) -> Sequence[Variable]:
        """What is uncertain, most telling first; what partners' totals vary by is theirs."""
        by_line: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        by_factor: dict[int, float] = defaultdict(float)
        for consumer, supplier, line, value in self._links:
            by_line[line].append((consumer, supplier, value))
            by_factor[supplier] += value
        for each in self._emitted:
            by_line[each.line].append((each.consumer, each.node, each.value))
        amounts = [self._amount(line, parts) for line, parts in by_line.items() if line]
        factors = [self._factor(node, value) for node, value in by_factor.items()]
        varying = [each for each in (*amounts, *factors) if each is not None and each.sd]
        return sorted(varying, key=lambda each: -abs(each.sd))

    @property
    def variance(self) -> float:
        """Of the logarithm of the figure, as far as it is one's own to know."""
        return sum(each.sd**2 for each in self.variables)

    @cached_property
    def has_partners(self) -> bool:
        """Whether totals of others are in the figure."""
        kinds = {self.upstream.own.nodes[each.node].kind for each in self.bought}
        return bool(kinds & {NodeKind.SUPPLIER, NodeKind.UNSEEN})

    @cached_property
    def _made(self) -> np.ndarray:
        equations = self.upstream.scored.equations
        return activity(equations, [self.upstream.root]).of(np.arange(equations.n))[:, 0]

    @cached_property
    def _links(self) -> list[tuple[int, int, int, float]]:
        """(consumer, supplier, line, kg CO2e per unit) of every link that is needed."""
        links = self.upstream.own.links
        value = self._made[links.consumer] * links.amount * self.upstream.scored.score[links.supplier]
        every = (links.consumer.tolist(), links.supplier.tolist(), links.line.tolist(), value.tolist())
        return [each for each in zip(*every, strict=True) if each[3]]

    @cached_property
    def _emitted(self) -> list[Input]:
        emissions, own = self.upstream.own.emissions, self.upstream.own
        weight = own.weight[emissions.gas, GWP_SETS.index(self.upstream.gwp)]
        value = self._made[emissions.node] * emissions.amount * weight
        summed: dict[int, float] = defaultdict(float)
        node_of: dict[int, int] = {}
        for node, line, part in zip(
            emissions.node.tolist(), emissions.line.tolist(), value.tolist(), strict=True
        ):
            summed[line] += part
            node_of.setdefault(line, node)
        return [
            Input(
                line, node_of[line], node_of[line], part, self._emission_scores(line), self._is_primary(line)
            )
            for line, part in summed.items()
            if part
        ]

    @cached_property
    def _lines(self) -> dict[int, Line]:
        return {line.id: line for lines in self.inputs.lines.values() for line in lines}

    def _bought(self, line: int, supplier: int, consumer: int, value: float) -> Input:
        node = self.upstream.own.nodes[supplier]
        scores = None
        if node.kind is NodeKind.FACTOR:
            row = self.inputs.processes.get(self.upstream.own.nodes[consumer].key[0])
            found = score_of_factor(self._lines.get(line), row, self.references.get(node.key[0]))
            scores = _known(found)
        return Input(line, supplier, consumer, value, scores, is_primary=False)

    def _emission_scores(self, line: int) -> Scores | None:
        found = self._lines.get(line)
        return None if found is None else _known(score_of_emission(found))

    def _is_primary(self, line: int) -> bool:
        found = self._lines.get(line)
        return found is not None and found.is_primary

    def _amount(self, line: int, parts: Sequence[tuple[int, int, float]]) -> Variable | None:
        spread = gsd2_of(self._lines.get(line))
        consumer, node, _value = parts[0]
        return self._variable(node, consumer, line, sum(part[2] for part in parts), spread)

    def _factor(self, node: int, value: float) -> Variable | None:
        found = self.upstream.own.nodes[node]
        reference = self.references.get(found.key[0]) if found.kind is NodeKind.FACTOR else None
        if reference is None or reference.gsd2 is None:
            return None
        return self._variable(node, -1, found.key[0], value, float(reference.gsd2))

    def _variable(self, node: int, consumer: int, line: int, value: float, spread: float) -> Variable | None:
        if not self.total:
            return None
        return Variable(
            node, consumer, line, consumer < 0, spread, value / abs(self.total) * float(np.log(spread)) / 2.0
        )


def drivers(upstream: Upstream) -> Drivers:
    """The drivers of the figure, with what the rows of its own processes and its factors say."""
    versions = {node.key[0] for node in upstream.own.nodes if node.kind is NodeKind.FACTOR}
    return Drivers(upstream, rows.read(sorted(upstream.processes)), rows.references(versions))


def correlation(a: Drivers, b: Drivers, gsd2_a: float, gsd2_b: float) -> float:
    """Of two figures of one company: by the lines and factors they have in common, -1 to 1.

    The spreads are those of the whole figures. What partners' totals vary by is in them and counts as apart.
    """
    left = {each.key: each.sd for each in a.variables}
    common = sum(left.get(each.key, 0.0) * each.sd for each in b.variables)
    scale = float(np.log(gsd2_a) * np.log(gsd2_b)) / 4.0
    return min(max(common / scale, -1.0), 1.0) if scale else 0.0


def _known(scores: tuple[float, ...]) -> Scores:
    return tuple(WORST if np.isnan(score) else score for score in scores)
