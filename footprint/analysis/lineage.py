"""Where a factor version comes from and where it goes: documents behind it, own lines and products ahead.

What others made of it is not told here. Forward steps are those of the reader's own network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from accounts.actor import Actor
from factors import queries as factor_queries
from factors.models import FactorVersion
from factors.relations import Link, links
from footprint.analysis.impact import node_of
from footprint.analysis.kept_networks import kept_network
from footprint.calculation.own_network import Node
from footprint.engine.reach import reach
from footprint.inventory.models import Exchange

MOST = 200


@dataclass(frozen=True)
class Carried:
    """An own product with the part of its figure that the version brings, in kg CO2e (AR6) per unit."""

    node: Node
    part: float
    figure: float

    @property
    def share(self) -> float | None:
        """Of its whole figure."""
        return self.part / self.figure if self.figure else None


def parents(actor: Actor, versions: Sequence[FactorVersion]) -> Sequence[FactorVersion]:
    """The versions that these were derived from, as their derivations name them."""
    wanted = {named for version in versions for named in _named(version)}
    return list(factor_queries.all_versions(actor).filter(uuid__in=wanted)[:MOST])


def children(actor: Actor, versions: Sequence[FactorVersion]) -> Sequence[FactorVersion]:
    """The versions that were derived from any of these."""
    return list(factor_queries.derived_from(actor, versions)[:MOST])


@dataclass(frozen=True)
class Kin:
    """A version in a lineage: how many steps behind (negative) or ahead, of which of those shown, and how."""

    version: FactorVersion
    step: int
    of: tuple[UUID, ...]
    links: tuple[Link, ...] = ()


def ancestry(actor: Actor, version: FactorVersion) -> list[Kin]:
    """What it was derived from and what from it, over every step, itself in between; a question a generation.

    An average of members' figures has no parents here: its lineage ends at the cohort.
    """
    steps = {version: 0}
    for onward, way in ((parents, -1), (children, 1)):
        level, step = [version], 0
        while level and len(steps) < MOST:
            step += way
            found = [each for each in onward(actor, level) if each not in steps]
            level = found[: MOST - len(steps)]
            steps |= dict.fromkeys(level, step)
    there = {each.uuid: each for each in steps}
    kin = []
    for each, step in steps.items():
        of = tuple(uuid for uuid in _named(each) if uuid in there)
        kin.append(Kin(each, step, of, tuple(links(each, [there[uuid] for uuid in of]))))
    return sorted(kin, key=lambda one: (one.step, one.version.factor.code, one.version.number))


def _named(version: FactorVersion) -> list[UUID]:
    """The parents that its derivation names."""
    found = []
    for given in version.derivation.get("parents", ()):
        try:
            found.append(UUID(str(given)))
        except ValueError:
            continue
    return found


def own_lines(actor: Actor, version: FactorVersion) -> Sequence[Exchange]:
    """Own lines that take it, by inventory and process."""
    rows = Exchange.objects.visible_to(actor).filter(factor_version=version, company_id__in=actor.company_ids)
    return list(
        rows.select_related("process__inventory__site", "process__inventory__company").order_by(
            "process__inventory_id", "process_id", "position"
        )[:MOST]
    )


def carried(actor: Actor, version: FactorVersion, kg_co2e: float) -> list[Carried]:
    """Own products with something of it in them, anywhere upstream, the largest part first."""
    own = kept_network(actor)
    at = node_of(own.nodes, version)
    if at is None:
        return []
    taken = reach(own.network(), at)[: own.columns]
    found = [
        Carried(own.nodes[node], float(taken[node]) * kg_co2e, float(own.stored[node][-1]))
        for node in np.flatnonzero(np.nan_to_num(taken)).tolist()
    ]
    return sorted(found, key=lambda each: -abs(each.part))[:MOST]
