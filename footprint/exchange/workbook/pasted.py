"""Rows out of a spreadsheet's clipboard, as the rows of a workbook: for one process, line by line.

With a row of headings the columns are theirs. Without, the first cell of a row names its line, and amount,
unit, data type and comment follow; where rows begin with numbers, and with no names, they belong to the lines
in their order, from the one that was pasted into. An amount may have its unit behind it: "1.2 1e4 Nm3".
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from accounts.decimals import half_width
from accounts.errors import Refusal, Refusals
from factors import units
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.cells import Cell, Values, plain, prints
from footprint.exchange.workbook.compare import Row
from footprint.exchange.workbook.content import values_of
from footprint.exchange.workbook.layout import BY_KEY, COLUMNS
from footprint.inventory.measures import GROUPED, with_unit
from footprint.inventory.measures import PLAIN as NUMBER
from footprint.inventory.models import Exchange, Product, UnitProcess

MOST_ROWS = 500
MOST_TEXT = 400_000
NAME = "name"
"""The column that names a line: by code or name of its product, by its gas or by its flow."""
FOLLOWING = ("amount", "unit", "data_type", "comment")
NAME_HEADS = ("line", "数据行", "name", "名称")
NEW = {"direction": "input", "kind": "product", "data_type": "measured"}
EMITTED = {**NEW, "direction": "output", "kind": "elementary"}
Table = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Pasted:
    """The rows, and the column of the clipboard that each field stood in."""

    rows: list[Row]
    places: dict[str, str]


@dataclass(frozen=True)
class Target:
    """Where it is pasted: the lines of a process in their order, and what a further line can name."""

    process: UnitProcess
    lines: Sequence[Exchange]
    products: Iterable[Product]
    gases: Iterable[str]
    at: str = ""
    """The line that was pasted into, if any."""


def pasted(text: str, target: Target) -> Pasted:
    """What was pasted, as rows of a workbook.

    Raises:
        Refusal, Refusals: it is no table, or a row names nothing that is here.
    """
    table = _table(text)
    begin = next(at for at, cells in enumerate(table) if any(cells))
    heads = _heads(table[begin])
    body = table[begin + 1 :] if heads else table
    named = _by_name(target)
    columns = heads or _columns(body, target, named)
    rows: list[Row] = []
    refusals: list[Refusal] = []
    first = begin + 2 if heads else 1
    start = _start(target)
    for at, cells in enumerate(body):
        if not any(cells):
            continue  # an empty row says nothing of its line, and the next one is that of the next line
        try:
            given = _given(columns, cells)
            line = _named(given, named) if NAME in columns else _next(target, start + at)
            rows.append(_row(first + at, line, given, target))
        except Refusal as refusal:
            words = _("Row %(row)d: %(words)s") % {"row": first + at, "words": refusal.message}
            refusals.append(Refusal(words, field="text", row=first + at, code=refusal.code))
    if refusals:
        raise Refusals(refusals)
    places = {key: get_column_letter(place) for place, key in enumerate(columns, start=1) if key in BY_KEY}
    return Pasted(rows, places)


def _table(text: str) -> Table:
    if len(text) > MOST_TEXT or text.count("\n") > 2 * MOST_ROWS:
        message = _("This is more than %(most)d rows. Paste it in parts, or use the workbook.")
        raise Refusal(message % {"most": MOST_ROWS}, field="text", code="too_large")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        table = [[plain(cell) for cell in row] for row in csv.reader(io.StringIO(lines), delimiter="\t")]
    except csv.Error as error:
        message = _("A cell in this is longer than any cell of a spreadsheet. Look for a quotation mark.")
        raise Refusal(message, field="text", code="too_large") from error
    if not any(map(any, table)):
        raise Refusal(
            _("Nothing was pasted. Copy cells in the spreadsheet first."), field="text", code="required"
        )
    if len(table) > MOST_ROWS or max(map(len, table)) > layout.MOST_COLUMNS:
        message = _("This is more than %(most)d rows. Paste it in parts, or use the workbook.")
        raise Refusal(message % {"most": MOST_ROWS}, field="text", code="too_large")
    return table


def _heads(first: Sequence[str]) -> list[str]:
    """The columns when the row is one of headings: at least two of them are known, or the only one."""
    known = {name.casefold(): each.key for each in COLUMNS for name in (each.key, each.zh, each.en)}
    known |= dict.fromkeys(NAME_HEADS, NAME)
    found = [known.get(cell.casefold(), "") for cell in first]
    count = len([key for key in found if key])
    return found if count >= 2 or count == len(found) else []


def _columns(body: Table, target: Target, named: Collection[str]) -> list[str]:
    firsts = [row[0] for row in body if any(row)]
    has_number = any(_amount(first)[0] is not None for first in firsts)
    is_positional = bool(target.at) and has_number and not any(each.casefold() in named for each in firsts)
    columns = FOLLOWING if is_positional else (NAME, *FOLLOWING)
    if (widest := max(map(len, body))) > len(columns):
        message = _(
            "This has %(count)d columns and no headings. Put the names of the columns into its first row."
        )
        raise Refusal(message % {"count": widest}, field="text", code="no_headings")
    return list(columns)


def _given(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells by column; an amount that has its unit behind it is taken apart."""
    given = {key: cell for key, cell in zip(columns, cells, strict=False) if key}
    if given.get("amount"):
        number, unit = _amount(given["amount"])
        if number is not None and (not unit or unit == _code(given.get("unit") or unit)):
            given["amount"] = number
            if unit:
                given["unit"] = unit
    return given


def _code(unit: str) -> str:
    """Of a unit; what is none stays as it is."""
    try:
        return units.canonical(unit)
    except units.UnknownUnit:
        return unit


def _amount(text: str) -> tuple[str | None, str]:
    """The number a cell begins with, its thousands apart by commas or not, and the unit behind it."""
    head, unit = with_unit(half_width(text))
    number = head.replace(",", "") if GROUPED.fullmatch(head) else head
    return (number, unit) if NUMBER.fullmatch(number) else (None, "")


def _start(target: Target) -> int:
    return next((at for at, line in enumerate(target.lines) if str(line.uuid) == target.at), 0)


def _next(target: Target, at: int) -> Exchange:
    if at >= len(target.lines):
        raise Refusal(_("There is no further line here. Name the line in the first column."), code="no_line")
    return target.lines[at]


def _by_name(target: Target) -> dict[str, list[Exchange | Product | str]]:
    """Everything a first cell can name: lines of the process, else products and gases for a further line."""
    lines: dict[str, list[Any]] = defaultdict(list)
    for line in target.lines:
        thing = line.product
        names = {thing.code, thing.name_zh, thing.name_en} if thing else {line.gas, line.flow_name}
        for name in {name.casefold() for name in names if name}:
            lines[name].append(line)
    further: dict[str, list[Any]] = defaultdict(list)
    for product in target.products:
        for name in {name.casefold() for name in (product.code, product.name_zh, product.name_en) if name}:
            further[name].append(product)
    for gas in target.gases:
        further[gas.casefold()].append(gas)
    return {**further, **lines}


def _named(
    given: Mapping[str, str], named: Mapping[str, list[Exchange | Product | str]]
) -> Exchange | Product | str:
    name = given.get(NAME, "")
    found = named.get(name.casefold(), [])
    if len(found) > 1:
        message = _("“%(name)s” names several lines here. Paste into the first of them, without names.")
        raise Refusal(message % {"name": name[:80]}, code="name_twice")
    if not found:
        message = _("“%(name)s” is neither a line of this process nor one of your products or a gas.")
        raise Refusal(message % {"name": name[:80]}, code="unknown_name")
    return found[0]


def _row(number: int, thing: Exchange | Product | str, given: Mapping[str, str], target: Target) -> Row:
    # what is empty says nothing: a line stays as it is there, a further one gets its defaults
    told = {key: text for key, text in given.items() if text and key in BY_KEY}
    if isinstance(thing, Exchange):
        now: Values = values_of(thing)
        cells = {key: Cell("text", text) for key, text in {**now, **told}.items() if text}
        return Row(number, str(thing.uuid), str(thing.version), prints(now), cells)
    is_gas = isinstance(thing, str)
    what = {"gas": thing, "unit": "kg"} if isinstance(thing, str) else _of_product(thing)
    fresh = {**(EMITTED if is_gas else NEW), **what, "process": target.process.code, **told}
    return Row(number, "", "", "", {key: Cell("text", text) for key, text in fresh.items() if text})


def _of_product(product: Product) -> dict[str, str]:
    return {"product": product.code, "kind": product.kind, "unit": product.unit}
