"""Another program opens an exported workbook and saves it: values and drop-down lists are still there."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from footprint.exchange.workbook import layout
from footprint.exchange.workbook.layout import SHOWN, Sheet
from footprint.exchange.workbook.writing import Book, BookRow, write
from tests.footprint.exchange.books import read_here

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
KEYS = tuple(f"{number}1111111-1111-1111-1111-111111111111" for number in range(3))
ROWS = (
    {"process": "boiler", "amount": 1200.5, "unit": "t", "comment": "=power"},
    {"process": "锅炉", "amount": 0.000123456789012, "unit": "kg", "comment": "007"},
    {"process": "boiler", "amount": -3.5e20, "unit": "kg"},
)


def book() -> Book:
    """Lines with a list in every column that has one, and units of their own."""
    return Book(
        language="en",
        heading="Inventory",
        facts=[("Site", "works")],
        steps=["Fill in"],
        help={"amount": "As measured"},
        warning="Not in the list",
        inventory=KEYS[0],
        rows=[
            BookRow(layout.FIRST_ROW + at, key, "1", "print", cells, units="units_mass")
            for at, (key, cells) in enumerate(zip(KEYS, ROWS, strict=True))
        ],
        processes=[["Code", "Name"], ["boiler", "Boiler"]],
        lists={**{column.key: ["one", "two"] for column in SHOWN}, "units_mass": ["kg", "t"]},
    )


def saved_again(content: bytes, at: Path) -> bytes:
    """As LibreOffice writes what it read."""
    (at / "book.xlsx").write_bytes(content)
    assert OFFICE is not None
    subprocess.run(
        [
            *(OFFICE, f"-env:UserInstallation=file://{at}/profile", "--headless", "--norestore"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML"),
            *("--outdir", str(at / "out"), str(at / "book.xlsx")),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (at / "out" / "book.xlsx").read_bytes()


def lists(content: bytes) -> set[tuple[str, str]]:
    """The drop-down lists of the lines: where they begin, what they offer."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))[layout.title(Sheet.LINES, "en")]
    return {
        (str(cells.coord).split(":")[0], validation.formula1.replace("$", "").replace("'", ""))
        for validation in sheet.data_validations.dataValidation
        if validation.type == "list"
        for cells in validation.sqref.ranges
    }


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (Debian: libreoffice-calc) is not installed")
def test_values_and_lists_survive(tmp_path: Path) -> None:
    content = write(book())
    again = saved_again(content, tmp_path)
    assert read_here(again) == read_here(content)
    assert len(read_here(again).rows) == len(ROWS)
    assert lists(content)
    assert lists(again) == lists(content)
