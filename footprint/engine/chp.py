"""Heat and power from one fuel: what each of them carries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footprint.engine.equations import Floats
from footprint.engine.errors import NoBasis, OutOfBounds

HIGHEST_EFFICIENCY = 1.5
"""Related to the lower heating value, heat of condensation brings a boiler above 1."""
ZERO_CELSIUS_KELVIN = 273.15
EFFICIENCY_BOUNDS = "A reference efficiency lies between 0 and 1; heat of condensation may bring it above."


@dataclass(frozen=True, eq=False)
class Carriers:
    """What one plant puts out: as many heats and powers as it has.

    Shapes   energy_mj, is_heat, reference, kelvin: (n,); NaN where unknown; the temperature of power is
             not looked at
    Units    energy: MJ; reference: efficiency of separate production, dimensionless; temperatures: K
    """

    energy_mj: Floats
    is_heat: NDArray[np.bool_]
    reference: Floats
    kelvin: Floats
    """Thermodynamic mean temperature at which the heat is delivered."""
    ambient_kelvin: float = float("nan")


def fuel_equivalent(carriers: Carriers) -> Floats:
    """The fuel that separate production of each heat and power would need: the efficiency method.

    Shapes   (n,)
    Units    MJ of fuel
    Errors   NoBasis where a reference is unknown, naming which; OutOfBounds for an impossible one
    Source   WRI/WBCSD, Allocation of GHG Emissions from a CHP Plant, v1.0 (2006): efficiency method
    """
    unknown = np.isnan(carriers.reference)
    if unknown.any():
        raise NoBasis("reference efficiency", np.flatnonzero(unknown))
    if not ((carriers.reference > 0.0) & (carriers.reference <= HIGHEST_EFFICIENCY)).all():
        raise OutOfBounds(EFFICIENCY_BOUNDS)
    return np.asarray(carriers.energy_mj / carriers.reference)


def exergy(carriers: Carriers) -> Floats:
    """The work that each heat could do, and power as it is: the exergy method.

    Shapes   (n,)
    Units    MJ of work
    Errors   NoBasis where the temperature of a heat, or of the surroundings, is unknown; OutOfBounds
             where heat is not warmer than the surroundings
    Source   WRI/WBCSD, as above: work potential method; Carnot factor 1 - T0 / Tm
    """
    unknown = carriers.is_heat & (np.isnan(carriers.kelvin) | np.isnan(carriers.ambient_kelvin))
    if unknown.any():
        raise NoBasis("temperature of heat", np.flatnonzero(unknown))
    kelvin = np.where(carriers.is_heat, carriers.kelvin, np.inf)
    ambient = carriers.ambient_kelvin if carriers.is_heat.any() else 0.0
    if (kelvin <= ambient).any() or ambient < 0.0:
        raise OutOfBounds("Heat is delivered above the ambient temperature, both in kelvin.")
    return np.asarray(carriers.energy_mj * (1.0 - ambient / kelvin))
