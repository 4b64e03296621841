"""From masses of gases to kg CO2e."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Floats
from footprint.engine.errors import NotCharacterised, WrongShape


def characterise(mass_kg: Floats, gwp: ArrayLike, *, tolerant: bool = False) -> Floats:
    """Weigh masses of gases by their warming potential.

    Columns are added in their order, so that one row alone gives the same bits as all rows.

    Shapes   mass_kg: (n, m), a row NaN where a product was refused; gwp: (m,) or (m, sets);
             result: (n,) or (n, sets)
    Units    gwp: kg CO2e per kg, NaN where the set has no value; result: kg CO2e
    Errors   NotCharacterised when a gas occurs that a set has no value for, unless tolerant: then
             NaN for that row and set; WrongShape
    Source   ISO 14067:2018, impact assessment: GWP over 100 years of the IPCC report chosen
    """
    factor = np.array(gwp, dtype=np.float64)
    mass = np.asarray(mass_kg, dtype=np.float64)
    if factor.ndim not in (1, 2) or mass.ndim != 2 or mass.shape[1] != len(factor):
        raise WrongShape(f"There are {mass.shape[-1]} columns of gases and {len(factor)} factors.")
    table = factor if factor.ndim == 2 else factor[:, None]
    unknown = ~np.isfinite(table).all(axis=1)
    occurring = (np.nan_to_num(mass) != 0.0).any(axis=0)
    if not tolerant and (unknown & occurring).any():
        raise NotCharacterised(np.flatnonzero(unknown & occurring))
    total = np.zeros((len(mass), table.shape[1]))
    for column in range(len(table)):
        amount = mass[:, column, None]
        total += np.where(amount == 0.0, 0.0, amount * table[column])
    return total.reshape((len(mass), *factor.shape[1:]))
