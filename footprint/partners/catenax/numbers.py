"""Numbers on the way between PACT's decimals in texts and the model's JSON numbers: the same digits."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from footprint.partners.pact import values
from footprint.partners.pact.texts import Exact

FARTHEST = values.MOST_DIGITS


def number(value: Any) -> Decimal | None:
    """The number a JSON value is; None for what is none, or has more digits than anybody measures."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        text = value.text if isinstance(value, Exact) else str(value)
        found = Decimal(text) if len(text) <= FARTHEST else None
    except (InvalidOperation, ValueError):
        return None
    is_usual = found is not None and found.is_finite() and abs(found.as_tuple().exponent) <= FARTHEST  # type: ignore[arg-type]
    return found if is_usual else None


def exact(value: Any) -> Any:
    """The same JSON with numbers that keep their digits, of one that was read with decimals."""
    if isinstance(value, Decimal):
        return Exact(str(value) if number(value) is None else format(value, "f"))
    if isinstance(value, dict):
        return {name: exact(inner) for name, inner in value.items()}
    return [exact(inner) for inner in value] if isinstance(value, list) else value


def as_json(text: str) -> Exact | None:
    """A decimal of PACT as a JSON number with its digits; None where the text is no decimal."""
    found = values.decimal(text)
    return None if found is None else Exact(format(found, "f"))


def as_text(value: Any) -> str | None:
    """A JSON number as a decimal of PACT."""
    found = number(value)
    return None if found is None else format(found, "f")
