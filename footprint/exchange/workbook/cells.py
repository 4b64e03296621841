"""Cells and what they say: from the text in a cell to the text we compare, and back. Pure.

A value is a text, the empty one for nothing: a number with every digit, the code of a unit, a stored word,
"yes", the code of a thing, or "process CODE" for a provider. Equal values mean the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from factors import units
from footprint.exchange.workbook import layout, numerals
from footprint.exchange.workbook.layout import PROVIDERS, SEPARATOR, Column, Sort

PRINT = 8
"""Characters of a cell's print."""
Values = Mapping[str, str]


@dataclass(frozen=True)
class Cell:
    """What stands in a cell. Kinds: number, text, truth, date, error, formula."""

    kind: str
    text: str


class Wrong(Exception):
    """A cell that says nothing we can take; ``code`` is a key of ``sentences.SENTENCES``."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = {name: str(value)[:80] for name, value in values.items()}


def value_of(column: Column, cell: Cell) -> str:
    """What a cell says. Raises Wrong."""
    if cell.kind in UNUSABLE:
        raise Wrong(UNUSABLE[cell.kind], value=cell.text)
    text = plain(cell.text)
    if len(text) > layout.LONGEST:
        raise Wrong("too_long", longest=layout.LONGEST, length=len(text))
    if cell.kind == "truth" and column.sort is not Sort.YES:
        raise Wrong("no_truth_here", value=text)
    value = _read(column.key, text) if text else ""
    return numerals.short(value) if cell.kind == "number" else value


@lru_cache(16_384)
def _read(key: str, text: str) -> str:
    column = layout.BY_KEY.get(key, layout.REMOVING)
    return READ[column.sort](column, text)


UNUSABLE = {"date": "date", "error": "error_cell", "formula": "formula"}


def text_of(column: Column, value: str, language: str) -> str:
    """How people read a value; things and providers by their code alone."""
    if column.sort in (Sort.CHOICE, Sort.YES):
        return layout.word(column.choices, value, language) if value else ""
    if column.sort is Sort.UNIT:
        return units.display(value) if value else ""
    if column.sort is Sort.PROVIDER:
        sort, _space, rest = value.partition(" ")
        return f"{layout.word(PROVIDERS, sort, language)} {rest}" if value else ""
    return value


def plain(text: str) -> str:
    """As texts come back from a spreadsheet: one sort of line end, no odd characters, no blanks around."""
    if text.isprintable():
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if _is_storable(sign)).strip()


def prints(values: Values) -> str:
    """A short print of every cell of a row, so that it can be told later which ones somebody edited."""
    return "".join(print_of(numerals.short(values.get(key, ""))) for key in layout.BY_KEY)


@lru_cache(4096)
def print_of(value: str) -> str:
    """The print of one cell."""
    return hashlib.sha256(value.encode()).hexdigest()[:PRINT]


def print_in(base: str, key: str) -> str:
    """The print of one cell in those of its row; nothing when they are not whole."""
    if len(base) != PRINT * len(layout.COLUMNS):
        return ""
    place = PLACES[key] * PRINT
    return base[place : place + PRINT]


PLACES = {key: place for place, key in enumerate(layout.BY_KEY)}


def _is_storable(sign: str) -> bool:
    return sign in "\n\t" or (sign >= " " and sign not in "\ufffe\uffff" and not "\ud800" <= sign <= "\udfff")


def _thing(column: Column, text: str) -> str:
    return text.split(SEPARATOR)[0].strip()


def _provider(column: Column, text: str) -> str:
    head = " ".join(text.split(SEPARATOR)[0].split())
    first, _space, rest = head.partition(" ")
    sort = layout.stored_word(PROVIDERS, first)
    if sort is None or not rest:
        raise Wrong("no_provider", value=text)
    return f"{sort} {rest}"


def _choice(column: Column, text: str) -> str:
    found = layout.stored_word(column.choices, text)
    if found is None:
        raise Wrong("no_choice", value=text, zh=_words(column, 1), en=_words(column, 2))
    return found


def _words(column: Column, place: int) -> str:
    return ", ".join(choice[place] for choice in column.choices)


def _yes(column: Column, text: str) -> str:
    said = {"1": "yes", "0": "no", "true": "yes", "false": "no"}.get(text.casefold())
    found = said or _choice(column, text)
    return "yes" if found == "yes" else ""


def _unit(column: Column, text: str) -> str:
    try:
        return units.canonical(text)
    except units.UnknownUnit:
        raise Wrong("unknown_unit", unit=text) from None


def _number(column: Column, text: str) -> str:
    try:
        return numerals.shown(numerals.number_from(text))
    except numerals.TwoNumbers as two:
        raise Wrong("two_numbers", value=text, first=two.first, second=two.second) from None
    except numerals.NoNumber:
        raise Wrong("percent" if text.endswith(("%", "％")) else "no_number", value=text) from None


READ: dict[Sort, Callable[[Column, str], str]] = {
    Sort.TEXT: lambda column, text: text,
    Sort.THING: _thing,
    Sort.PROVIDER: _provider,
    Sort.CHOICE: _choice,
    Sort.YES: _yes,
    Sort.UNIT: _unit,
    Sort.NUMBER: _number,
}
