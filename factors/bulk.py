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

from accounts.checks import CONTROL, TURNING
from accounts.decimals import half_width
from factors import units
from factors.codes import code_faults
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
WRONG = re.compile(rf"[\x00-\x08\x0a-\x1e{TURNING}]")
"""Anything of both, but what stands between the cells of a line that waits."""
OTHER_SEPARATOR = re.compile(r"[;\t|]")
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


Cells = tuple[int, Mapping[str, str] | Fault]
"""A row by its number, as a spreadsheet counts: what stands in each column, or why nobody can tell."""


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
    table = csv.reader(lines, strict=True)
    try:
        head = [name.strip().lower() for name in next(table, [])]
    except csv.Error:
        yield RowFault(1, UNREADABLE)
        return
    while head and not head[-1]:
        head.pop()
    if wrong := _about_head(head):
        yield from (RowFault(1, fault) for fault in wrong)
        return
    yield from _checked(_numbered(table, head, after), known)


def _checked(rows: Iterable[Cells], known: Known) -> Iterator[Line | RowFault]:
    before: list[str | None] | None = None
    version, faults_before = "", list[Fault]()
    for number, cells in rows:
        if isinstance(cells, Fault):
            yield RowFault(number, cells)
            continue
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
        emission = Emission(gas, origin or "unspecified", _number(kg))
        grouped.setdefault(version, (number, []))[1].append(emission)
    rows = [_row(version, number, emissions) for version, (number, emissions) in grouped.items()]
    return rows, list(islice(_contents(rows, known), MOST_FAULTS))


def _about_head(head: list[str]) -> list[Fault]:
    if len(head) == 1 and OTHER_SEPARATOR.search(head[0]):
        return [Fault("separator", "file")]
    missing = [Fault("no_column", name) for name in NEEDED if name not in head]
    unread = [_unknown_column(WRONG.sub("?", name)[:40]) for name in head if name and name not in COLUMNS]
    twice = [Fault("column_twice", name) for name in COLUMNS if head.count(name) > 1]
    return [*missing, *unread[:MOST_FAULTS], *twice]


def _unknown_column(name: str) -> Fault:
    """What stands below it is nothing that a version says: it would be lost."""
    return Fault("unknown_column", name, {"value": name})


def _numbered(table: Iterator[list[str]], head: list[str], after: int) -> Iterator[Cells]:
    """The lines behind a number, but for empty ones, which count; the last one where it cannot be read on.

    A line with more cells than the head has a comma that was to be none: 12,5 would be read as 12.
    """
    number = after
    try:
        for number, cells in enumerate(islice(table, after - 1, None), start=after + 1):
            if any(map(str.strip, cells[len(head) :])):
                yield number, Fault("too_many_cells", head[-1])
            elif any(map(str.strip, cells)):
                yield number, dict(zip(head, cells, strict=False))
    except csv.Error:
        yield number + 1, UNREADABLE


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
    yield from code_faults(row)
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
        ("reference_year", "not_a_number", _is_whole),
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


def _number(text: str) -> Decimal:
    """Full-width digits count; an underscore between digits is a slip. Raises InvalidOperation."""
    return Decimal(half_width(text).replace("_", "?"))


def _is_number(text: str) -> bool:
    try:
        _number(text)
    except InvalidOperation:
        return False
    return True


def _is_whole(text: str) -> bool:
    plain = half_width(text)
    return plain.isascii() and plain.isdigit()


def _is_unit(text: str) -> bool:
    try:
        units.canonical(text)
    except units.UnitError:
        return False
    return True
