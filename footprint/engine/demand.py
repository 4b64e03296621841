"""How much of every product one unit of one product needs, all stages together: the reverse pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from footprint.engine.network import Floats, Ints, Network, as_nodes
from footprint.engine.plan import closure
from footprint.engine.solve import solve


@dataclass(frozen=True, eq=False)
class Demand:
    """What one unit of ``node`` needs, itself included.

    Shapes   node: the product; product: (k,) all products upstream of it, ascending; amount: (k,)
    Units    amount: units of the product per unit of ``node``
    """

    node: int
    product: Ints
    amount: Floats


def demand(network: Network, node: int) -> Demand:
    """Solve the transposed equations of the part of the network that lies upstream of a product.

    The intensity of the product is the sum of amount x direct burden, and the amount is the
    sensitivity of the product's figure to one more kg emitted per unit of each product upstream.

    Shapes   see ``Demand``
    Units    see ``Demand``
    Errors   OutOfRange; NotProductive, SingularNetwork, NonFinite for a refused loop upstream
    Source   adjoint of y = e + Z'y
    """
    as_nodes([node], network.n)
    product = closure(network.suppliers, [node])
    place = np.full(network.n, -1)
    place[product] = np.arange(len(product))
    inside = place[network.consumer] >= 0
    unit = (product == node).astype(np.float64)[:, None]
    upstream = Network(
        len(product),
        place[network.supplier[inside]],
        place[network.consumer[inside]],
        network.amount[inside],
        unit,
    )
    amount = solve(upstream, certify=False).intensity[:, 0]
    return Demand(node, product, amount)
