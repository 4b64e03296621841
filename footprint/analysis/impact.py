"""What a version of a factor would move where another is used now. Nothing is stored, nothing published.

A company sees its own products; of everybody it learns numbers that pass the gate of small cohorts. The
network is linear: how much of a factor is in a product times what changes per unit of the factor is the
change, and the same by process adds up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from accounts.actor import Actor
from accounts.models import Company
from factors import queries as factor_queries
from factors import units
from factors.content import Emission
from factors.models import FactorVersion
from factors.origins import CO2E, gwp
from footprint.analysis.kept_networks import kept_network
from footprint.calculation.live import COLUMN, Live
from footprint.calculation.own_network import GWP_SETS, Node, NodeKind
from footprint.engine.activity import activity
from footprint.engine.disclosure.statistics import MINIMUM_GROUPS, release_policy
from footprint.engine.equations import Floats, Ints
from footprint.engine.reach import reach
from footprint.inventory.models import UnitProcess

STILL = 1e-12
"""A relative change below this is none."""


@dataclass(frozen=True)
class Change:
    """Per unit of the old version's factor: kg CO2e by GWP set as it is, and as it would be."""

    before: Floats
    after: Floats

    @property
    def step(self) -> Floats:
        """What moves."""
        return self.after - self.before


@dataclass(frozen=True)
class Moved:
    """An own product of one process, per its declared unit; pairs by GWP set."""

    node: Node
    taken: float
    before: tuple[float, float]
    after: tuple[float, float]

    @property
    def share(self) -> float | None:
        """By how much of itself it moves, under the latest set."""
        before, after = self.before[-1], self.after[-1]
        return (after - before) / before if before else None


@dataclass(frozen=True)
class Cause:
    """A process of one's own that takes the factor, and its part in a product's change."""

    node: Node
    change: tuple[float, float]


@dataclass(frozen=True)
class Radius:
    """How far a change reaches in the alliance, as far as that may be told.

    Counts are rounded as ``about`` says, ``groups`` is a band; everything is None where fewer groups are
    touched than a benchmark needs.
    """

    products: int | None
    inventories: int | None
    groups: str


def change_between(actor: Actor, old: FactorVersion, emissions: Iterable[Emission], unit: str) -> Change:
    """What one version says against other emissions per another unit of the same dimension.

    Raises:
        UnitError: the units measure different things.
    """
    scale = units.convert(Decimal(1), old.factor.unit, unit)
    before = factor_queries.emissions_of(actor, [old.pk])[old.pk]
    return Change(_totals(actor, before, Decimal(1)), _totals(actor, emissions, scale))


def own_impact(actor: Actor, old: FactorVersion, change: Change) -> list[Moved]:
    """Every own product that would move if all own lines took the new version, the widest change first."""
    own = kept_network(actor)
    at = node_of(own.nodes, old)
    if at is None:
        return []
    taken = reach(own.network(), at)
    found = []
    for node in np.flatnonzero(taken[: own.columns]).tolist():
        before, step = own.stored[node], taken[node] * change.step
        if np.isfinite(before).all() and np.abs(step).max() > STILL * max(np.abs(before).max(), STILL):
            found.append(Moved(own.nodes[node], float(taken[node]), _pair(before), _pair(before + step)))
    return sorted(found, key=lambda moved: -abs(moved.after[-1] - moved.before[-1]))


def causes(actor: Actor, old: FactorVersion, change: Change, column: tuple[int, int]) -> list[Cause]:
    """The change of one own product, by the own processes that take the factor; they add up to it."""
    own = kept_network(actor)
    at, root = node_of(own.nodes, old), own.index.get(column)
    if at is None or root is None:
        return []
    equations = own.network()
    direct = own.links.supplier == at
    consumers = own.links.consumer[direct]
    made = activity(equations, [root]).of(consumers)[:, 0]
    taken = np.bincount(consumers, weights=made * own.links.amount[direct], minlength=len(own.nodes))
    found = [
        Cause(own.nodes[node], _pair(taken[node] * change.step)) for node in np.flatnonzero(taken).tolist()
    ]
    return sorted(found, key=lambda cause: -abs(cause.change[-1]))


def blast_radius(live: Live, old: FactorVersion, change: Change) -> Radius:
    """How many products, inventories and company groups a change reaches, over the whole network.

    What takes the factor counts, however little it moves: were a figure weighed against the change, whoever
    proposes ever smaller ones would read the figures of others from where the count falls. Only the worker
    holds such a network.
    """
    slot = live.slots.get(("factor", old.pk, 0))
    if slot is None or not change.step[-1]:
        return Radius(0, 0, "")
    network = live.solved.network
    taken = reach(network.equations, int(live.solved.place[slot]), network.plan)[live.solved.place]
    columns = np.flatnonzero((live.keys[:, 0] == COLUMN) & ~live.failed & (np.nan_to_num(taken) != 0.0))
    touched = _touched(live.keys[columns, 1])
    columns = columns[np.isin(live.keys[columns, 1], list(touched))]
    groups = {group for _inventory, group in touched.values()}
    if not groups:
        return Radius(0, 0, "")
    if len(groups) < MINIMUM_GROUPS:
        return Radius(None, None, "")
    inventories = {inventory for inventory, _group in touched.values()}
    return Radius(about(len(columns)), about(len(inventories)), release_policy(len(groups)).groups_shown)


def about(count: int) -> int:
    """A count that does not tell when one member added a product: to five, from a hundred to two digits."""
    step = 5 if count < 100 else 10 ** (len(str(count)) - 2)
    return max(step * round(count / step), 5)


def _touched(processes: Ints) -> dict[int, tuple[int, int]]:
    """Inventory and company group of each of these processes; what is in a sandbox counts for nobody."""
    groups = dict(Company.objects.exclude(kind=Company.Kind.SANDBOX).values_list("pk", "group_id"))
    wanted = set(np.unique(processes).tolist())
    rows = UnitProcess.objects.values_list("pk", "inventory_id", "company_id")
    if len(wanted) < 10_000:
        rows = rows.filter(pk__in=wanted)
    return {
        pk: (inventory, groups[company])
        for pk, inventory, company in rows.iterator()
        if pk in wanted and company in groups
    }


def _totals(actor: Actor, emissions: Iterable[Emission], scale: Decimal) -> Floats:
    """kg CO2e by set; a total counts as its publisher made it, as in every figure."""
    listed = list(emissions)
    found = []
    for code in GWP_SETS:
        values = factor_queries.characterization(actor, code)
        weighed = (
            one.kg_per_unit * (Decimal(1) if one.gas == CO2E else gwp(values, one.gas, one.origin) or 0)
            for one in listed
        )
        found.append(float(sum(weighed, Decimal(0)) * scale))
    return np.array(found)


def node_of(nodes: Sequence[Node], old: FactorVersion) -> int | None:
    """Where a version stands among the nodes of an own network."""
    wanted = (old.pk,)
    return next(
        (at for at, node in enumerate(nodes) if node.kind is NodeKind.FACTOR and node.key == wanted), None
    )


def _pair(row: Floats) -> tuple[float, float]:
    ar5, ar6 = row.tolist()
    return ar5, ar6
