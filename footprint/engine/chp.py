"""Heat and power from one fuel: what each of them carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from footprint.engine.equations import Floats
from footprint.engine.errors import NoBasis, OutOfBounds

HIGHEST_EFFICIENCY = 1.5
"""Related to the lower heating value, heat of condensation brings a boiler above 1."""
ZERO_CELSIUS_KELVIN = 273.15


class Cogeneration(StrEnum):
    """By what the burden of a combined heat and power plant is split."""

    EFFICIENCY = "efficiency"
    EXERGY = "exergy"
    ENERGY = "energy"
    HEAT_FIRST = "heat first"
    POWER_FIRST = "power first"


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


@dataclass(frozen=True)
class CombinedPlant:
    """One plant in one period, and the efficiencies it is measured by.

    None of the references has a default: the ones of the EU rules at hand are from memory and
    unverified, so a rule has to bring them.

    Shapes   one number each, None where unknown
    Units    fuel, heat, power: MJ (LHV); temperatures: K; efficiencies: dimensionless, of separate
             production: ``reference_*`` for the efficiency method, ``boiler`` for heat first,
             ``condensing`` for power first
    """

    fuel_mj: float
    heat_mj: float
    power_mj: float
    heat_kelvin: float | None = None
    ambient_kelvin: float | None = None
    reference_heat: float | None = None
    reference_power: float | None = None
    boiler: float | None = None
    condensing: float | None = None


@dataclass(frozen=True, eq=False)
class CogenerationBand:
    """Shares of heat and power by every method that applies.

    Shapes   shares: (k, 2) heat, power; low, high: (2,)
    Units    dimensionless
    """

    methods: tuple[Cogeneration, ...]
    shares: Floats
    low: Floats
    high: Floats


def heat_and_power(plant: CombinedPlant, by: Cogeneration) -> Floats:
    """Shares of heat and of power in the burden of the plant.

    efficiency   (H / ref_H) : (P / ref_P)
    exergy       H (1 - T0 / Tm) : P
    energy       H : P
    heat first   heat carries the fuel a boiler would need, power the rest
    power first  power carries the fuel a condensing plant would need, heat the rest

    Shapes   (2,) heat, power, summing to 1
    Units    dimensionless
    Errors   NoBasis when what the method needs is unknown, or heat and power are both zero; OutOfBounds
             for impossible inputs, or when separate production would take more than all the fuel
    Source   WRI/WBCSD, Allocation of GHG Emissions from a CHP Plant, v1.0 (2006): efficiency, work
             potential and energy content; the other two by definition
    """
    if not (np.isfinite([plant.fuel_mj, plant.heat_mj, plant.power_mj]).all() and plant.fuel_mj > 0.0):
        raise NoBasis(by)
    if plant.heat_mj < 0.0 or plant.power_mj < 0.0:
        raise OutOfBounds("Heat and power cannot be negative.")
    heat, power = _WEIGHTS[by](plant)
    if heat < 0.0 or power < 0.0:
        raise OutOfBounds(f"By {by}, separate production would take more than all the fuel.")
    if heat + power <= 0.0:
        raise NoBasis(by)
    return np.array([heat, power]) / (heat + power)


def cogeneration_band(plant: CombinedPlant) -> CogenerationBand:
    """The shares by every method for which enough is known.

    Shapes   see ``CogenerationBand``
    Units    dimensionless
    Errors   NoBasis when no method applies
    Source   as ``heat_and_power``; the spread between methods is about a factor of two
    """
    found: dict[Cogeneration, Floats] = {}
    for method in Cogeneration:
        try:
            found[method] = heat_and_power(plant, method)
        except (NoBasis, OutOfBounds):
            continue
    if not found:
        raise NoBasis("any method")
    shares = np.array(list(found.values()))
    return CogenerationBand(tuple(found), shares, shares.min(axis=0), shares.max(axis=0))


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
        raise OutOfBounds(_EFFICIENCY.format("reference efficiency"))
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


def _both(plant: CombinedPlant) -> Carriers:
    """Heat and power of a plant that puts out one of each."""
    known = [plant.reference_heat, plant.reference_power, plant.heat_kelvin, plant.ambient_kelvin]
    heat, power, kelvin, ambient = (float("nan") if value is None else value for value in known)
    return Carriers(
        np.array([plant.heat_mj, plant.power_mj]), np.array([True, False]),
        np.array([heat, power]), np.array([kelvin, float("nan")]), ambient,
    )  # fmt: skip


def _by_efficiency(plant: CombinedPlant) -> tuple[float, float]:
    heat, power = fuel_equivalent(_both(plant)).tolist()
    return heat, power


def _by_exergy(plant: CombinedPlant) -> tuple[float, float]:
    heat, power = exergy(_both(plant)).tolist()
    return heat, power


def _heat_first(plant: CombinedPlant) -> tuple[float, float]:
    heat = plant.heat_mj / _efficiency(plant.boiler, "efficiency of a boiler")
    return heat, plant.fuel_mj - heat


def _power_first(plant: CombinedPlant) -> tuple[float, float]:
    power = plant.power_mj / _efficiency(plant.condensing, "efficiency of a condensing plant")
    return plant.fuel_mj - power, power


def _efficiency(value: float | None, what: str) -> float:
    if value is None:
        raise NoBasis(what)
    if not 0.0 < value <= HIGHEST_EFFICIENCY:
        raise OutOfBounds(_EFFICIENCY.format(what))
    return value


_EFFICIENCY = "The {} lies between 0 and 1; heat of condensation may bring it above."

_WEIGHTS: dict[Cogeneration, Callable[[CombinedPlant], tuple[float, float]]] = {
    Cogeneration.EFFICIENCY: _by_efficiency,
    Cogeneration.EXERGY: _by_exergy,
    Cogeneration.ENERGY: lambda plant: (plant.heat_mj, plant.power_mj),
    Cogeneration.HEAT_FIRST: _heat_first,
    Cogeneration.POWER_FIRST: _power_first,
}
