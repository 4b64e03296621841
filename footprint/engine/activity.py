"""How much of every product is made for one unit of another, loops included: the transposed solve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Equations, Floats, Ints, as_nodes
from footprint.engine.part import named, part_of, upstream
from footprint.engine.solve import solve


@dataclass(frozen=True, eq=False)
class Activity:
    """What is made in the whole network for one unit of each of some products.

    Shapes   roots: (k,); reached: (r,) every product needed, ascending; made: (r, k)
    Units    made: units of the product per unit of the root; that of the root itself is at least 1
    """

    roots: Ints
    reached: Ints
    made: Floats

    def of(self, nodes: ArrayLike) -> Floats:
        """What is made of these products, nothing of those that are not needed: (q,) -> (q, k)."""
        wanted = np.asarray(nodes, dtype=np.int64).reshape(-1)
        found = np.zeros((len(wanted), len(self.roots)))
        place = np.minimum(np.searchsorted(self.reached, wanted), len(self.reached) - 1)
        hit = self.reached[place] == wanted if len(self.reached) else np.zeros(len(wanted), dtype=np.bool_)
        found[hit] = self.made[place[hit]]
        return found


def activity(equations: Equations, roots: ArrayLike) -> Activity:
    """What is made of every product for one unit of each root, from one solve over what they need.

    Shapes   roots: (k,); see ``Activity``
    Units    see ``Activity``
    Errors   NotProductive, SingularNetwork, NonFinite, naming the loop's products; OutOfRange, WrongShape
    Source   row p of (I - Z)^-1: (I - Z)' x = e_p; W. Leontief, Input-Output Economics (1966)
    """
    wanted = as_nodes(roots, equations.n)
    reached = upstream(equations, wanted)
    part = part_of(equations, reached)
    demand = np.zeros((len(reached), len(wanted)))
    demand[np.searchsorted(reached, wanted), np.arange(len(wanted))] = 1.0
    with named(reached):
        turned = Equations(len(reached), part.supplier, part.consumer, equations.amount[part.link], demand)
        made = solve(turned, certify=False).intensity
    return Activity(wanted, reached, made)
