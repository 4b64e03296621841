"""What the columns of a result are, by gas and origin."""

from __future__ import annotations

from enum import IntEnum


class Position(IntEnum):
    """Positions A to H as TfS counts them, and one more; what is taken out of the air is negative."""

    FOSSIL = 0
    TECHNOLOGICAL_REMOVAL = 1
    BIOGENIC_OTHER = 2
    """Methane and nitrous oxide of biogenic origin."""
    BIOGENIC_UPTAKE = 3
    LAND_USE_CHANGE = 4
    LAND_MANAGEMENT = 5
    LAND_REMOVAL = 6
    AIRCRAFT = 7
    BIOGENIC_RELEASE = 8
    """Carbon dioxide of biogenic origin given off again: in no total of TfS, counted where a rule says so."""
