"""A ProductFootprint as a column of cells, one property each, and back. Pure.

Decimals stay the texts they are. Several values stand one on a line; what has parts of its own is JSON in its
cell, number for number. A property is known by its last name: no two are called the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from footprint.partners.pact import values
from footprint.partners.pact.fields import FOOTPRINT, Field, Kind
from footprint.partners.pact.texts import exact_json, exact_text

LONGEST = 32_000
"""What a cell takes; what is longer is left out rather than cut."""
TRUTHS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
Document = dict[str, Any]


@dataclass(frozen=True)
class Property:
    """A property that has a row; ``path`` leads to it from the footprint."""

    path: tuple[str, ...]
    field: Field

    @property
    def name(self) -> str:
        """As the row is called."""
        return self.path[-1]

    @property
    def is_json(self) -> bool:
        """Whether its cell holds JSON."""
        return self.field.kind in (Kind.OBJECT, Kind.ANY_OBJECT)


def _properties(fields: tuple[Field, ...], above: tuple[str, ...] = ()) -> Iterator[Property]:
    for field in fields:
        path = (*above, field.name)
        if field.kind is Kind.OBJECT and not field.many:
            yield from _properties(field.parts, path)
        else:
            yield Property(path, field)


PROPERTIES = tuple(_properties(FOOTPRINT))
BY_NAME = {each.name: each for each in PROPERTIES}


def cells_of(document: Mapping[str, Any]) -> dict[str, str]:
    """What stands in each row; a property the document has not has no cell."""
    found: dict[str, str] = {}
    for each in PROPERTIES:
        inner: Any = document
        for name in each.path:
            inner = inner.get(name) if isinstance(inner, Mapping) else None
        if inner is not None and len(text := _text(each, inner)) <= LONGEST:
            found[each.name] = text
    return found


def _text(each: Property, value: Any) -> str:
    if each.is_json or not isinstance(value, str | bool | list):
        return exact_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    is_plain = all(isinstance(one, str) and one and [one] == one.strip().splitlines() for one in value)
    return "\n".join(value) if is_plain and not value[0].startswith("[") else exact_text(value)


def document_of(cells: Mapping[str, str]) -> Document:
    """The footprint in a column: exactly what is in the cells, for the checks to judge.

    Whatever is no JSON where it should be stays a text, which the schema refuses at that property.
    """
    document: Document = {}
    for each in PROPERTIES:
        text = cells.get(each.name, "")
        if not text.strip():
            continue
        inner = document
        for name in each.path[:-1]:
            inner = inner.setdefault(name, {})
        is_free = each.field.kind in (Kind.TEXT, Kind.NAME) and not each.field.many
        inner[each.name] = text if is_free else _value(each.field, each.is_json, text.strip())
    return document


def _value(field: Field, is_json: bool, text: str) -> Any:
    if field.many and not is_json and not text.startswith("["):
        return [line.strip() for line in text.splitlines() if line.strip()]
    if is_json or field.many:
        try:
            return exact_json(text)
        except (ValueError, RecursionError):
            return text
    if field.kind is Kind.TRUTH:
        return TRUTHS.get(text.casefold(), text)
    return text


def typed(name: str, kind: str, text: str) -> str:
    """What a cell means that a spreadsheet made a number or a date of."""
    each = BY_NAME.get(name)
    if kind == "number" and each is not None and each.field.kind is Kind.DECIMAL:
        try:
            return values.plain(Decimal(text))
        except InvalidOperation:
            return text
    if kind == "date" and each is not None and each.field.kind is Kind.MOMENT:
        return f"{text.replace(' ', 'T')}Z" if len(text) > len("2025-01-01") else f"{text}T00:00:00Z"
    return text


def property_at(pointer: str) -> str:
    """The row that a finding's pointer is about; the innermost property on its way that has one."""
    known = [name for name in pointer.split("/") if name in BY_NAME]
    return known[-1] if known else ""
