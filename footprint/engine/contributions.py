"""Where the intensity of one product comes from: itself, and each of its direct suppliers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from footprint.engine.equations import Equations, Floats, Ints, as_nodes
from footprint.engine.errors import NonFinite, NotClosed

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


def contributions(equations: Equations, intensity: Floats, node: int) -> Contributions:
    """Take the intensity of one product apart into what it emits and what each supplier brings.

    A product that takes from itself is its own supplier; a credit contributes negatively.

    Shapes   intensity: (n, m); see ``Contributions``
    Units    see ``Contributions``
    Errors   NonFinite where the product was refused; NotClosed beyond 1e-9 of the summed absolute
             parts, as when the intensities belong to another network; OutOfRange
    Source   y_j = e_j + sum of z_ij y_i
    """
    as_nodes([node], equations.n)
    total = np.array(intensity[node])
    if not np.isfinite(total).all():
        raise NonFinite("intensity of product", [node])
    links = equations.links_of(node)
    supplier, amount = equations.supplier[links], equations.amount[links]
    through = amount[:, None] * intensity[supplier]
    direct = equations.direct[node]
    size = np.abs(direct) + np.abs(through).sum(axis=0) + np.abs(total)
    gap = np.abs(direct + through.sum(axis=0) - total) / np.where(size > 0.0, size, 1.0)
    worst = float(np.max(gap, initial=0.0))
    if not worst <= CLOSING:
        raise NotClosed(node, worst)
    return Contributions(node, total, direct, supplier, amount, through)
