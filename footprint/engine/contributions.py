"""Where the intensity of one product comes from: suppliers, processes anywhere upstream, a boundary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.activity import activity
from footprint.engine.equations import Equations, Floats, Ints, as_nodes
from footprint.engine.errors import NonFinite, NotClosed, OutOfBounds, WrongShape
from footprint.engine.part import links_of, named, part_of, spread

CLOSING = 1e-9
"""Relative gap beyond which contributions do not explain their total."""


@dataclass(frozen=True, eq=False)
class Contributions:
    """The intensity of one product, taken apart; ``direct`` and ``through`` sum to ``total``.

    Shapes   total, direct: (m,); supplier: (k,) nodes, ascending; amount: (k,); through: (k, m)
    Units    kg of each column per unit of the product; amount: units of supplier per unit of product
    """

    node: int
    total: Floats
    direct: Floats
    supplier: Ints
    amount: Floats
    through: Floats


@dataclass(frozen=True, eq=False)
class Cumulative:
    """The intensity of one product by the process that emits it, wherever upstream.

    Shapes   total: (m,); reached: (r,) every product needed, ascending; made: (r,); emitted: (r, m)
    Units    made: units of each product per unit of the one asked for; total, emitted: kg of each
             column per unit of the one asked for; ``emitted`` sums to ``total``
    """

    node: int
    total: Floats
    reached: Ints
    made: Floats
    emitted: Floats

    def by(self, label: ArrayLike, count: int) -> Floats:
        """The sums per label, as of stages or of inside (1) and outside (0); they sum to ``total`` too.

        Shapes   label: (n,) whole numbers below ``count``, one for each product; result: (count, m)
        """
        return spread(_labels(label, count, self.reached), self.emitted, count)


@dataclass(frozen=True, eq=False)
class Entries:
    """The intensity of one product as it enters the processes inside a boundary.

    What an outside supplier carries counts at the link that crosses the boundary, also what that
    supplier took from inside. ``emitted`` and ``entering`` together sum to ``total``.

    Shapes   total: (m,); inside: (r,) products needed from inside alone, ascending; made: (r,);
             emitted: (r, m); link: (k,) positions among the network's links; entering: (k, m)
    Units    as ``Cumulative``
    """

    node: int
    total: Floats
    inside: Ints
    made: Floats
    emitted: Floats
    link: Ints
    entering: Floats

    def by(self, direct_label: ArrayLike, link_label: ArrayLike, count: int) -> Floats:
        """The sums per label, as of life-cycle stages; they sum to ``total`` too.

        Shapes   direct_label: (n,), link_label: (links,) whole numbers below ``count``; result: (count, m)
        """
        own, crossing = _labels(direct_label, count, self.inside), _labels(link_label, count, self.link)
        return spread(np.append(own, crossing), np.concatenate([self.emitted, self.entering]), count)


def contributions(equations: Equations, intensity: Floats, node: int) -> Contributions:
    """Take the intensity of one product apart into what it emits and what each supplier brings.

    A product that takes from itself is its own supplier; a credit contributes negatively.

    Shapes   intensity: (n, m); see ``Contributions``
    Units    see ``Contributions``
    Errors   NonFinite where the product was refused; NotClosed beyond 1e-9 of the summed absolute
             parts, as when the intensities belong to another network; OutOfRange
    Source   y_j = e_j + sum of z_ij y_i
    """
    total = _total(equations, intensity, node)
    links = equations.links_of(node)
    supplier, amount = equations.supplier[links], equations.amount[links]
    through = amount[:, None] * intensity[supplier]
    direct = equations.direct[node]
    check_closed(node, np.vstack([direct, through]), total)
    return Contributions(node, total, direct, supplier, amount, through)


def cumulative(equations: Equations, intensity: Floats, node: int) -> Cumulative:
    """Take the intensity of one product apart by the process that emits, from one transposed solve.

    Shapes   intensity: (n, m); see ``Cumulative``
    Units    see ``Cumulative``
    Errors   as ``contributions``; NotProductive and SingularNetwork where the network cannot be solved
    Source   y_p = sum over j of x_j e_j with (I - Z)' x = e_p
    """
    total = _total(equations, intensity, node)
    needed = activity(equations, [node])
    made = needed.made[:, 0]
    emitted = made[:, None] * equations.direct[needed.reached]
    check_closed(node, emitted, total)
    return Cumulative(node, total, needed.reached, made, emitted)


def entries(equations: Equations, intensity: Floats, node: int, inside: ArrayLike) -> Entries:
    """Take the intensity of one product apart by what its company emits and by what it buys.

    Shapes   intensity: (n, m); inside: (n,) flags of the products inside the boundary; see ``Entries``
    Units    see ``Entries``
    Errors   as ``cumulative``; OutOfBounds when the product itself is outside; WrongShape
    Source   y_p = sum over j inside of x_j (e_j + sum over i outside of z_ij y_i), x made inside alone
    """
    total = _total(equations, intensity, node)
    within = np.asarray(inside)
    if within.shape != (equations.n,) or within.dtype != np.bool_:
        raise WrongShape("There must be one flag for each product, whether it is inside.")
    if not within[node]:
        raise OutOfBounds("The product itself is outside the boundary; put it inside.", [node])
    nodes = np.flatnonzero(within)
    part = part_of(equations, nodes)
    amount = equations.amount[part.link]
    inner = Equations(len(nodes), part.consumer, part.supplier, amount, np.zeros((len(nodes), 0)))
    with named(nodes):
        needed = activity(inner, [int(np.searchsorted(nodes, node))])
    reached, made = nodes[needed.reached], needed.made[:, 0]
    emitted = made[:, None] * equations.direct[reached]
    link = links_of(equations, reached)
    link = link[~within[equations.supplier[link]]]
    taken = made[np.searchsorted(reached, equations.consumer[link])] * equations.amount[link]
    entering = taken[:, None] * intensity[equations.supplier[link]]
    check_closed(node, np.concatenate([emitted, entering]), total)
    return Entries(node, total, reached, made, emitted, link, entering)


def check_closed(node: int, parts: Floats, total: Floats) -> None:
    """Raise NotClosed unless the parts add up to the total: (k, m), (m,).

    Units    any, one per column
    Errors   NotClosed beyond 1e-9 of the summed absolute parts
    """
    size = np.abs(parts).sum(axis=0) + np.abs(total)
    gap = np.abs(parts.sum(axis=0) - total) / np.where(size > 0.0, size, 1.0)
    worst = float(np.max(gap, initial=0.0))
    if not worst <= CLOSING:
        raise NotClosed(node, worst)


def _total(equations: Equations, intensity: Floats, node: int) -> Floats:
    as_nodes([node], equations.n)
    total = np.array(intensity[node])
    if not np.isfinite(total).all():
        raise NonFinite("intensity of product", [node])
    return total


def _labels(given: ArrayLike, count: int, places: Ints) -> Ints:
    """The labels at these places, if there is one for each and they are whole numbers below ``count``."""
    label = np.asarray(given)
    if label.ndim != 1 or len(label) <= places.max(initial=-1):
        raise WrongShape("There must be one label for each product, or for each link.")
    chosen = label[places]
    if chosen.size and (chosen.dtype.kind not in "iub" or chosen.min() < 0 or chosen.max() >= count):
        raise WrongShape(f"Labels must be whole numbers from 0 to {count - 1}.")
    return chosen.astype(np.int64)
