"""What the model demands and a document lacks, or has otherwise than the model allows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from footprint.partners.catenax.model import PLACES, Kind, Place
from footprint.partners.catenax.numbers import number
from footprint.partners.pact import values


def faults(document: Any) -> list[str]:
    """The places, by group and name, where the document is not as the model demands."""
    return [f"{place.group}.{place.name}" for place in PLACES if not _fits(document, place)]


def at(document: Any, place: Place) -> Any:
    """The value at a place; None where there is none."""
    here = document
    for group in place.path:
        inner = here.get(group) if isinstance(here, Mapping) else None
        here = inner[0] if isinstance(inner, list) and inner else None
    return here.get(place.name) if isinstance(here, Mapping) else None


def _fits(document: Any, place: Place) -> bool:
    value = at(document, place)
    return not place.required if value is None else suits(value, place)


def suits(value: Any, place: Place) -> bool:
    """Whether the model allows the value there."""
    match place.kind:
        case Kind.NUMBER:
            found = number(value)
            return found is not None and within(found, place)
        case Kind.TRUTH:
            return isinstance(value, bool)
        case Kind.TEXTS | Kind.URIS:
            return _are_texts(value, place)
        case Kind.MOMENT:
            return values.moment(value) is not None
        case Kind.CHOICE:
            return value in place.choices
        case Kind.UUID:
            return (
                isinstance(value, str) and values.UUID.fullmatch(value.removeprefix("urn:uuid:")) is not None
            )
        case _:
            return isinstance(value, str) and (place.kind is not Kind.NAME or value != "")


def _are_texts(value: Any, place: Place) -> bool:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return False
    is_set = len(set(value)) == len(value) or place.name == "crossSectoralStandards"
    return is_set and (place.kind is Kind.TEXTS or all(values.URI.fullmatch(one) for one in value))


def within(found: Decimal, place: Place) -> bool:
    """Whether a number is in the range of its place."""
    if place.least is not None and (found < place.least or (place.is_above and found == place.least)):
        return False
    return place.most is None or found <= place.most
