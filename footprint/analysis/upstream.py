"""What stands behind one figure: the own network, solved, with a root and a way to call everything in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accounts.actor import Actor
from factors.models import FactorVersion
from footprint.calculation.content import Column
from footprint.calculation.own_network import GWP_SETS, Node, NodeKind, OwnNetwork, own_network
from footprint.engine.equations import Equations, Floats
from footprint.engine.score import Scored, weigh
from footprint.engine.solve import solve
from footprint.inventory.models import Exchange, Inventory, Product, UnitProcess


@dataclass(frozen=True, eq=False)
class Upstream:
    """An own network, solved and weighed with one GWP set.

    ``roots`` are the columns whose figure is asked for, with their part of it. Where there are several, one
    node after all others takes that part of each, and is the root.

    Shapes   intensity: (n, gases + sets) of the network's gas view
    """

    own: OwnNetwork
    gwp: str
    roots: Mapping[int, float]
    scored: Scored
    intensity: Floats
    lines: Mapping[int, Exchange]
    processes: Mapping[int, UnitProcess]

    @property
    def root(self) -> int:
        """The node the figure belongs to."""
        return next(iter(self.roots)) if len(self.roots) == 1 else len(self.own.nodes)

    @property
    def total(self) -> float:
        """The figure, kg CO2e per declared unit."""
        return self.scored.of(self.root)

    @cached_property
    def vector(self) -> Floats:
        """(gases + sets,) kg of each gas per declared unit, and kg CO2e of what is known by its total."""
        return np.asarray(sum(share * self.intensity[root] for root, share in self.roots.items()))

    def node(self, place: int) -> Node | None:
        """What a node is; nothing for the mean of several makers."""
        return self.own.nodes[place] if place < len(self.own.nodes) else None

    @cached_property
    def lines_between(self) -> Mapping[tuple[int, int], Sequence[int]]:
        """The lines by which one node takes from another."""
        found: dict[tuple[int, int], list[int]] = defaultdict(list)
        links = self.own.links
        for pair in zip(links.consumer.tolist(), links.supplier.tolist(), links.line.tolist(), strict=True):
            found[pair[0], pair[1]].append(pair[2])
        return found

    def line_of(self, consumer: int, supplier: int) -> Exchange | None:
        """The line by which a node takes from another, where it is a single one."""
        found = self.lines_between.get((consumer, supplier), ())
        return self.lines.get(found[0]) if len(found) == 1 else None

    @cached_property
    def versions(self) -> Mapping[int, FactorVersion]:
        """The factor versions that lines name."""
        named = (line.factor_version for line in self.lines.values())
        return {version.pk: version for version in named if version is not None}

    @cached_property
    def burnt(self) -> frozenset[int]:
        """Leaves that stand for what own processes emit themselves: fuels burnt, by a combustion factor."""
        links = self.own.links
        return frozenset(
            supplier
            for supplier, line in zip(links.supplier.tolist(), links.line.tolist(), strict=True)
            if self.own.nodes[supplier].kind is NodeKind.FACTOR and is_own_emission(self.lines.get(line))
        )


def is_own_emission(line: Exchange | None) -> bool:
    """Whether a line with a factor says what its process emits, not what is bought."""
    if line is None or line.factor_version is None:
        return False
    burns = line.factor_version.boundary == FactorVersion.Boundary.COMBUSTION
    leaves = line.kind == Exchange.Kind.ELEMENTARY and line.direction == Exchange.Direction.OUTPUT
    return burns or leaves


def behind_product(actor: Actor, product: Product, year: int, gwp: str) -> Upstream | None:
    """What is behind an own product's figure, the mean of its makers by production; a few queries."""
    own = own_network(actor, product=product, year=year)
    made = {root: own.nodes[root].production or 0.0 for root in own.roots}
    whole = sum(made.values())
    return (
        _solved(actor, own, gwp, {root: amount / whole for root, amount in made.items()}) if whole else None
    )


def behind_column(actor: Actor, product: Product, year: int, column: Column, gwp: str) -> Upstream | None:
    """What is behind the figure of one process's product."""
    own = own_network(actor, product=product, year=year)
    return _solved(actor, own, gwp, {own.index[column]: 1.0}) if column in own.index else None


def behind_inventory(actor: Actor, inventory: Inventory, gwp: str) -> Upstream | None:
    """What is behind all figures of an inventory; its root means nothing."""
    own = own_network(actor, inventory=inventory)
    roots = {root: 1.0 / len(own.roots) for root in own.roots}
    return _solved(actor, own, gwp, roots) if roots else None


def _solved(actor: Actor, own: OwnNetwork, gwp: str, roots: Mapping[int, float]) -> Upstream:
    intensity = solve(own.gas_network()).intensity
    at = GWP_SETS.index(gwp)
    score = own.characterise(intensity)[:, at : at + 1]
    return Upstream(
        own=own,
        gwp=gwp,
        roots=roots,
        scored=_with_root(own, own.direct[:, at : at + 1], score, roots),
        intensity=intensity,
        lines=_lines(actor, own),
        processes=_processes(actor, own),
    )


def _with_root(own: OwnNetwork, direct: Floats, score: Floats, roots: Mapping[int, float]) -> Scored:
    links, n = own.links, len(own.nodes)
    if len(roots) == 1:
        return weigh(Equations(n, links.consumer, links.supplier, links.amount, direct), score)
    at, share = np.array(list(roots)), np.array(list(roots.values()))
    equations = Equations(
        n + 1,
        np.append(links.consumer, np.full(len(at), n)),
        np.append(links.supplier, at),
        np.append(links.amount, share),
        np.vstack([direct, [[0.0]]]),
    )
    return weigh(equations, np.vstack([score, share @ score[at]]))


def _lines(actor: Actor, own: OwnNetwork) -> dict[int, Exchange]:
    rows = Exchange.objects.visible_to(actor).select_related("product", "factor_version__factor")
    named = np.union1d(own.links.line, own.emissions.line)
    return rows.in_bulk([int(line) for line in named if line])


def _processes(actor: Actor, own: OwnNetwork) -> dict[int, UnitProcess]:
    rows = UnitProcess.objects.visible_to(actor).select_related("inventory")
    return rows.in_bulk(sorted({process for process, _ in own.index}))
