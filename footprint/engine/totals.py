"""The positions of a footprint and its two totals, in exact decimals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import IntEnum

from footprint.engine.errors import NegativeResult, NonFinite, OutOfBounds

DIGITS = 200
"""Digits in which sums are formed: more than stored decimals have, so that nothing is rounded."""


class Position(IntEnum):
    """What a column of results is, by gas and origin; A to H as TfS counts them."""

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


NOT_ABOVE_ZERO = (Position.TECHNOLOGICAL_REMOVAL, Position.BIOGENIC_UPTAKE, Position.LAND_REMOVAL)
"""What is taken out of the air is stored as a negative amount."""


@dataclass(frozen=True)
class Totals:
    """Footprint with and without biogenic uptake: their difference is the uptake, to the last digit."""

    including: Decimal
    excluding: Decimal
    uptake: Decimal


def totals(
    positions: Mapping[Position, Decimal], *, release: bool = False, negative_allowed: bool = False
) -> Totals:
    """Add up positions; one that is not given is zero.

    Shapes   one amount per position
    Units    kg CO2e per declared unit
    Errors   NonFinite; OutOfBounds for a removal above zero; NegativeResult when the total without
             uptake is negative, unless allowed
    Source   TfS positions A to H: T1 is their sum, T2 the same without D; T1 - T2 = D
    """
    for position, amount in positions.items():
        if not amount.is_finite():
            raise NonFinite("position", [position])
        if position in NOT_ABOVE_ZERO and amount > 0:
            raise OutOfBounds("Removals and uptake are negative amounts.", [position])
    with localcontext() as exact:
        exact.prec = DIGITS
        uptake = positions.get(Position.BIOGENIC_UPTAKE, Decimal(0))
        skipped = {Position.BIOGENIC_UPTAKE} | (set() if release else {Position.BIOGENIC_RELEASE})
        excluding = sum((amount for one, amount in positions.items() if one not in skipped), Decimal(0))
        if excluding < 0 and not negative_allowed:
            raise NegativeResult("total without biogenic uptake")
        return Totals(excluding + uptake, excluding, uptake)
