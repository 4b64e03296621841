"""What other providers would do to a figure: every swap whose two figures are known, in one pass.

Another provider of a line is another process or site of one's own that makes the same product, a product of
its category that a partner opened, or, for electricity, heat and freight, another factor of that kind and
place that the network takes from already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accounts.actor import Actor
from accounts.forms import languages, named
from factors import units
from factors.models import Factor, FactorVersion
from footprint.analysis.solved import Solved, weights_of
from footprint.calculation.models import Footprint
from footprint.calculation.own_network import NodeKind
from footprint.engine.equations import Equations, Floats
from footprint.engine.errors import RefusedLoop
from footprint.engine.levers import ReplaceSupplier
from footprint.engine.scenario import Scenario, evaluate
from footprint.engine.score import weigh
from footprint.engine.sensitivity import Sensitivity, swaps
from footprint.inventory.models import Exchange, Product, UnitProcess

SHOWN = 5
INTERCHANGEABLE = (Factor.Kind.ELECTRICITY, Factor.Kind.HEAT, Factor.Kind.FREIGHT)
"""Kinds of factors of which one does what another does, unit for unit."""

Part = tuple[int, int, float]
"""(consumer, supplier, amount): what a line takes by one link of the network."""


@dataclass(frozen=True)
class Provider:
    """Who could provide a line: the line's field and what it would name."""

    field: str
    uuid: str
    name: str


@dataclass(frozen=True)
class ProviderSwap:
    """A line taken over by another provider.

    ``change`` is the first-order change of the figure when all of the line is taken over, ``figure`` what the
    figure becomes then, exactly; kg CO2e per declared unit.
    """

    line: Exchange
    provider: Provider
    change: float
    figure: float


@dataclass(frozen=True)
class _Other:
    """A provider with its node and unit."""

    node: int
    unit: str
    provider: Provider


@dataclass(frozen=True)
class _Swap:
    line: int
    other: _Other
    ratio: float
    """Units of the new provider per unit of the present one."""


def provider_swaps(
    actor: Actor,
    base: Solved,
    found: Sensitivity,
    lines: Mapping[int, Exchange],
    parts: Mapping[int, Sequence[Part]],
    at: int,
    *,
    shown: int = SHOWN,
) -> list[ProviderSwap]:
    """Of each line the swap that moves the figure most, the widest lines first.

    ``parts`` says by which links a line takes; ``at`` is the place of the GWP set.
    """
    inputs = [line for pk, line in lines.items() if line.direction == "input" and parts.get(pk)]
    inputs = [line for line in inputs if not line.is_avoided]
    network = _Candidates(actor, base, inputs)
    asked = list(network.swaps(inputs, parts))
    equations, intensity = network.extended()
    change = _changes(equations, intensity, found, asked, parts, at)
    widest: dict[int, int] = {}
    for place in np.argsort(-np.abs(change), kind="stable").tolist():
        if change[place]:
            widest.setdefault(asked[place].line, place)
    told: list[ProviderSwap] = []
    for pk, place in list(widest.items())[:shown]:
        figure = _figure(equations, intensity, base.root, asked[place], parts[pk], at)
        if figure is not None:
            told.append(ProviderSwap(lines[pk], asked[place].other.provider, float(change[place]), figure))
    return told


def _changes(
    equations: Equations,
    intensity: Floats,
    found: Sensitivity,
    asked: Sequence[_Swap],
    parts: Mapping[int, Sequence[Part]],
    at: int,
) -> Floats:
    """By how much each swap moves the figure, to first order: (swaps,)."""
    scored = weigh(equations, intensity, np.eye(intensity.shape[1])[at])
    ends = zip(equations.consumer.tolist(), equations.supplier.tolist(), strict=True)
    position = {pair: place for place, pair in enumerate(ends)}
    rows = [
        (number, position[consumer, supplier], swap.other.node, swap.ratio, amount)
        for number, swap in enumerate(asked)
        for consumer, supplier, amount in parts[swap.line]
    ]
    change = np.zeros(len(asked))
    if rows:
        number, link, node, ratio, amount = (np.array(column) for column in zip(*rows, strict=True))
        np.add.at(change, number, np.nan_to_num(swaps(scored, found, link, node, ratio) * amount))
    return change


def _figure(
    equations: Equations, intensity: Floats, root: int, swap: _Swap, parts: Sequence[Part], at: int
) -> float | None:
    """The figure when all of the line is taken over; None where a loop would use up what it makes."""
    whole = {
        (consumer, supplier): float(amount)
        for consumer in {part[0] for part in parts}
        for supplier, amount in _taken(equations, consumer)
    }
    levers = tuple(
        ReplaceSupplier(
            consumer, supplier, swap.other.node, swap.ratio, min(part / whole[consumer, supplier], 1)
        )
        for consumer, supplier, part in parts
    )
    try:
        return float(evaluate(equations, intensity, Scenario("", levers), [root]).after[0, at])
    except RefusedLoop:
        return None


def _taken(equations: Equations, consumer: int) -> Iterable[tuple[int, float]]:
    links = equations.links_of(consumer)
    return zip(equations.supplier[links].tolist(), equations.amount[links].tolist(), strict=True)


class _Candidates:
    """The network with what partners opened beside it, and who could take over which line."""

    def __init__(self, actor: Actor, base: Solved, lines: Sequence[Exchange]) -> None:
        self._actor, self._base = actor, base
        self._leaves: list[Floats] = []
        self._columns = self._by_product(lines)
        self._open = self._opened({line.product.category_id for line in lines if line.product} - {None})
        self._factors = self._interchangeable()

    def swaps(self, lines: Sequence[Exchange], parts: Mapping[int, Sequence[Part]]) -> Iterator[_Swap]:
        """Every provider of every line that counts in a unit of the same dimension as the present one."""
        nodes = self._base.own.nodes
        for line in lines:
            present = {supplier for _consumer, supplier, _amount in parts[line.pk]}
            unit = nodes[min(present)].unit
            for other in self._others(line, min(present), nodes[parts[line.pk][0][0]].year or 0):
                if other.node not in present and units.same_dimension(unit, other.unit):
                    yield _Swap(line.pk, other, float(units.factor(unit, other.unit)))

    def extended(self) -> tuple[Equations, Floats]:
        """The network with the leaves of what is open."""
        equations, intensity = self._base.equations, self._base.intensity
        added = np.array(self._leaves).reshape(-1, intensity.shape[1])
        larger = Equations(
            equations.n + len(added), equations.consumer, equations.supplier, equations.amount,
            np.vstack([equations.direct, added]),
        )  # fmt: skip
        return larger, np.vstack([intensity, added])

    def _others(self, line: Exchange, present: int, year: int) -> Iterator[_Other]:
        if line.product:
            yield from self._own(line, year)
            years = self._open.get(line.product.category_id or 0, {})
            for product, by_year in years.items():
                if product != line.provider_product_id:
                    yield by_year[_nearest(by_year, year)]
        mine = self._factors.get(present)
        if mine is not None:
            for node, version in self._factors.items():
                if _takes_over(version, mine):
                    label = self._base.own.nodes[node].label(languages())
                    provider = Provider("factor_version", str(version.uuid), label)
                    yield _Other(node, version.factor.unit, provider)

    def _own(self, line: Exchange, year: int) -> Iterator[_Other]:
        """Processes of the inventory that make the product, or the one process that makes it elsewhere."""
        makers = [
            (node, process)
            for node, process in self._columns.get(line.product_id or 0, [])
            if self._base.own.nodes[node].year == year and process.pk != line.process_id
        ]
        here = [each for each in makers if each[1].inventory_id == line.process.inventory_id]
        for node, process in here:
            provider = Provider("provider_process", str(process.uuid), named(process))
            yield _Other(node, self._base.own.nodes[node].unit, provider)
        if len(makers) == 1 and not here:
            (node, process), made = makers[0], self._base.own.nodes[makers[0][0]]
            yield _Other(node, made.unit, Provider("provider_product", made.uuid, made.label(languages())))

    def _by_product(self, lines: Sequence[Exchange]) -> dict[int, list[tuple[int, UnitProcess]]]:
        wanted = {line.product_id for line in lines if line.product_id}
        columns = [
            (node.key, place)
            for place, node in enumerate(self._base.own.nodes[: self._base.own.columns])
            if node.key[1] in wanted
        ]
        processes = UnitProcess.objects.visible_to(self._actor).in_bulk([key[0] for key, _place in columns])
        found: dict[int, list[tuple[int, UnitProcess]]] = defaultdict(list)
        for key, place in columns:
            if key[0] in processes:
                found[key[1]].append((place, processes[key[0]]))
        return found

    def _opened(self, categories: set[int | None]) -> dict[int, dict[int, dict[int, _Other]]]:
        """What partners opened, by category, product and year: a leaf each, the mean of its makers."""
        products = Product.objects.opened(self._actor).filter(category_id__in=categories)
        rows = Footprint.objects.visible_to(self._actor).filter(
            product__in=products, state=Footprint.State.CURRENT
        )
        made: dict[tuple[int, int], list[Footprint]] = defaultdict(list)
        for row in rows.select_related("product__company").order_by("product_id", "year", "pk"):
            made[row.product_id, row.year].append(row)
        found: dict[int, dict[int, dict[int, _Other]]] = defaultdict(lambda: defaultdict(dict))
        for (_product, year), each in made.items():
            product = each[0].product
            values = np.array([[row.kg_co2e_ar5, row.kg_co2e_ar6] for row in each], dtype=np.float64)
            self._leaves.append(np.array(weights_of([row.production for row in each])) @ values)
            label = f"{named(product)} · {named(product.company)}"
            provider = Provider("provider_product", str(product.uuid), label)
            node = self._base.root + len(self._leaves)
            found[product.category_id or 0][product.pk][year] = _Other(node, each[0].unit, provider)
        return found

    def _interchangeable(self) -> dict[int, FactorVersion]:
        """Published factors of the network that stand for one another, by node."""
        nodes = {
            node.key[0]: place
            for place, node in enumerate(self._base.own.nodes)
            if node.kind is NodeKind.FACTOR
        }
        versions = FactorVersion.objects.filter(
            pk__in=nodes, status=FactorVersion.Status.PUBLISHED, factor__kind__in=INTERCHANGEABLE
        )
        return {nodes[version.pk]: version for version in versions.select_related("factor")}


def _nearest(years: Iterable[int], year: int) -> int:
    """The year itself, else the latest before, else the earliest after: as a recomputation chooses."""
    known = sorted(years)
    return max((each for each in known if each <= year), default=known[0])


def _takes_over(other: FactorVersion, present: FactorVersion) -> bool:
    """Whether one factor could be named in place of another: of the same kind, for its place or around it."""
    if other.factor_id == present.factor_id or other.factor.kind != present.factor.kind:
        return False
    return present.geography.startswith(other.geography)
