"""A table of factor versions as a file: one line for each gas, every fault with its line. Pure.

Lines that agree in everything but gas, origin and amount are one version; they need not stand together.
No cell has a line break: where one does, a quotation mark may have been left open, with whole lines behind.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, NamedTuple

from factors import units
from factors.content import Emission, Fault, VersionContent, faults

FACTOR = ("code", "name_zh", "name_en", "kind", "unit", "category", "cas", "cpc", "hs")
FACTOR_AS_STATED = ("kind", "category", "cas", "cpc", "hs")
STATED = ("geography", "reference_year", "technology", "scope", "boundary", "gwp_set", "source",
          "source_locator", "transcription", "note_zh", "note_en")  # fmt: skip
GAS = ("gas", "origin", "kg_per_unit")
VERSION = (*FACTOR, *STATED)
COLUMNS = (*VERSION, *GAS)
NEEDED_OF_VERSION = ("code", "kind", "unit", "geography", "reference_year", "scope", "boundary", "source",
                     "source_locator", "transcription")  # fmt: skip
NEEDED_OF_GAS = ("gas", "kg_per_unit")
NEEDED = (*NEEDED_OF_VERSION, *NEEDED_OF_GAS)
LONGEST = {"code": 120, "name_zh": 200, "name_en": 200, "category": 60, "cas": 20, "cpc": 10, "hs": 12,
           "geography": 20, "technology": 200, "source_locator": 300, "note_zh": 2000, "note_en": 2000,
           "gas": 40, "origin": 20, "kg_per_unit": 100}  # fmt: skip
LINE_BREAK = re.compile(r"[\r\n]")
TURNING = r"\u202a-\u202e\u2066-\u2069"
"""What turns the direction of writing round."""
CONTROL = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{TURNING}]")
WRONG = re.compile(rf"[\x00-\x08\x0a-\x1e{TURNING}]")
"""Anything of both, but what stands between the cells of a line that waits."""
UNREADABLE = Fault("unreadable", "file")
MOST_FAULTS = 1000


@dataclass(frozen=True)
class Described:
    """The factor of a version."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    unit: str
    category: str
    cas: str
    cpc: str
    hs: str


@dataclass(frozen=True)
class Row:
    """One version, and the line it begins on, as a spreadsheet counts them."""

    line: int
    factor: Described
    content: VersionContent


@dataclass(frozen=True)
class RowFault:
    """What is wrong on a line."""

    line: int
    fault: Fault


@dataclass(frozen=True)
class Known:
    """What a file may name: gases, sources, and the choices of kind, scope, boundary and the like."""

    gases: Collection[str]
    sources: Collection[str]
    choices: dict[str, Collection[str]]
    newest_year: int


SEPARATOR = "\x1f"
"""Between the cells of a line that waits: no cell has it."""


class Line(NamedTuple):
    """A faultless line: its number, what it says of its version, and its gas, each as one text."""

    number: int
    version: str
    gas: str


Cells = tuple[int, Mapping[str, str | None] | None]
"""A row by its number, as a spreadsheet counts: what stands in each column; None where it is unreadable."""


def read(lines: Iterable[str], known: Known) -> tuple[list[Row], list[RowFault]]:
    """Every version of a file, and every fault up to a thousand; with a fault nothing of it is used."""
    return _sorted_out(read_lines(lines, known), known)


def read_cells(rows: Iterable[Cells], known: Known) -> tuple[list[Row], list[RowFault]]:
    """The same of a table whose cells were read already and whose columns are all there."""
    return _sorted_out(_checked(rows, known), known)


def _sorted_out(lines: Iterable[Line | RowFault], known: Known) -> tuple[list[Row], list[RowFault]]:
    good: list[Line] = []
    found: list[RowFault] = []
    for each in lines:
        if isinstance(each, Line):
            good.append(each)
        else:
            found.append(each)
            if len(found) >= MOST_FAULTS:
                return [], found
    rows, wrong = assemble(good, known)
    found = [*found, *wrong][:MOST_FAULTS]
    return ([] if found else rows), found


def read_lines(lines: Iterable[str], known: Known, *, after: int = 1) -> Iterator[Line | RowFault]:
    """The lines behind a number, one by one, each as it is or with everything wrong with it."""
    table = csv.DictReader(lines, strict=True)
    if missing := _about_head(table):
        yield from (RowFault(1, fault) for fault in missing)
        return
    yield from _checked(_numbered(table, after), known)


def _checked(rows: Iterable[Cells], known: Known) -> Iterator[Line | RowFault]:
    before: list[str | None] | None = None
    version, faults_before = "", list[Fault]()
    for number, cells in rows:
        if cells is None:
            yield RowFault(number, UNREADABLE)
            return
        stated = [cells.get(name) for name in VERSION]
        if stated != before:
            # the gases of a version mostly stand together: what they share is looked at once
            words = _words(stated)
            before, version = stated, SEPARATOR.join(words)
            faults_before = list(_version_cells(dict(zip(VERSION, words, strict=True)), version, known))
        words = _words([cells.get(name) for name in GAS])
        gas = SEPARATOR.join(words)
        wrong = [*faults_before, *_gas_cells(dict(zip(GAS, words, strict=True)), gas)]
        if wrong:
            yield from (RowFault(number, fault) for fault in wrong)
        else:
            yield Line(number, version, gas)


def _words(cells: Iterable[str | None]) -> list[str]:
    return [cell.replace(SEPARATOR, " ").strip() if cell else "" for cell in cells]


def assemble(lines: Iterable[Line], known: Known) -> tuple[list[Row], list[RowFault]]:
    """The versions that lines are of, and what is wrong with whole versions."""
    grouped: dict[str, tuple[int, list[Emission]]] = {}
    for number, version, stated in lines:
        gas, origin, kg = stated.split(SEPARATOR)
        emission = Emission(gas, origin or "unspecified", Decimal(kg))
        grouped.setdefault(version, (number, []))[1].append(emission)
    rows = [_row(version, number, emissions) for version, (number, emissions) in grouped.items()]
    return rows, list(islice(_contents(rows, known), MOST_FAULTS))


def _about_head(table: csv.DictReader[str]) -> list[Fault]:
    try:
        columns = table.fieldnames or ()
    except csv.Error:
        return [UNREADABLE]
    return [Fault("no_column", name) for name in NEEDED if name not in columns]


def _numbered(table: csv.DictReader[str], after: int) -> Iterator[Cells]:
    """The lines behind a number; none, and the last, where the file cannot be read on."""
    number = after
    try:
        for number, cells in enumerate(islice(table, after - 1, None), start=after + 1):
            yield number, cells
    except csv.Error:
        yield number + 1, None


def _version_cells(row: dict[str, str], whole: str, known: Known) -> Iterator[Fault]:
    for name in NEEDED_OF_VERSION:
        if not row[name]:
            yield Fault("empty", name)
    if not row["name_zh"] and not row["name_en"]:
        yield Fault("empty", "name_zh")
    yield from _texts(row, whole)
    for name, allowed in known.choices.items():
        if row[name] and row[name] not in allowed:
            yield Fault("unknown_choice", name, {"value": row[name][:40]})
    yield from _read_as(row, known)


def _gas_cells(row: dict[str, str], whole: str) -> Iterator[Fault]:
    for name in NEEDED_OF_GAS:
        if not row[name]:
            yield Fault("empty", name)
    yield from _texts(row, whole)
    if row["kg_per_unit"] and not _is_number(row["kg_per_unit"]):
        yield Fault("not_a_number", "kg_per_unit", {"value": row["kg_per_unit"][:40]})


def _texts(row: dict[str, str], whole: str) -> Iterator[Fault]:
    """Faults of the cells as texts; ``whole`` is all of them, looked through at once."""
    wrong = WRONG.search(whole) is not None
    for name, text in row.items():
        if len(text) > LONGEST.get(name, len(text)):
            yield Fault("too_long", name, {"longest": LONGEST[name]})
        if wrong and LINE_BREAK.search(text):
            yield Fault("line_break", name)
        if wrong and CONTROL.search(text):
            yield Fault("control", name)


def _read_as(row: dict[str, str], known: Known) -> Iterator[Fault]:
    """Cells that have to be something: a source of the list, a year, a unit."""
    readers: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
        ("source", "unknown_source", known.sources.__contains__),
        ("reference_year", "not_a_number", lambda text: text.isascii() and text.isdigit()),
        ("unit", "unknown_unit", _is_unit),
    )
    for name, code, reads in readers:
        if row[name] and not reads(row[name]):
            yield Fault(code, name, {"value": row[name][:40]})


def _contents(rows: list[Row], known: Known) -> Iterator[RowFault]:
    """Faults of whole versions, and two versions at one place."""
    there: dict[object, int] = {}
    units_of: dict[str, Row] = {}
    for row in rows:
        asked = (row.content, row.factor.unit, known.gases)
        for fault in faults(*asked, newest_year=known.newest_year, kind=row.factor.kind):
            yield RowFault(row.line, fault)
        place = (row.factor.code, row.content.place)
        if place in there:
            yield RowFault(row.line, Fault("same_place", "code", {"line": there[place]}))
        there.setdefault(place, row.line)
        first = units_of.setdefault(row.factor.code, row)
        if first.factor != row.factor:
            yield RowFault(row.line, Fault("other_factor", "code", {"line": first.line}))


def _row(version: str, line: int, emissions: list[Emission]) -> Row:
    named = dict(zip(VERSION, version.split(SEPARATOR), strict=True))
    zh, en = named.pop("name_zh"), named.pop("name_en")
    factor = Described(
        code=named.pop("code").lower(),
        name_zh=zh or en,
        name_en=en or zh,
        unit=units.canonical(named.pop("unit")),
        **{name: named.pop(name) for name in FACTOR_AS_STATED},
    )
    stated: dict[str, Any] = named  # what is left
    stated["reference_year"] = int(stated["reference_year"][:5])
    stated["gwp_set"] = stated["gwp_set"] or None
    return Row(line, factor, VersionContent(emissions=tuple(emissions), **stated))


def _is_number(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def _is_unit(text: str) -> bool:
    try:
        units.canonical(text)
    except units.UnitError:
        return False
    return True
