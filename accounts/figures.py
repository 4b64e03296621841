"""How numbers, units, dates and names are written for people.

Pure text: no request, no database. The language is passed in as Django names it ("zh-hans" or "en").
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal, localcontext

Number = Decimal | float | int

NOTHING = "—"
MINUS = "−"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def is_chinese(language: str) -> bool:
    return language.lower().startswith("zh")


def quantity(value: Number | None) -> str:
    """The amount exactly as it was typed, with its whole part grouped by thousands."""
    if value is None:
        return NOTHING
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    if not amount.is_finite():
        return NOTHING
    return _grouped(format(amount, "f"))


def significant(value: Number | None, digits: int = 4) -> str:
    """The value with `digits` significant digits; powers of ten outside 1e-4 .. 1e9."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    rounded = _rounded(Decimal(str(value)), digits)
    power = rounded.adjusted()
    if -4 <= power < 9:
        return _grouped(format(rounded, "f"))
    mantissa = format(_rounded(rounded.scaleb(-power), digits), "f").replace("-", MINUS)
    return f"{mantissa}×10{str(power).translate(SUPERSCRIPT)}"


def signed(value: Number | None, digits: int = 4) -> str:
    """A difference: as `significant`, with its sign always written."""
    text = significant(value, digits)
    return f"+{text}" if value is not None and value > 0 and text != NOTHING else text


def signed_percent(share: Number | None, digits: int = 1) -> str:
    """A relative difference as a percentage, with its sign always written."""
    text = percent(share, digits)
    return f"+{text}" if share is not None and share > 0 and text != NOTHING else text


def percent(share: Number | None, digits: int = 1) -> str:
    """A share of one as a percentage with fixed decimals."""
    if share is None or not math.isfinite(share):
        return NOTHING
    return _grouped(f"{Decimal(str(share)) * 100:.{digits}f}") + "%"


def name(thing: object, language: str) -> str:
    """The thing's name in the reader's language, else in the other one, else what it calls itself."""
    order = ("name_zh", "name_en") if is_chinese(language) else ("name_en", "name_zh")
    for field in order:
        text = thing.get(field) if isinstance(thing, dict) else getattr(thing, field, "")
        if text:
            return str(text)
    return "" if thing is None else str(thing)


def unit_text(code: str) -> str:
    """How a unit is set for people: "1e3 Nm3" -> "10³ Nm³", "t*km" -> "t·km"."""
    text = code.replace("1e4 ", "10⁴ ").replace("1e3 ", "10³ ").replace("*", "·").replace("ug", "µg")
    return text.replace("m3", "m³").replace("m2", "m²")


def co2e_unit(unit: str) -> str:
    """The unit of a footprint: "kg" -> "kg CO2e / kg"."""
    return f"kg CO2e / {unit_text(unit)}"


def long_date(day: date, language: str) -> str:
    if is_chinese(language):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def year_range(first: date, last: date, language: str) -> str:
    """A reference period: "2024", "2023–2024" for whole calendar years, else its two days."""
    whole = (first.month, first.day) == (1, 1) and (last + timedelta(days=1)).timetuple().tm_yday == 1
    if not whole:
        return f"{long_date(first, language)} – {long_date(last, language)}"
    years = str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    return f"{years}年" if is_chinese(language) else years


def _rounded(value: Decimal, digits: int) -> Decimal:
    with localcontext() as context:
        context.prec = digits
        rounded = +value
    exponent = rounded.adjusted() - digits + 1
    # 1.8 to four digits reads 1.800; digits before the point stay whole: 1234567 reads 1235000.
    return rounded.quantize(Decimal(1).scaleb(exponent)) if exponent < 0 else Decimal(int(rounded))


def _grouped(text: str) -> str:
    sign = MINUS if text.startswith("-") else ""
    whole, point, fraction = text.lstrip("-").partition(".")
    return f"{sign}{int(whole):,}{point}{fraction}"
