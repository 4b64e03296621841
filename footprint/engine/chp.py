"""Heat and power from one fuel: what each of them carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from footprint.engine.equations import Floats
from footprint.engine.errors import NoBasis, OutOfBounds


class Cogeneration(StrEnum):
    """By what the burden of a combined heat and power plant is split."""

    EFFICIENCY = "efficiency"
    EXERGY = "exergy"
    ENERGY = "energy"
    HEAT_FIRST = "heat first"
    POWER_FIRST = "power first"


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
    """Thermodynamic mean temperature at which the heat is delivered."""
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


def _by_efficiency(plant: CombinedPlant) -> tuple[float, float]:
    heat = plant.heat_mj / _efficiency(plant.reference_heat, "reference efficiency of heat")
    return heat, plant.power_mj / _efficiency(plant.reference_power, "reference efficiency of power")


def _by_exergy(plant: CombinedPlant) -> tuple[float, float]:
    if plant.heat_kelvin is None or plant.ambient_kelvin is None:
        raise NoBasis("exergy")
    if not 0.0 < plant.ambient_kelvin < plant.heat_kelvin:
        raise OutOfBounds("Heat is delivered above the ambient temperature, both in kelvin.")
    return plant.heat_mj * (1.0 - plant.ambient_kelvin / plant.heat_kelvin), plant.power_mj


def _heat_first(plant: CombinedPlant) -> tuple[float, float]:
    heat = plant.heat_mj / _efficiency(plant.boiler, "efficiency of a boiler")
    return heat, plant.fuel_mj - heat


def _power_first(plant: CombinedPlant) -> tuple[float, float]:
    power = plant.power_mj / _efficiency(plant.condensing, "efficiency of a condensing plant")
    return plant.fuel_mj - power, power


def _efficiency(value: float | None, what: str) -> float:
    if value is None:
        raise NoBasis(what)
    if not 0.0 < value <= 1.5:
        raise OutOfBounds(f"The {what} lies between 0 and 1; heat of condensation may bring it above.")
    return value


_WEIGHTS: dict[Cogeneration, Callable[[CombinedPlant], tuple[float, float]]] = {
    Cogeneration.EFFICIENCY: _by_efficiency,
    Cogeneration.EXERGY: _by_exergy,
    Cogeneration.ENERGY: lambda plant: (plant.heat_mj, plant.power_mj),
    Cogeneration.HEAT_FIRST: _heat_first,
    Cogeneration.POWER_FIRST: _power_first,
}
