"""How one product's figure answers to every amount and burden upstream, from one transposed solve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.activity import activity
from footprint.engine.equations import Floats, Ints, as_nodes
from footprint.engine.errors import OutOfBounds
from footprint.engine.part import links_of
from footprint.engine.score import Scored


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Derivatives of one figure; an elasticity is the per cent it moves by when its cause moves by one.

    Shapes   reached: (r,) every product needed, ascending; made, direct_elasticity, through: (r,);
             link: (k,) positions among the network's links, all that are needed; slope,
             link_elasticity: (k,)
    Units    made: units of each product per unit of the root, which is the derivative to its direct
             burden, and to its whole intensity where it is a leaf; slope: kg CO2e per unit of the root,
             by unit of the link's amount; elasticities and ``through`` relative, NaN where the figure is
             zero
    """

    node: int
    score: float
    reached: Ints
    made: Floats
    direct_elasticity: Floats
    through: Floats
    """What passes through each product; the elasticity to all its inputs and emissions together."""
    link: Ints
    slope: Floats
    link_elasticity: Floats

    def made_of(self, nodes: ArrayLike) -> Floats:
        """What is made of these products per unit of the root, 0 of those not needed: (q,) -> (q,)."""
        return _at(self.reached, self.made, nodes)

    def slope_of(self, links: ArrayLike) -> Floats:
        """The slopes of these links, 0 for those that do not count: (q,) -> (q,)."""
        return _at(self.link, self.slope, links)


def sensitivity(scored: Scored, node: int) -> Sensitivity:
    """Derivatives of one product's figure to everything it hangs on.

    Shapes   see ``Sensitivity``
    Units    see ``Sensitivity``
    Errors   NonFinite where the product or a burden of it has no figure; as ``activity``
    Source   dY_p/dz_ji = x_j y_i, dY_p/de_j = x_j with (I - Z)' x = e_p; R. Heijungs, S. Suh,
             The Computational Structure of Life Cycle Assessment (2002), perturbation theory
    """
    equations, score = scored.equations, scored.of(node)
    needed = activity(equations, [node])
    reached, made = needed.reached, needed.made[:, 0]
    link = links_of(equations, reached)
    amount = equations.amount[link]
    slope = np.repeat(made, np.diff(equations.indptr)[reached]) * scored.score[equations.supplier[link]]
    whole = score if score != 0.0 else np.nan
    return Sensitivity(
        node=int(node), score=score, reached=reached, made=made,
        direct_elasticity=made * scored.direct[reached] / whole,
        through=made * scored.score[reached] / whole,
        link=link, slope=slope, link_elasticity=slope * amount / whole,
    )  # fmt: skip


def swaps(
    scored: Scored, found: Sensitivity, link: ArrayLike, supplier: ArrayLike, ratio: ArrayLike = 1.0
) -> Floats:
    """By how much the figure moves when other suppliers take over parts of links: any number in one pass.

    To first order: where no loop runs from the consumer back to the new or the old supplier, the figure moves
    by exactly so much for every unit that is replaced.

    Shapes   link, supplier: (q,) one swap each; ratio: (q,) or one; result: (q,), NaN where a supplier has no
             figure
    Units    ratio: units of the new supplier per unit of the old one; result: kg CO2e per unit of the root,
             by unit of the old supplier that is replaced
    Errors   OutOfRange; OutOfBounds for a ratio below zero
    Source   dY_p/dz_jk q - dY_p/dz_ji = x_j (q y_k - y_i); as ``sensitivity``
    """
    equations = scored.equations
    places = as_nodes(link, len(equations.amount))
    new = as_nodes(supplier, equations.n)
    per_unit = np.broadcast_to(np.asarray(ratio, dtype=np.float64), new.shape)
    if not (np.isfinite(per_unit) & (per_unit >= 0.0)).all():
        raise OutOfBounds("The ratio of a new supplier to the old one must be a number from 0 on.")
    old = scored.score[equations.supplier[places]]
    change = found.made_of(equations.consumer[places]) * (per_unit * scored.score[new] - old)
    return np.asarray(change)


def _at(known: Ints, values: Floats, wanted: ArrayLike) -> Floats:
    """Values at known places, zero elsewhere; known places ascend."""
    places = np.asarray(wanted, dtype=np.int64).reshape(-1)
    where = np.minimum(np.searchsorted(known, places), max(len(known) - 1, 0))
    if not len(known):
        return np.zeros(len(places))
    return np.where(known[where] == places, values[where], 0.0)
