"""Compile every loop once, so that the first real request does not wait for it."""

from __future__ import annotations

import numpy as np

from footprint.engine.equations import Equations
from footprint.engine.network import Network
from footprint.engine.score import weigh
from footprint.engine.solve import solve
from footprint.engine.substitution import DENSE_LIMIT
from footprint.engine.tree import provider_tree


def warm() -> None:
    """Solve and unfold a small network with a chain, a dense and a swept loop; call at worker start.

    Sampling is left out: it is compiled when it is first used. Takes some ten seconds when nothing is
    cached, and about one when it is.
    """
    ring = np.arange(DENSE_LIMIT + 1)
    consumer = np.concatenate([ring, [49, 50, 51, 52]])
    supplier = np.concatenate([np.roll(ring, 1), [50, 49, 50, 51]])
    equations = Equations(53, consumer, supplier, np.full(53, 0.1), np.ones((53, 1)))
    provider_tree(weigh(equations, solve(equations).intensity), 52)
    network = Network(equations)
    for amount in (0.2, 0.0):
        network.update(edges=([50], [51], [amount]))
