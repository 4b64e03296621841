"""Which decimal numbers can be meant, and how people type them. Pure."""

from __future__ import annotations

from decimal import Decimal

DIGITS = 40
LOWEST_POWER = -40
WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " "}


def is_too_fine(number: Decimal) -> bool:
    """Whether it has more digits than anybody knows, or begins more than forty places behind the point.

    Nought too: 0e-9999999 is written out with all its places wherever every digit is shown.
    """
    return len(number.as_tuple().digits) > DIGITS or number.adjusted() < LOWEST_POWER


def half_width(text: str) -> str:
    """Full-width signs as the plain ones: "１，２３４．５" is "1,234.5".

    Nothing else: to fold all that looks alike would make 103 of "10³".
    """
    return text.translate(WIDE)
