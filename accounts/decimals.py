"""Which decimal numbers can be meant. Pure."""

from __future__ import annotations

from decimal import Decimal

DIGITS = 40
LOWEST_POWER = -40


def is_too_fine(number: Decimal) -> bool:
    """Whether it has more digits than anybody knows, or begins more than forty places behind the point.

    Nought too: 0e-9999999 is written out with all its places wherever every digit is shown.
    """
    return len(number.as_tuple().digits) > DIGITS or number.adjusted() < LOWEST_POWER
