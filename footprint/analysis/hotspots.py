"""Where a figure comes from, in numbers: by emitting process, stage and gas, own or bought, by path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from footprint.analysis.upstream import Upstream
from footprint.calculation.own_network import GWP_SETS, NodeKind, Stage
from footprint.engine.contributions import Cumulative, cumulative, entries
from footprint.engine.paths import Paths, heaviest_paths
from footprint.engine.tree import ProviderTree, provider_tree

CUT = 0.01
"""Share of the figure down to which paths and providers are followed, unless asked otherwise."""
FINEST, COARSEST = 0.0005, 0.5
PATHS = 20
DEPTH = 24
OCCURRENCES = 600


@dataclass(frozen=True)
class Source:
    """A unit process or a leaf, and what it emits for one unit of the product.

    ``nodes`` are its columns, several where co-products of one process are needed.
    """

    nodes: tuple[int, ...]
    stage: Stage
    value: float

    @property
    def node(self) -> int:
        """The first of its nodes."""
        return self.nodes[0]


@dataclass(frozen=True)
class GasPart:
    """A gas of one origin; without a gas what is known by its total only. ``kg`` per declared unit."""

    gas: str
    origin: str
    kg: float | None
    value: float


@dataclass(frozen=True)
class Boundary:
    """The figure at the company's gate: what own processes emit, and what each bought thing brings."""

    processes: float
    burnt: float
    bought: Sequence[tuple[int, float]]
    """Leaves and what enters with them, kg CO2e per declared unit."""

    @property
    def own(self) -> float:
        """What the company emits itself."""
        return self.processes + self.burnt

    @property
    def purchased(self) -> float:
        """What comes in with what it buys."""
        return sum(value for _, value in self.bought)


@dataclass(frozen=True, eq=False)
class Hotspots:
    """The answers for one figure. Each sums to ``total``, but for paths, which say what they cover."""

    upstream: Upstream
    cut: float = field(default=CUT)

    @property
    def total(self) -> float:
        """kg CO2e per declared unit."""
        return self.upstream.total

    @cached_property
    def sources(self) -> list[Source]:
        """By emitting process or leaf anywhere upstream, largest first."""
        grouped: dict[tuple[str, int], list[int]] = defaultdict(list)
        for place in range(len(self._emitted.reached)):
            grouped[self._maker(place)].append(place)
        found = [self._source(places) for places in grouped.values()]
        return sorted((each for each in found if each.value), key=lambda each: -abs(each.value))

    @cached_property
    def stages(self) -> list[tuple[Stage, float]]:
        """By the stage of what emits."""
        summed: dict[Stage, float] = defaultdict(float)
        for source in self.sources:
            summed[source.stage] += source.value
        return [(stage, summed[stage]) for stage in Stage if stage in summed]

    @cached_property
    def gases(self) -> list[GasPart]:
        """By gas and origin, largest first."""
        upstream, own = self.upstream, self.upstream.own
        at = GWP_SETS.index(upstream.gwp)
        known = zip(own.gases, upstream.vector.tolist(), own.weight[:, at].tolist(), strict=False)
        parts = [GasPart(gas, origin, kg, kg * weight) for (gas, origin), kg, weight in known if kg]
        totals = float(upstream.vector[len(own.gases) + at])
        parts += [GasPart("", "", None, totals)] if totals else []
        return sorted(parts, key=lambda part: -abs(part.value))

    @cached_property
    def boundary(self) -> Boundary:
        """Own company against purchased."""
        upstream = self.upstream
        equations, score = upstream.scored.equations, upstream.scored.score
        inside = np.arange(equations.n) < upstream.own.columns
        inside[upstream.root] = True
        found = entries(equations, score[:, None], upstream.root, inside)
        brought: dict[int, float] = defaultdict(float)
        for link, value in zip(found.link.tolist(), found.entering[:, 0].tolist(), strict=True):
            brought[int(equations.supplier[link])] += value
        bought = [(leaf, value) for leaf, value in brought.items() if leaf not in upstream.burnt and value]
        burnt = sum(value for leaf, value in brought.items() if leaf in upstream.burnt)
        largest = sorted(bought, key=lambda pair: -abs(pair[1]))
        return Boundary(float(found.emitted.sum()), burnt, largest)

    @cached_property
    def paths(self) -> Paths:
        """The heaviest chains down to one emission."""
        return heaviest_paths(self.upstream.scored, self.upstream.root, cutoff=self.cut, limit=PATHS)

    @cached_property
    def tree(self) -> ProviderTree:
        """Providers and their providers down to the cut-off."""
        return provider_tree(
            self.upstream.scored, self.upstream.root, cutoff=self.cut, depth=DEPTH, budget=OCCURRENCES
        )

    @cached_property
    def _emitted(self) -> Cumulative:
        scored = self.upstream.scored
        return cumulative(scored.equations, scored.score[:, None], self.upstream.root)

    def _maker(self, place: int) -> tuple[str, int]:
        """What counts together: the columns of one process, and each leaf by itself."""
        at = int(self._emitted.reached[place])
        node = self.upstream.node(at)
        is_column = node is not None and node.kind is NodeKind.COLUMN
        return ("process", node.key[0]) if is_column and node else ("leaf", at)

    def _source(self, places: Sequence[int]) -> Source:
        reached = self._emitted.reached[list(places)]
        node = self.upstream.node(int(reached[0]))
        stage = node.stage if node else Stage.PROCESS
        value = float(self._emitted.emitted[list(places)].sum())
        return Source(tuple(int(each) for each in reached), stage, value)
