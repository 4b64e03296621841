"""Where a figure lies against a band of a rule. Pure: no rows."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from footprint.rules.document.content import Band


class Place(StrEnum):
    """Below, within or above; the ends of a band belong to it, and an open end holds everything."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


def place(band: Band, figure: Decimal) -> Place:
    """Where ``figure`` lies, in the unit of the band."""
    if band.low is not None and figure < band.low:
        return Place.BELOW
    if band.high is not None and figure > band.high:
        return Place.ABOVE
    return Place.WITHIN
