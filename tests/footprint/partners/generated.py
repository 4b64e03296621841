"""ProductFootprints of every shape the schema allows, with numbers as people and programs write them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from footprint.partners.pact.fields import FOOTPRINT, PCF, Field, Kind, Sign

LETTERS = st.characters(categories=["L", "N", "P", "S"], max_codepoint=0xFFFF)
TEXTS = st.text(LETTERS, min_size=1, max_size=20)
DIGITS = st.text("0123456789", min_size=1, max_size=25)


@st.composite
def _decimals(draw: st.DrawFn, sign: Sign) -> str:
    """As a text: with noughts at either end, a plus, more digits than a float has."""
    if sign in (Sign.PERCENT, Sign.RATING):
        whole = draw(st.integers(0, 99) if sign is Sign.PERCENT else st.integers(1, 4))
        return f"{whole}.{draw(DIGITS)}"
    fraction = draw(st.just("") | DIGITS.map(lambda digits: f".{digits}"))
    number = draw(DIGITS) + fraction
    if sign is Sign.POSITIVE:
        return f"1{number}"
    signs = {Sign.ANY: ["", "-", "+"], Sign.NOT_NEGATIVE: ["", "+"], Sign.NOT_POSITIVE: ["-"]}
    return draw(st.sampled_from(signs[sign])) + number


MOMENTS = st.datetimes().map(lambda at: f"{at.year:04}-{at.month:02}-{at.day:02}T{at:%H:%M:%S}Z")
SINGLE: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: TEXTS,
    Kind.NAME: TEXTS,
    Kind.UUID: st.uuids().map(str),
    Kind.VERSION: st.just("3.0.3"),
    Kind.MOMENT: MOMENTS,
    Kind.URN: st.integers(0).map(lambda number: f"urn:gtin:{number}"),
    Kind.URI: st.just("https://example.com/a"),
    Kind.HTTPS: st.just("https://example.com/b"),
    Kind.REPORT: st.sampled_from(["AR4", "AR5", "AR6"]),
    Kind.TRUTH: st.booleans(),
    Kind.PATTERN: st.just("CN"),
    Kind.ANY_OBJECT: st.dictionaries(TEXTS, TEXTS | st.floats(allow_nan=False, allow_infinity=False)),
}


def _one(field: Field) -> st.SearchStrategy[Any]:
    if field.kind is Kind.CHOICE:
        return st.sampled_from(field.choices)
    if field.kind is Kind.DECIMAL:
        return _decimals(field.sign)
    return _object(field.parts) if field.kind is Kind.OBJECT else SINGLE[field.kind]


def _said(one: Any) -> str:
    """Two objects are the same whatever the order of their names."""
    return json.dumps(one, sort_keys=True)


def _value(field: Field) -> st.SearchStrategy[Any]:
    return st.lists(_one(field), min_size=1, max_size=3, unique_by=_said) if field.many else _one(field)


def _object(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    required = {field.name: _value(field) for field in fields if field.required and field.parts != PCF}
    optional = {
        field.name: _value(field)
        for field in fields
        if not field.required and not field.name.startswith("geography")
    }
    return st.fixed_dictionaries(required, optional=optional)


def footprints(**pcf: str) -> st.SearchStrategy[dict[str, Any]]:
    """Valid ones; what is named in ``pcf`` stands as it is given."""
    outer = tuple(field for field in FOOTPRINT if field.name != "pcf")
    return st.tuples(_object(outer), _object(PCF)).map(
        lambda parts: {**parts[0], "id": str(UUID(parts[0]["id"])), "pcf": {**parts[1], **pcf}}
    )
