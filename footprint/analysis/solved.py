"""The own network, solved, with a node more at the end: the product asked for, the mean of its makers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accounts.actor import Actor
from footprint.analysis.kept_networks import kept_network
from footprint.calculation.content import Column
from footprint.calculation.own_network import GWP_SETS, OwnNetwork
from footprint.engine.equations import Equations, Floats
from footprint.engine.solve import solve


@dataclass(frozen=True, eq=False)
class Solved:
    """A figure and all it may hang on.

    Shapes   intensity: (n + 1, sets); the last node is the figure
    Units    kg CO2e per declared unit; sets as in ``GWP_SETS``
    """

    own: OwnNetwork
    columns: tuple[Column, ...]
    """The columns whose mean, by production, the figure is."""
    equations: Equations
    intensity: Floats

    @property
    def root(self) -> int:
        """The node of the figure."""
        return len(self.own.nodes)

    @property
    def figure(self) -> tuple[float, float]:
        """The figure under AR5 and AR6."""
        ar5, ar6 = self.intensity[self.root].tolist()
        return ar5, ar6

    def place(self, gwp: str) -> int:
        """Where a GWP set stands."""
        return GWP_SETS.index(gwp)


def solved(actor: Actor, columns: Sequence[Column], own: OwnNetwork | None = None) -> Solved | None:
    """The company's whole network around the figure of these columns; None when one of them has none."""
    own = own or kept_network(actor)
    if not columns or not all(column in own.index for column in columns):
        return None
    at = [own.index[column] for column in columns]
    weights = weights_of([own.nodes[node].production or 0.0 for node in at])
    n, links = len(own.nodes), own.links
    equations = Equations(
        n + 1,
        np.append(links.consumer, np.full(len(at), n)),
        np.append(links.supplier, at),
        np.append(links.amount, weights),
        np.vstack([own.direct, np.zeros((1, len(GWP_SETS)))]),
    )
    return Solved(own, tuple(columns), equations, solve(equations).intensity)


def weights_of(production: Sequence[float]) -> list[float]:
    """The part of each maker in the mean; a single one is all of it."""
    total = sum(production)
    return [made / total for made in production] if len(production) > 1 and total else [1.0] * len(production)
