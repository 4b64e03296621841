"""Two states of one figure as snapshots on the same nodes, whatever rows they are made of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from accounts.actor import Actor
from footprint.calculation.content import GasKey
from footprint.calculation.own_network import GWP_SETS, Node, NodeKind, OwnNetwork
from footprint.engine.equations import Floats
from footprint.engine.snapshot import Role, Snapshot
from footprint.engine.solve import solve
from footprint.inventory.models import Exchange, UnitProcess
from footprint.inventory.queries import lines as stored_lines

Key = tuple[Hashable, ...]
ROLES = {
    NodeKind.COLUMN: Role.PROCESS,
    NodeKind.FACTOR: Role.FACTOR,
    NodeKind.SUPPLIER: Role.OUTSIDE,
    NodeKind.UNSEEN: Role.OUTSIDE,
}
FIGURE: Key = ("figure",)
"""The node of the figure itself: the mean of its makers."""


@dataclass(frozen=True)
class Side:
    """One state: the own network at a run or in a year, under one GWP set."""

    own: OwnNetwork
    gwp: str


@dataclass
class Named:
    """What keys stand for, for whoever reads the bridge."""

    nodes: dict[int, Node] = field(default_factory=dict)
    gases: dict[int, GasKey] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    """Exchange ids by line number, of the later side where both have it."""
    root: int = 0


@dataclass(frozen=True)
class Aligned:
    """Two snapshots on the same nodes, and what the nodes and lines are."""

    before: Snapshot
    after: Snapshot
    named: Named


class Names:
    """What stays the same between two states: ids between runs, codes and products between years."""

    def __init__(self, actor: Actor, sides: Sequence[Side], *, by_code: bool) -> None:
        self._by_code = by_code
        if not by_code:
            return
        self._process: dict[int, Key] = {}
        for side in sides:
            self._name_processes(actor, side.own)
        lines = {line for side in sides for line in _lines(side.own)}
        self._line = self._line_names(stored_lines(actor).filter(pk__in=lines))

    def node(self, node: Node) -> Key:
        """The same for the same thing on both sides."""
        if not self._by_code:
            return (node.kind, *node.key) if node.kind is not NodeKind.SUPPLIER else (node.kind, node.key[0])
        if node.kind is NodeKind.FACTOR:
            return (node.kind, *node.key)
        if node.kind is NodeKind.SUPPLIER:
            return (node.kind, node.key[0])
        return (node.kind, self._process.get(node.key[0], node.key[0]), node.key[1])

    def line(self, line: int) -> Key:
        """The same for the same line on both sides."""
        return self._line.get(line, (line,)) if self._by_code and line else (line,)

    def _name_processes(self, actor: Actor, own: OwnNetwork) -> None:
        """By site and code; where a site has several inventories of a year, by their order too."""
        seen: dict[Key, int] = defaultdict(int)
        rows = UnitProcess.objects.visible_to(actor).filter(pk__in={node.key[0] for node in _columns(own)})
        for pk, site, code in rows.order_by("inventory__period_start", "pk").values_list(
            "pk", "inventory__site_id", "code"
        ):
            self._process.setdefault(pk, (site, code, seen[site, code]))
            seen[site, code] += 1

    def _line_names(self, rows: Iterable[Exchange]) -> dict[int, Key]:
        """By what flows, in the order in which the process lists it."""
        seen: dict[Key, int] = defaultdict(int)
        found: dict[int, Key] = {}
        for line in rows:
            flow = _flow(line)
            here = (line.process_id, *flow)
            found[line.pk] = (self._process.get(line.process_id, line.process_id), *flow, seen[here])
            seen[here] += 1
        return found


def aligned(actor: Actor, before: Side, after: Side, *, by_code: bool) -> Aligned:
    """The two sides on one set of nodes. ``by_code``: they are different years, with rows of their own."""
    names = Names(actor, (before, after), by_code=by_code)
    lumped = _lumped(before.own, names) | _lumped(after.own, names)
    at: dict[Key, int] = {FIGURE: 0}
    named = Named()
    line_at: dict[Key, int] = {}
    gases = sorted({*before.own.gases, *after.own.gases})
    drafts = [_draft(side, names, lumped, at, line_at, named, gases) for side in (before, after)]
    sides = before, after
    first, second = (
        _snapshot(draft, at, gases, _weights(side.gwp, gases, sides))
        for side, draft in zip(sides, drafts, strict=True)
    )
    return Aligned(first, second, named)


@dataclass
class _Draft:
    direct: dict[int, Any] = field(default_factory=dict)
    role: dict[int, Role] = field(default_factory=dict)
    lines: list[tuple[int, int, int, float, float, float]] = field(default_factory=list)


def _draft(
    side: Side, names: Names, lumped: set[Key], at: dict[Key, int], line_at: dict[Key, int], named: Named,
    gases: list[GasKey],
) -> _Draft:  # fmt: skip
    own, draft = side.own, _Draft()
    keys = [names.node(node) for node in own.nodes]
    place = [at.setdefault(key, len(at)) for key in keys]
    for node, where in zip(own.nodes, place, strict=True):
        named.nodes[where] = node
        draft.role[where] = ROLES[node.kind]
    _add_links(side, names, lumped, keys, place, draft, (at, line_at, named))
    for gas in gases:
        where = at.setdefault(("gas", *gas), len(at))
        named.gases[where], draft.role[where] = gas, Role.FACTOR
    _add_burdens(own, place, draft, gases)
    _add_emissions(own, names, place, draft, (at, line_at, named))
    _add_figure(own, place, keys, draft, line_at)
    return draft


def _add_links(
    side: Side, names: Names, lumped: set[Key], keys: list[Key], place: list[int], draft: _Draft, told: Any
) -> None:
    at, line_at, named = told
    links = side.own.links
    score = solve(side.own.network()).intensity if lumped else np.empty((0, len(GWP_SETS)))
    together: dict[int, Any] = {}
    several = Counter(zip(links.consumer.tolist(), links.line.tolist(), strict=True))
    for k, (consumer, supplier, line) in enumerate(
        zip(links.consumer.tolist(), links.supplier.tolist(), links.line.tolist(), strict=True)
    ):
        foreign = side.own.nodes[supplier].kind in (NodeKind.SUPPLIER, NodeKind.UNSEEN)
        if foreign and keys[consumer] in lumped:
            bought = float(links.amount[k]) * score[supplier]
            together[consumer] = together.get(consumer, 0.0) + bought
            continue
        key: Key = names.line(line)
        if several[consumer, line] > 1:
            key = (*key, *keys[supplier])
        number = line_at.setdefault(key, len(line_at))
        named.lines[number] = line
        share, taken, made = float(links.share[k]), float(links.taken[k]), float(links.made[k])
        draft.lines.append((place[consumer], place[supplier], number, share, taken, made))
    for consumer, bought in together.items():
        where = at.setdefault(("bought", *keys[consumer]), len(at))
        draft.role[where], draft.direct[where] = Role.OUTSIDE, ("total", bought)
        number = line_at.setdefault(("bought",), len(line_at))
        draft.lines.append((place[consumer], where, number, 1.0, 1.0, 1.0))


def _add_burdens(own: OwnNetwork, place: list[int], draft: _Draft, gases: list[GasKey]) -> None:
    """Vectors of leaves; what columns emit themselves are lines to their gases."""
    column = [gases.index(gas) for gas in own.gases]
    width = len(gases) + len(GWP_SETS)
    for node in range(own.columns, len(own.nodes)):
        row = np.zeros(width)
        row[column] = own.mass[node]
        row[len(gases) :] = own.total[node]
        draft.direct[place[node]] = row


def _add_emissions(own: OwnNetwork, names: Names, place: list[int], draft: _Draft, told: Any) -> None:
    at, line_at, named = told
    emissions = own.emissions
    for k, (node, gas, line) in enumerate(
        zip(emissions.node.tolist(), emissions.gas.tolist(), emissions.line.tolist(), strict=True)
    ):
        number = line_at.setdefault(names.line(line), len(line_at))
        named.lines[number] = line
        values = float(emissions.share[k]), float(emissions.taken[k]), float(emissions.made[k])
        draft.lines.append((place[node], at["gas", *own.gases[gas]], number, *values))


def _add_figure(
    own: OwnNetwork, place: list[int], keys: list[Key], draft: _Draft, line_at: dict[Key, int]
) -> None:
    made = [own.nodes[root].production or 0.0 for root in own.roots]
    total = sum(made) if len(made) > 1 else 1.0
    draft.role[0] = Role.PROCESS
    for root, production in zip(own.roots, made, strict=True):
        number = line_at.setdefault(("maker", *keys[root]), len(line_at))
        draft.lines.append((0, place[root], number, 1.0, production if len(made) > 1 else 1.0, total))


def _weights(gwp: str, gases: list[GasKey], sides: Sequence[Side]) -> Floats:
    """kg CO2e per unit of each column: a gas that one side lacks weighs there what it weighs on the other."""
    place = GWP_SETS.index(gwp)
    weights = np.append(np.zeros(len(gases)), np.eye(len(GWP_SETS))[place])
    for side in sides:
        for k, gas in enumerate(side.own.gases):
            weights[gases.index(gas)] = side.own.weight[k, place]
    return weights


def _snapshot(draft: _Draft, at: Mapping[Key, int], gases: list[GasKey], weights: Floats) -> Snapshot:
    n, width = len(at), len(weights)
    direct, role, present = np.zeros((n, width)), np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.bool_)
    for node, what in draft.role.items():
        role[node], present[node] = what, True
    for node, row in draft.direct.items():
        if isinstance(row, tuple):
            direct[node, len(gases) :] = row[1]
        else:
            direct[node] = row
    for k, gas in enumerate(gases):
        direct[at["gas", *gas], k] = 1.0
    columns = list(zip(*draft.lines, strict=True))
    return Snapshot.of(
        role=role, direct=direct, weights=weights, present=present, consumer=columns[0], supplier=columns[1],
        line=columns[2], share=columns[3], taken=columns[4], made=columns[5],
    )  # fmt: skip


def _lumped(own: OwnNetwork, names: Names) -> set[Key]:
    """Columns of which only the sum of several suppliers is known."""
    links = own.links
    return {names.node(own.nodes[consumer]) for consumer in links.consumer[links.line == 0].tolist()}


def _columns(own: OwnNetwork) -> Sequence[Node]:
    return own.nodes[: own.columns]


def _lines(own: OwnNetwork) -> set[int]:
    return {*own.links.line.tolist(), *own.emissions.line.tolist()} - {0}


def _flow(line: Exchange) -> Key:
    if line.product_id:
        return (line.direction, line.is_avoided, "product", line.product_id)
    if line.gas:
        return (line.direction, line.is_avoided, "gas", line.gas, line.origin)
    factor = line.factor_version.factor_id if line.factor_version else 0
    return (line.direction, line.is_avoided, "flow", line.flow_name, factor)
