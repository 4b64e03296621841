"""The gap between one's own figure and a released median, split into its causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from footprint.engine.disclosure.parts import ENERGY_MJ, Part
from footprint.engine.errors import NonFinite, NotClosed

CLOSING = 1e-9
NOISE = 1e-12
"""Of the figures: what is left of adding them up in another order, and no cause."""
HARDLY = 1e-3
"""Of the usual energy: who counts less buys none that its carbon could be divided by."""


class Cause(StrEnum):
    """Why a figure is not the median. ``ENERGY`` stands for the two after it where nobody counted MJ."""

    FEED = "feed"
    ENERGY = "energy"
    ENERGY_INTENSITY = "energy_intensity"
    ENERGY_CARBON = "energy_carbon"
    CHEMISTRY = "chemistry"
    ALLOCATION = "allocation"
    REST = "rest"
    REMAINDER = "remainder"
    """What own parts lack of the own figure."""


@dataclass(frozen=True)
class Gap:
    """kg CO2e per unit: ``causes`` sum to own less median."""

    own: float
    median: float
    causes: Mapping[Cause, float]

    @property
    def total(self) -> float:
        """Own less median."""
        return self.own - self.median

    @property
    def largest(self) -> Cause | None:
        """What costs most against the others; nothing where no cause does."""
        rising = {cause: kg for cause, kg in self.causes.items() if kg > 0 and cause is not Cause.REMAINDER}
        return max(rising, key=lambda cause: rising[cause]) if rising else None


def gap(own: float, parts: Mapping[str, float], median: float, told: Mapping[str, float]) -> Gap:
    """Split the gap by the parts of both figures.

    Where both count their energy, its part is that of how much of it is used, at the mean of both carbon
    intensities, and that of how much carbon it carries, at the mean of both amounts.

    Shapes   part -> value, each; ``ENERGY_MJ`` may be missing from either
    Units    kg CO2e per unit, ``ENERGY_MJ`` in MJ per unit
    Errors   NonFinite; NotClosed when the told parts do not sum to the median
    Source   the mean of both orders of exchange of two factors, which leaves no remainder (Shapley 1953)
    """
    if not np.isfinite([own, median, *parts.values(), *told.values()]).all():
        raise NonFinite("part of a figure")
    lacking = abs(sum(told[part] for part in Part) - median)
    if lacking > CLOSING * sum(abs(told[part]) for part in Part):
        raise NotClosed(0, lacking)
    causes: dict[Cause, float] = {}
    for part in Part:
        difference = parts[part] - told[part]
        if part is Part.ENERGY:
            causes |= _energy(difference, parts, told)
        else:
            causes[Cause(part.value)] = difference
    causes[Cause.REMAINDER] = own - sum(parts[part] for part in Part)
    noise = NOISE * max(abs(own), abs(median))
    return Gap(own, median, {cause: kg if abs(kg) > noise else 0.0 for cause, kg in causes.items()})


def _energy(difference: float, parts: Mapping[str, float], told: Mapping[str, float]) -> dict[Cause, float]:
    used, usual = parts.get(ENERGY_MJ, 0.0), told.get(ENERGY_MJ, 0.0)
    if usual <= 0 or used <= HARDLY * usual:
        return {Cause.ENERGY: difference}
    carbon, usual_carbon = parts[Part.ENERGY] / used, told[Part.ENERGY] / usual
    return {
        Cause.ENERGY_INTENSITY: (used - usual) * (carbon + usual_carbon) / 2.0,
        Cause.ENERGY_CARBON: (carbon - usual_carbon) * (used + usual) / 2.0,
    }
