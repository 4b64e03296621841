"""A solved network under one weighing of its columns: every burden one number, kg CO2e."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.characterise import characterise
from footprint.engine.errors import NonFinite, WrongShape
from footprint.engine.network import Floats, Network, as_nodes


@dataclass(frozen=True, eq=False)
class Scored:
    """Products, links, and one figure for each product.

    Shapes   direct, score: (n,); NaN where a product was refused or a gas has no factor
    Units    kg CO2e per unit of product, emitted by itself and altogether
    """

    network: Network
    direct: Floats
    score: Floats

    def of(self, node: int) -> float:
        """The figure of one product.

        Raises:
            OutOfRange, NonFinite.
        """
        as_nodes([node], self.network.n)
        value = float(self.score[node])
        if not np.isfinite(value):
            raise NonFinite("intensity of product", [node])
        return value


def weigh(network: Network, intensity: ArrayLike, weights: ArrayLike = (1.0,)) -> Scored:
    """Weigh the columns of a solved network.

    A gas without a factor makes only those products NaN that it occurs in.

    Shapes   intensity: (n, m); weights: (m,)
    Units    weights: kg CO2e per unit of each column, NaN where unknown; 1 for a column of kg CO2e
    Errors   WrongShape
    Source   ISO 14067:2018, impact assessment: GWP over 100 years of the IPCC report chosen
    """
    rows = np.asarray(intensity, dtype=np.float64)
    if rows.shape != network.direct.shape or np.ndim(weights) != 1:
        raise WrongShape("There must be one intensity per product and column, and one weight per column.")
    direct = characterise(network.direct, weights, tolerant=True)
    return Scored(network, direct, characterise(rows, weights, tolerant=True))
