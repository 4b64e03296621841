"""What flows through a site, between its processes and the outside: by mass, energy, carbon, or CO2e."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from footprint.analysis.streams import Amounts, SiteStreams, Stream
from footprint.analysis.upstream import Upstream
from footprint.engine import closure, embodied
from footprint.engine.sankey import Drawing, Flows, Kind, drawing, grouped, merged
from footprint.inventory.models import Exchange, Product, UnitProcess

BASES = (*closure.BASES, embodied.BASIS)
ROUNDED = 1e-9
"""What is left of an output, relative to it, that is nothing but rounding."""
MOST_PROCESSES = 14
"""Unit processes drawn one by one; further ones become one node."""


@dataclass(frozen=True)
class Place:
    """A node of the diagram: a unit process, a product that comes or goes, or what a leaf brings.

    ``role`` is process, processes (small ones together), supply, delivery, air, loss, leaf (of the own
    network), or several (small flows together).
    """

    role: str
    process: UnitProcess | None = None
    product: Product | None = None
    leaf: int | None = None
    count: int = 0


@dataclass(frozen=True, eq=False)
class SiteFlows:
    """Flows on one or more bases, with what their nodes are, and the lines between two of them."""

    flows: Flows
    places: Sequence[Place]
    streams: Mapping[tuple[Place, Place], Sequence[Stream]] = field(default_factory=dict)

    def drawn(self, basis: str, cutoff: float, only: int | None = None) -> DrawnFlows:
        """One basis as it is drawn: small flows over the boundary merged, small processes one node.

        ``only`` keeps the flows of one process.
        """
        own, places = (self.flows, list(self.places)) if only is None else self._around(only)
        fewer, places = _fewer_processes(own, places, basis)
        small = merged(fewer, basis, cutoff)
        places += [Place("several") for _ in range(len(small.kind) - len(places))]
        return DrawnFlows(small, places, drawing(small, basis))

    def has(self, process: int) -> bool:
        """Whether a process is among the places."""
        return any(place.process is not None and place.process.pk == process for place in self.places)

    def _around(self, process: int) -> tuple[Flows, list[Place]]:
        """The flows that begin or end at a process; its neighbours need not close here."""
        at = next(k for k, p in enumerate(self.places) if p.process is not None and p.process.pk == process)
        flows = self.flows
        mine = (flows.source == at) | (flows.target == at)
        kind = flows.kind.copy()
        kind[(kind == Kind.PROCESS) & (np.arange(len(kind)) != at)] = Kind.OUTSIDE
        around = Flows(kind, flows.basis, flows.source[mine], flows.target[mine], flows.amount[mine])
        return around, list(self.places)


@dataclass(frozen=True, eq=False)
class DrawnFlows:
    """What is drawn, node by node."""

    flows: Flows
    places: Sequence[Place]
    drawing: Drawing


def physical(found: SiteStreams) -> SiteFlows:
    """Mass, energy and carbon between the processes of an inventory and the outside."""
    return _Builder(found).built()


def of_emissions(upstream: Upstream, inventory: int) -> SiteFlows:
    """CO2e that products carry through the site; closes at every process, or is refused.

    Raises:
        EngineError: a figure is missing or does not fit the network.
    """
    own = upstream.own
    site = [
        at for at in range(own.columns) if upstream.processes[own.nodes[at].key[0]].inventory_id == inventory
    ]
    made = [own.nodes[at].production or 0.0 for at in site]
    carried = embodied.embodied(upstream.scored, site, made)
    places: list[Place] = []
    number: dict[tuple[str, int], int] = {}
    group = []
    for at in carried.product[:-2].tolist():
        node = own.nodes[at]
        is_inside = at in site
        key = ("process", node.key[0]) if is_inside else ("leaf", at)
        if key not in number:
            number[key] = len(places)
            place = Place("process", process=upstream.processes[node.key[0]]) if is_inside else _leaf(at)
            places.append(place)
        group.append(number[key])
    places += [Place("air"), Place("delivery")]
    group += [len(places) - 2, len(places) - 1]
    kinds = [Kind.PROCESS if p.role == "process" else Kind.EMISSION if p.role == "air" else Kind.OUTSIDE
             for p in places]  # fmt: skip
    return SiteFlows(grouped(carried.flows, group, kinds), places)


def _leaf(at: int) -> Place:
    return Place("leaf", leaf=at)


class _Builder:
    """Lines to flows: those with a provider inside run between processes, the rest over the boundary."""

    def __init__(self, found: SiteStreams) -> None:
        self.found = found
        self.places: list[Place] = [Place("process", process=each) for each in found.processes.values()]
        self.at: dict[tuple[str, int], int] = {("process", pk): k for k, pk in enumerate(found.processes)}
        self.rows: list[tuple[int, int, Amounts, Stream]] = []
        self.passed: dict[tuple[int, int], list[Amounts]] = defaultdict(list)
        self.ends: dict[tuple[int, int, bool], list[Stream]] = defaultdict(list)

    def built(self) -> SiteFlows:
        """Everything, the losses too."""
        for stream in self.found.streams:
            self._add(stream)
        for (process, product, comes_in), streams in self.ends.items():
            self._add_rest(process, product, streams, comes_in=comes_in)
        kinds = [_kind(place.role) for place in self.places]
        lines: dict[tuple[Place, Place], list[Stream]] = defaultdict(list)
        for source, target, _, stream in self.rows:
            lines[self.places[source], self.places[target]].append(stream)
        flows = Flows.of(
            kinds,
            closure.BASES,
            [row[0] for row in self.rows],
            [row[1] for row in self.rows],
            [row[2] for row in self.rows],
        )
        return SiteFlows(grouped(flows, np.arange(len(kinds)), kinds), self.places, lines)

    def _add(self, stream: Stream) -> None:
        line, here = stream.line, self.at["process", stream.process.pk]
        provider = line.provider_process_id if line else None
        if line is None:
            self._flow(here, self._place("loss"), stream.amounts, stream)
        elif stream.kind is closure.Kind.EMISSION:
            self._flow(here, self._place("air"), stream.amounts, stream)
        elif line.product is None:
            self._flow(self._place("air"), here, stream.amounts, stream)
        elif provider is not None and ("process", provider) in self.at:
            there = self.at["process", provider]
            ends = (there, here) if stream.comes_in else (here, there)
            self._flow(*ends, stream.amounts, stream)
            self.passed[provider, line.product.pk].append(stream.amounts)
        else:
            self.ends[stream.process.pk, line.product.pk, stream.comes_in].append(stream)

    def _add_rest(self, process: int, product: int, streams: list[Stream], *, comes_in: bool) -> None:
        """What a process makes and no other one takes, or what it takes from outside."""
        line = streams[0].line
        assert line is not None
        takes_waste_in = line.kind == Exchange.Kind.WASTE and line.is_reference
        passed = self.passed.get((process, product), []) if comes_in is takes_waste_in else []
        rest, thing = _rest([stream.amounts for stream in streams], passed), line.product
        here = self.at["process", process]
        if comes_in:
            self._flow(self._place("supply", thing), here, rest, streams[0])
        else:
            self._flow(here, self._place("delivery", thing), rest, streams[0])

    def _place(self, role: str, product: Product | None = None) -> int:
        key = (role, product.pk if product else 0)
        if key not in self.at:
            self.at[key] = len(self.places)
            self.places.append(Place(role, product=product))
        return self.at[key]

    def _flow(self, source: int, target: int, amounts: Amounts, stream: Stream) -> None:
        self.rows.append((source, target, amounts, stream))


def _rest(made: Sequence[Amounts], passed: Sequence[Amounts]) -> Amounts:
    whole = np.sum(made, axis=0)
    rest = whole - np.sum(passed, axis=0) if passed else whole
    rest = np.where(np.abs(rest) <= ROUNDED * np.abs(whole), 0.0, rest)
    mass, energy, carbon = rest.tolist()
    return mass, energy, carbon


def _kind(role: str) -> Kind:
    kinds = {"process": Kind.PROCESS, "air": Kind.EMISSION, "loss": Kind.LOSS}
    return kinds.get(role, Kind.OUTSIDE)


def _fewer_processes(flows: Flows, places: Sequence[Place], basis: str) -> tuple[Flows, list[Place]]:
    """The processes through which most flows, and one node for the rest: its balance is theirs."""
    value = np.abs(np.nan_to_num(flows.amount[:, flows.column(basis)]))
    size = np.bincount(flows.source, value, len(places)) + np.bincount(flows.target, value, len(places))
    members = np.flatnonzero(flows.kind == Kind.PROCESS)
    order = members[np.argsort(-size[members], kind="stable")]
    small = set(order[MOST_PROCESSES - 1 :].tolist()) if len(members) > MOST_PROCESSES else set()
    if not small:
        return flows, list(places)
    kept = [at for at in range(len(places)) if at not in small]
    group = np.full(len(places), len(kept))
    group[kept] = np.arange(len(kept))
    kinds = [*flows.kind[kept].tolist(), Kind.PROCESS]
    found = grouped(flows, group, kinds)
    between = found.source != found.target
    fewer = Flows(
        found.kind, found.basis, found.source[between], found.target[between], found.amount[between]
    )
    return fewer, [*(places[at] for at in kept), Place("processes", count=len(small))]
