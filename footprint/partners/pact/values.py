"""The single values of the wire: decimals in texts, moments, identifiers.

Decimals stay the texts they came as; they become numbers to be compared or divided, never to be stored.
"""

from __future__ import annotations

import re
import uuid
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from urllib.parse import unquote

DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2})(:\d{2})?(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I | re.ASCII)
URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:[^\s\x00-\x1f\x7f]+", re.I | re.ASCII)
URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s\x00-\x1f\x7f]+", re.I | re.ASCII)
VERSION = re.compile(r"\d+\.\d+\.\d+(-\d{8})?", re.ASCII)
COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}", re.ASCII)
REPORT = re.compile(r"AR\d+", re.ASCII)
MOST_DIGITS = 100
EXACT = Context(prec=MOST_DIGITS + 20, rounding=ROUND_HALF_EVEN)
YEARS_VALID = 3


def decimal(value: object) -> Decimal | None:
    """The number in a text of plain digits; None for anything else, exponents and JSON numbers included."""
    if not isinstance(value, str) or len(value) > MOST_DIGITS or not DECIMAL.fullmatch(value):
        return None
    return Decimal(value)


def plain(value: Decimal) -> str:
    """Every digit, no exponent, no plus, no empty decimals."""
    text = format(EXACT.plus(value), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def moment(value: object) -> datetime | None:
    """A date-time of RFC 3339 with its zone; None for anything else."""
    found = MOMENT.fullmatch(value) if isinstance(value, str) else None
    return _moment(found) if found and found[3] else None


def lenient_moment(value: str) -> datetime | None:
    """As people type it into an address: seconds may be missing, a plus may have become a space."""
    if re.fullmatch(r".*\d \d{2}:\d{2}", value):
        value = "+".join(value.rsplit(" ", 1))
    found = MOMENT.fullmatch(value)
    return _moment(found) if found else None


def _moment(found: re.Match[str]) -> datetime | None:
    day, minutes, seconds, fraction, zone = found.groups()
    seconds = seconds or ":00"
    leap = seconds == ":60"
    text = f"{day}T{minutes}{':59' if leap else seconds}{(fraction or '')[:7]}{zone.upper()}"
    try:
        made = datetime.fromisoformat(text).astimezone(UTC)
        return made + timedelta(seconds=1) if leap else made
    except (ValueError, OverflowError):
        return None


def told(at: datetime) -> str:
    """As it is sent: in UTC, with Z."""
    at = at.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + (f".{at:%f}" if at.microsecond else "") + "Z"


def midnight(day: date) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def years_later(at: datetime, years: int = YEARS_VALID) -> datetime:
    """The same moment of a later year; 29 February becomes 1 March, and no year comes after the last."""
    if at.year + years > MAXYEAR:
        return datetime.max.replace(tzinfo=at.tzinfo)
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, month=3, day=1)


def identifiers(given: object) -> list[uuid.UUID]:
    """Those in a list that are UUIDs; nothing of anything else."""
    texts = [each for each in given if isinstance(each, str)] if isinstance(given, list) else []
    return [uuid.UUID(each) for each in texts if UUID.fullmatch(each)]


def folded(identifier: str) -> str:
    """How identifiers are compared: percent-encoding undone once, case folded."""
    return unquote(identifier).casefold()
