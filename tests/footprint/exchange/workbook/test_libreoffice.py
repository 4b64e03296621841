"""Another program opens an exported workbook and saves it: values and drop-down lists are still there."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from accounts.queries import actor_for_company
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.content import handed_out
from footprint.exchange.workbook.layout import Sheet
from footprint.exchange.workbook.writing import write
from tests import builders as new
from tests.footprint.exchange.books import read_here

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        OFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice-calc"
    ),
]


def saved_again(content: bytes, at: Path) -> bytes:
    """As LibreOffice writes what it read."""
    (at / "book.xlsx").write_bytes(content)
    assert OFFICE is not None
    subprocess.run(
        [
            *(OFFICE, f"-env:UserInstallation=file://{at}/profile", "--headless", "--norestore"),
            *(
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                str(at / "out"),
                str(at / "book.xlsx"),
            ),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (at / "out" / "book.xlsx").read_bytes()


def lists(content: bytes) -> set[tuple[str, str]]:
    """The drop-down lists of the lines: where they stand, what they offer."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))[layout.title(Sheet.LINES, "en")]
    return {
        (str(column.coord).split(":")[0], validation.formula1.replace("$", "").replace("'", ""))
        for validation in sheet.data_validations.dataValidation
        if validation.type == "list"
        for column in validation.sqref.ranges
    }


def test_values_and_lists_survive(tmp_path: Path) -> None:
    company = new.company("acme")
    inventory = new.inventory(new.site(company))
    boiler = new.process(inventory, "boiler")
    new.output(boiler, new.product(company, "steam", "GJ"), "1200.5", "MJ", is_reference=True)
    grid = new.factor_version("0.5")
    new.takes(boiler, new.product(company, "=power", "kWh"), "0.000123456789012", factor_version=grid)
    new.emits(boiler, "60.5", gas="CO2")
    content = write(handed_out(actor_for_company(company), inventory, "en"))
    again = saved_again(content, tmp_path)
    before, after = read_here(content), read_here(again)
    assert (after.format, after.inventory, after.places) == (before.format, before.inventory, before.places)
    told = [
        [(row.key, row.version, row.base, row.cells) for row in filled.rows] for filled in (before, after)
    ]
    assert told[0]
    assert told[1] == told[0]
    assert lists(content)
    assert lists(again) == lists(content)
