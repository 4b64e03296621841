"""Amounts and units as people enter them: what is accepted, and whether a unit suits a thing. No rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from accounts.decimals import DIGITS, half_width, is_too_fine
from accounts.errors import Refusal
from factors import units
from factors.units import Dimension

T = TypeVar("T")
NUMBERS = (Decimal, int, float, str)
"""No union: to ask whether a value is of one takes twice as long."""

LARGEST = Decimal("1e15")
SCORES = range(1, 6)
WIDEST = 1000
LONGEST_ENTRY = 80
BEST_BOILER = Decimal("1.5")
"""Heat of condensation lifts a boiler above 1."""
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
SPACED = re.compile(r"[+-]?\d{1,3}( \d{3})+(\.\d+)?")
SPACES = re.compile(r"[\u00a0\u2009\u202f]")
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,6})?", re.ASCII)


@dataclass(frozen=True)
class Nature:
    """What else one declared unit of a product is."""

    unit: str
    conversions: Mapping[str, Any]
    has_lhv: bool = False

    @property
    def dimensions(self) -> frozenset[Dimension]:
        """Everything the product can be measured in."""
        known = {units.dimension(code) for code in (self.unit, *self.conversions)}
        return frozenset(known | ({Dimension.ENERGY} if self.has_lhv else set()))


def number(value: object, *, field: str) -> Decimal:
    """A finite number of a size and precision that can be meant.

    Text may group thousands by commas or spaces ("1,234.5"); a comma is never a decimal point. Full-width
    signs are read like plain ones.

    Raises:
        Refusal: not_a_number, not_finite, absurd.
    """
    if isinstance(value, bool) or not isinstance(value, NUMBERS):
        raise Refusal(_("Enter a number, for example 1250.5."), field=field, code="not_a_number")
    amount = _parsed(value, field) if isinstance(value, str) else Decimal(str(value))
    if not amount.is_finite():
        raise Refusal(_("Enter a finite number."), field=field, code="not_finite")
    if abs(amount) > LARGEST:
        message = _("This is larger than 10¹⁵. Check the number, or choose a larger unit.")
        raise Refusal(message, field=field, code="absurd_amount")
    if is_too_fine(amount):
        message = _("This has more than %(digits)d digits. Enter the digits that are known.")
        raise Refusal(message % {"digits": DIGITS}, field=field, code="absurd_amount")
    return amount


def amount(value: object, *, field: str = "amount") -> Decimal:
    """An amount: a number of nought or more.

    Raises:
        Refusal: as ``number``, or negative.
    """
    found = number(value, field=field)
    if found < 0:
        message = _("An amount must not be negative. Enter a credit as a line marked “avoided”.")
        raise Refusal(message, field=field, code="negative_amount")
    return found


def price(value: object, *, field: str = "price") -> Decimal:
    """A price: a number of nought or more, for what is without value has a price of nought.

    Raises:
        Refusal: as ``number``, or negative.
    """
    found = number(value, field=field)
    if found < 0:
        message = _(
            "A price must not be negative. Enter 0 for a co-product without value; an output that somebody "
            "is paid to take is waste."
        )
        raise Refusal(message, field=field, code="negative_price")
    return found


def positive(value: object, *, field: str) -> Decimal:
    """A number above nought. Raises Refusal."""
    found = number(value, field=field)
    if found <= 0:
        raise Refusal(_("Enter a number greater than 0."), field=field, code="not_positive")
    return found


def with_unit(text: str) -> tuple[str, str]:
    """A number and the unit that was typed behind it, if one was: "1.2 万Nm3" is 1.2 and "1e4 Nm3".

    A word that is no unit comes back as the unit, and what does not begin with a number as it is: whoever
    reads them refuses them.
    """
    text = half_width(text)
    unknown = (text, "")
    for at in range(1, len(text) + 1 if len(text) <= LONGEST_ENTRY else 0):
        head, tail = text[:at].strip(), text[at:].strip()
        number_of = head.replace(",", "") if GROUPED.fullmatch(head) else head
        if tail and PLAIN.fullmatch(number_of):
            if code := _known_unit(tail):
                return number_of, code
            if tail[0].isalpha():
                unknown = (number_of, tail)
    return unknown


def maybe(read: Callable[..., T], value: object, *, field: str) -> T | None:
    """What ``read`` makes of a value; nothing where nothing was entered. Raises Refusal."""
    return None if value is None or value == "" else read(value, field=field)


def fraction(value: object, *, field: str) -> Decimal:
    """A number between 0 and 1.

    Raises:
        Refusal: as ``number``, or not_a_fraction.
    """
    found = number(value, field=field)
    if not 0 <= found <= 1:
        message = _("This is a fraction between 0 and 1; write 85.6 percent as 0.856.")
        raise Refusal(message, field=field, code="not_a_fraction")
    return found


def efficiency(value: object, *, field: str) -> Decimal:
    """An efficiency of the lower heating value: above 0, and little above 1. Raises Refusal."""
    found = number(value, field=field)
    if not 0 < found <= BEST_BOILER:
        message = _("An efficiency lies between 0 and 1; write 90 percent as 0.9.")
        raise Refusal(message, field=field, code="not_an_efficiency")
    return found


def celsius(value: object, *, field: str, lowest: int, highest: int) -> Decimal:
    """A temperature. Raises Refusal."""
    found = number(value, field=field)
    if not lowest <= found <= highest:
        message = _("Enter a temperature between %(lowest)d and %(highest)d °C.")
        words = {"lowest": lowest, "highest": highest}
        raise Refusal(message % words, field=field, code="absurd_temperature")
    return found


def score(value: object, *, field: str) -> int:
    """A whole number from 1 (best) to 5 (worst). Raises Refusal."""
    found = number(value, field=field)
    if found not in SCORES:
        message = _("A score is a whole number from 1 (best) to 5 (worst).")
        raise Refusal(message, field=field, code="not_a_score")
    return int(found)


def spread(value: object, *, field: str) -> Decimal:
    """A squared geometric standard deviation. Raises Refusal."""
    found = number(value, field=field)
    if not 1 <= found <= WIDEST:
        message = _(
            "GSD² is a factor of at least 1, for example 1.05: 95 of 100 values lie between the amount "
            "divided by it and times it."
        )
        raise Refusal(message, field=field, code="not_a_spread")
    return found


def unit(value: object, *, field: str = "unit") -> str:
    """The code under which the unit is stored.

    Raises:
        Refusal: required, unknown_unit.
    """
    if isinstance(value, str) and not value.strip():
        raise Refusal(_("This must not be empty."), field=field, code="required")
    try:
        return units.canonical(value) if isinstance(value, str) else _no_unit(value)
    except units.UnknownUnit as error:
        message = _(
            "The unit “%(unit)s” is not known. Choose one from the list, for example kg, t, MJ, kWh, Nm3."
        )
        raise Refusal(message % {"unit": str(value)[:40]}, field=field, code="unknown_unit") from error


def conversions(value: object, declared: str, *, field: str = "conversions") -> dict[str, str]:
    """How much of other units one declared unit is, under their stored codes.

    Raises:
        Refusal: no mapping, an unknown unit, no positive number, or two ways to say the same.
    """
    if not isinstance(value, Mapping):
        raise Refusal(_("Enter conversions as unit and number."), field=field, code="not_a_mapping")
    found: dict[str, str] = {}
    taken = {units.dimension(declared)}
    for name, per_declared in value.items():
        code = unit(name, field=field)
        if units.dimension(code) in taken:
            message = _("“%(unit)s” converts already; one conversion for each kind of quantity is enough.")
            raise Refusal(message % {"unit": code}, field=field, code="duplicate_conversion")
        taken.add(units.dimension(code))
        found[code] = format(positive(per_declared, field=field), "f")
    return found


def converts(from_unit: str, to_unit: str, nature: Nature | None = None) -> bool:
    """Whether an amount of a thing in one unit can be stated in the other, by what one unit of it is."""
    first, second = units.dimension(from_unit), units.dimension(to_unit)
    return first is second or (nature is not None and {first, second} <= nature.dimensions)


def _parsed(value: str, field: str) -> Decimal:
    written = SPACES.sub(" ", half_width(value).strip()).replace("−", "-")
    if written.lower().lstrip("+-") in ("inf", "infinity", "nan", "∞"):
        raise Refusal(_("Enter a finite number."), field=field, code="not_finite")
    if GROUPED.fullmatch(written) or SPACED.fullmatch(written):
        written = written.replace(",", "").replace(" ", "")
    try:
        if PLAIN.fullmatch(written) and len(written) <= 400:
            return Decimal(written)
    except InvalidOperation:
        pass
    message = _("“%(value)s” is not a number. Write it like 1250.5, with a point before the decimals.")
    code = "not_a_number" if written else "required"
    raise Refusal(
        message % {"value": value[:40]} if written else _("This must not be empty."), field=field, code=code
    )


def _known_unit(text: str) -> str:
    try:
        return units.canonical(text)
    except units.UnknownUnit:
        return ""


def _no_unit(value: object) -> str:
    raise units.UnknownUnit(str(value))
