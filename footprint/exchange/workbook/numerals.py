"""Numbers that people typed as text: what can be read in one way only is read, the rest is refused. Pure."""

from __future__ import annotations

import re
from decimal import Context, Decimal

from accounts.decimals import half_width

DIGITS = 15
"""What a spreadsheet keeps of a number."""
SHORT = Context(prec=DIGITS)
SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")
LONGEST = 120

PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")
GROUP = r"\d{1,3}"
GROUPED = {
    ",": re.compile(rf"[+-]?{GROUP}(,\d{{3}})+(\.\d+)?"),
    ".": re.compile(rf"[+-]?{GROUP}(\.\d{{3}})+(,\d+)?"),
    " ": re.compile(rf"[+-]?{GROUP}( \d{{3}})+([.,]\d+)?"),
    "'": re.compile(rf"[+-]?{GROUP}('\d{{3}})+(\.\d+)?"),
}


class NoNumber(ValueError):
    """The text is no number."""


class TwoNumbers(ValueError):
    """The text is one number to some and another one to others."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} or {second}")
        self.first, self.second = first, second


def number_from(text: str) -> Decimal:
    """The number a text is.

    Full-width digits, thousands in groups and decimal commas are understood where only one reading is left:
    "１，２３４．５" and "1.234,5" are 1234.5, "0,5" is 0.5. A point alone is the decimal point, as everywhere
    in this product; of "1,234" nobody knows.

    Raises:
        NoNumber, TwoNumbers.
    """
    written = _spelled_plainly(text)
    if len(written) > LONGEST:
        raise NoNumber(text)
    if PLAIN.fullmatch(written):
        return Decimal(written)
    if DECIMAL_COMMA.fullmatch(written):
        return _with_a_comma(written)
    for mark, grouped in GROUPED.items():
        if grouped.fullmatch(written):
            return Decimal(written.replace(mark, "").replace(",", "."))
    raise NoNumber(text)


def shown(number: Decimal) -> str:
    """Every digit, no exponent, no noughts at the end: one number, one text."""
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def short(text: str) -> str:
    """What a spreadsheet keeps of a number shown like this; other text as it is."""
    if len(text) <= DIGITS:
        return text
    try:
        return shown(SHORT.create_decimal(text))
    except ArithmeticError:
        return text


def _spelled_plainly(text: str) -> str:
    folded = half_width(text).strip()
    folded = folded.replace("−", "-").replace("’", "'").replace("、", ",")
    return SPACES.sub(" ", folded)


def _with_a_comma(written: str) -> Decimal:
    whole, _comma, rest = written.partition(",")
    digits = whole.lstrip("+-")
    # three digits after one to three others may be thousands; a leading nought is none
    if len(rest) == 3 and 1 <= len(digits) <= 3 and not digits.startswith("0"):
        raise TwoNumbers(f"{whole}{rest}", f"{whole}.{rest}")
    return Decimal(f"{whole}.{rest}")
