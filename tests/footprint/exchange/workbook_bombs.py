"""Workbooks handed in to hurt, or spoiled by a spreadsheet. Each with the word it is refused by."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable

from footprint.exchange.workbook import layout
from footprint.exchange.workbook.layout import Sheet
from footprint.exchange.workbook.writing import Book, BookRow, write
from tests.footprint.exchange.bombs import ENTITY, LAUGHS, flooded, overlapping, packed, patched

INVENTORY = "11111111-1111-4111-8111-111111111111"
LINE = "22222222-2222-4222-8222-222222222222"
WORKBOOK, TYPES = "xl/workbook.xml", "[Content_Types].xml"


def sound(rows: int = 1) -> bytes:
    """A small workbook of ours, as it is handed out."""
    cells: dict[str, str | float] = {"process": "P-1", "amount": 5.0, "unit": "kg"}
    made = [
        BookRow(layout.FIRST_ROW + place, LINE, "1", "", cells)
        if not place
        else BookRow(3 + place, cells=cells)
        for place in range(rows)
    ]
    lists = {"unit": ["kg"], "process": ["P-1"]}
    return write(Book("en", "Inventory", [], [], {}, "", INVENTORY, made, [["Code"] * 5], lists))


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def lines_part() -> str:
    """The member with the lines: the second sheet."""
    return "xl/worksheets/sheet2.xml"


def with_parts(**parts: bytes) -> bytes:
    """A sound workbook with other or further members; slashes are written as double underscores."""
    changed = {name.replace("__", "/"): content for name, content in parts.items()}
    return packed(*{**members(sound()), **changed}.items())


def lines_with(cells: str, after: str = "") -> bytes:
    """A sound workbook with further rows, or something behind the table."""
    part = members(sound())[lines_part()].decode()
    part = part.replace("</sheetData>", f"{cells}</sheetData>{after}")
    return packed(*{**members(sound()), lines_part(): part.encode()}.items())


def replaced(member: str, old: str, new: str) -> bytes:
    found = members(sound())
    text = found[member].decode()
    assert old in text, (member, old)
    return packed(*{**found, member: text.replace(old, new).encode()}.items())


def without(member: str) -> bytes:
    return packed(*((name, content) for name, content in members(sound()).items() if name != member))


def renamed(sheet: Sheet) -> bytes:
    return replaced(WORKBOOK, f'name="{layout.title(sheet, "en")}"', 'name="Sheet9"')


def header(old: str, new: str) -> bytes:
    return replaced(lines_part(), f"<t>{old}</t>", f"<t>{new}</t>")


def with_shared_texts() -> bytes:
    """A sound workbook as Excel saves it: texts kept once for all sheets, some of them in several runs."""
    found = {name: content.decode() for name, content in members(sound()).items()}
    texts: list[str] = []

    def shared(cell: re.Match[str]) -> str:
        texts.append(cell[1])
        return f't="s"><v>{len(texts) - 1}</v></c>'

    inline = re.compile(r't="inlineStr"><is><t>(.*?)</t></is></c>')
    found = {
        name: inline.sub(shared, part) if name.startswith("xl/worksheets/") else part
        for name, part in found.items()
    }
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    runs = (f"<si><r><t>{text[:1]}</t></r><r><rPr><b/></rPr><t>{text[1:]}</t></r></si>" for text in texts)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    found[TYPES] = found[TYPES].replace("</Types>", part)
    found["xl/sharedStrings.xml"] = f'<sst xmlns="{space}">{"".join(runs)}</sst>'
    return packed(*((name, part.encode()) for name, part in found.items()))


def many_rows(rows: int) -> bytes:
    cells = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(9, 9 + rows))
    return lines_with(cells)


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
MERGE = '<mergeCells count="1"><mergeCell ref="A3:C9"/></mergeCells>'
SHEET_XML = "xl__worksheets__sheet2.xml"

CORPUS: dict[str, tuple[Callable[[], bytes], str]] = {
    # no workbooks
    "nothing": (lambda: b"", "no_zip"),
    "an old workbook, or one with a password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000),
        "no_zip",
    ),
    "CSV": (lambda: b"process,amount\r\nP-1,=1+1\r\n", "no_zip"),
    "a page that calls itself one": (lambda: b"<html><table></table></html>", "no_zip"),
    "cut off": (lambda: sound()[:-200], "no_zip"),
    "an empty zip": (packed, "no_workbook"),
    "a text document": (lambda: packed(("word/document.xml", b"<w/>"), (TYPES, b"<Types/>")), "no_workbook"),
    "a binary workbook": (lambda: packed(("xl/workbook.bin", b"\x83"), (TYPES, b"<Types/>")), "no_workbook"),
    "too large": (lambda: b"PK" + bytes(11 * 2**20), "too_large"),
    # what runs or calls
    "macros": (lambda: with_parts(**{"xl__vbaProject.bin": bytes(100)}), "macros"),
    "macros by their type alone": (
        lambda: replaced(
            TYPES,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
        "macros",
    ),
    "macros of old": (lambda: with_parts(**{"xl__macrosheets__sheet1.xml": b"<x/>"}), "macros"),
    "a control": (lambda: with_parts(**{"xl__activeX__activeX1.bin": b"x"}), "macros"),
    "another file": (
        lambda: with_parts(**{"xl__externalLinks__externalLink1.xml": b"<externalLink/>"}),
        "external_links",
    ),
    "DDE": (
        lambda: with_parts(**{"xl__externalLinks__externalLink1.xml": b'<x><ddeLink ddeService="cmd"/></x>'}),
        "external_links",
    ),
    "a data source": (lambda: with_parts(**{"xl__connections.xml": b"<connections/>"}), "external_links"),
    "an embedded object": (lambda: with_parts(**{"xl__embeddings__oleObject1.bin": b"x"}), "embedded"),
    "a workbook in a workbook": (lambda: with_parts(**{"xl__embeddings__book.xlsx": sound()}), "embedded"),
    # what unpacks to too much
    "a flat bomb": (
        lambda: with_parts(**{SHEET_XML: b"<worksheet>" + b" " * 19_000_000}),
        "packed_too_well",
    ),
    "one giant": (lambda: with_parts(**{SHEET_XML: bytes(21_000_000)}), "member_too_large"),
    "many giants": (
        lambda: packed(*((f"xl/media/{number}", bytes(19_000_000)) for number in range(12))),
        "unpacks_too_large",
    ),
    "a zip inside": (lambda: with_parts(**{"xl__media__a.zip": b"PK"}), "nested_archive"),
    "one member under many names": (lambda: overlapping(2_000), "overlapping"),
    "a flood of members": (lambda: flooded(100_000), "too_many_members"),
    "longer than promised": (
        lambda: patched(packed((WORKBOOK, b" " * 5000), (TYPES, b"x" * 500)), 24, struct.pack("<L", 100)),
        "longer_than_promised|damaged",
    ),
    "a false checksum": (lambda: patched(sound(), 16, b"\xff\xff"), "damaged"),
    "a path upwards": (lambda: with_parts(**{"xl__..__..__x.xml": b""}), "unsafe_name"),
    "twins by case": (lambda: with_parts(**{"XL__workbook.xml": b"<workbook/>"}), "duplicate_member"),
    "encrypted": (lambda: patched(sound(), 8, b"\x01"), "encrypted"),
    # XML
    "billion laughs": (lambda: with_parts(**{SHEET_XML: LAUGHS}), "declarations"),
    "an outside entity": (lambda: with_parts(**{"xl__workbook.xml": ENTITY}), "declarations"),
    "no XML": (lambda: with_parts(**{SHEET_XML: b"\x00\x01\x02"}), "broken"),
    "thirty thousand elements deep": (lambda: with_parts(**{SHEET_XML: b"<a>" * 30_000}), "broken"),
    "a workbook without sheets": (
        lambda: with_parts(**{"xl__workbook.xml": b"<workbook/>"}),
        "sheet_missing|broken",
    ),
    # cells
    "the farthest cell": (lambda: lines_with(FAR), "far_cell"),
    "a far column": (lambda: lines_with('<row r="9"><c r="XFD9"><v>1</v></c></row>'), "far_cell"),
    "a cell beyond every column": (
        lambda: lines_with('<row r="9"><c r="ZZZZZ9"><v>1</v></c></row>'),
        "broken",
    ),
    "a row before the first": (lambda: lines_with('<row r="-5"><c r="A-5"><v>1</v></c></row>'), "broken"),
    "too many rows": (lambda: many_rows(11_000), "far_cell"),
    "merged cells": (lambda: lines_with("", MERGE), "merged"),
    # sheets and columns
    "lines renamed": (lambda: renamed(Sheet.LINES), "sheet_missing"),
    "about renamed": (lambda: renamed(Sheet.ABOUT), "sheet_missing"),
    "a column renamed": (lambda: header("amount", "quantity"), "column_missing"),
    "the key renamed": (lambda: header("key", "id"), "column_missing"),
    "a column twice": (lambda: header("unit", "amount"), "column_twice"),
}
