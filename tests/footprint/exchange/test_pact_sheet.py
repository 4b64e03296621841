"""PACT's simplified layout: every digit there and back, refusals cell by cell, doors."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from openpyxl.worksheet.worksheet import Worksheet

from accounts.roles import Role
from footprint.exchange.actions.pact_sheet import refused_cells
from footprint.exchange.confined.problems import Unreadable
from footprint.exchange.pact_sheet import layout
from footprint.exchange.pact_sheet.reading import Column, columns_in
from footprint.exchange.pact_sheet.writing import write
from footprint.partners.models import PartnerFootprint
from footprint.partners.pact.columns import PROPERTIES
from footprint.partners.pact.texts import exact_json
from tests import builders as new
from tests.footprint.exchange.books import sheets_here
from tests.footprint.partners.conftest import World, world  # noqa: F401  (a fixture)
from tests.footprint.partners.documents import whole
from tests.footprint.partners.generated import footprints
from tests.footprint.partners.test_exact import digits, text_of

FIRST = "J"


def read(content: bytes) -> list[Column]:
    """As the confined process reads it, without the process."""
    return columns_in(sheets_here(content))


def edited(content: bytes, **cells: Any) -> bytes:
    """Somebody typed into cells of the first footprint, by property."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet: Worksheet = book.worksheets[0]
    rows = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
    for name, value in cells.items():
        sheet[f"{FIRST}{rows[name]}"].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@settings(deadline=None, max_examples=15)
@given(footprints())
def test_every_digit_comes_back(document: dict[str, Any]) -> None:
    kept = exact_json(text_of(document))
    (column,) = read(write([kept]))
    for name in ("dqi", "verification"):
        if kept["pcf"].get(name) == {}:
            del kept["pcf"][name]
    assert digits(column.document) == digits(kept)
    assert column.unread == {}


def test_the_layout_is_a_title_a_version_heads_and_a_property_a_row() -> None:
    sheet: Worksheet = openpyxl.load_workbook(io.BytesIO(write([whole(), whole()]))).worksheets[0]
    assert [sheet.cell(1, 1).value, sheet.cell(2, 1).value] == [layout.TITLE, "Version 3.0.3"]
    heads = [cell.value for cell in sheet[layout.HEAD_ROW]]
    assert heads == [*layout.HEADS, "Example 1", "Example 2"]
    names = [sheet.cell(row, 1).value for row in range(layout.HEAD_ROW + 1, sheet.max_row + 1)]
    assert names == [each.name for each in PROPERTIES]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_what_a_spreadsheet_made_of_a_cell_is_understood() -> None:
    content = edited(write([whole()]), declaredUnitAmount=0.00000025, packagingEmissionsIncluded=True)
    (column,) = read(content)
    assert column.document["pcf"]["declaredUnitAmount"] == "0.00000025"
    assert column.document["pcf"]["packagingEmissionsIncluded"] is True


@pytest.mark.parametrize("name", ["productOrSectorSpecificRules", "ipccCharacterizationFactors"])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_a_cell_that_is_nested_too_deep_is_refused(name: str, opening: str, closing: str) -> None:
    content = edited(write([whole()]), **{name: f"{opening * 500}1{closing * 500}"})
    (column,) = read(content)
    cell = f"{FIRST}{row_of(name)}"
    assert column.unread == {cell: "too_deep"}
    assert [each.code for each in refused_cells(column) if each.cell == cell][:1] == ["too_deep"]


def test_a_file_without_the_heads_is_none() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.save(out)
    with pytest.raises(Unreadable) as refused:
        read(out.getvalue())
    assert [problem.code for problem in refused.value.problems] == ["no_pact_sheet"]


@pytest.mark.django_db
def test_a_sheet_is_taken_in_whole_or_not_at_all(world: World, client: Client) -> None:  # noqa: F811
    url = reverse("exchange:partner_sheet", args=[world.connection.uuid])
    client.force_login(new.person(world.company, Role.OWNER))
    fine, other = whole(), whole()
    spoilt = edited(write([fine, other]), pcfExcludingBiogenicUptake="=1+1", status="Fresh")
    refused = client.post(url, {"sheet": SimpleUploadedFile("x.xlsx", spoilt)})
    assert refused.status_code == 422
    words = refused.content.decode()
    assert all(
        cell in words
        for cell in (f"{FIRST}{row_of('status')}:", f"{FIRST}{row_of('pcfExcludingBiogenicUptake')}:")
    )
    assert not PartnerFootprint.objects.exists()
    twice = client.post(url, {"sheet": SimpleUploadedFile("x.xlsx", write([fine, fine]))})
    assert f"K{row_of('id')}:" in twice.content.decode()
    taken = client.post(url, {"sheet": SimpleUploadedFile("x.xlsx", write([fine, other]))})
    assert taken["Location"] == reverse("partners:footprint_list")
    stored = PartnerFootprint.objects.get(pf_id=fine["id"])
    assert digits(exact_json(stored.original)) == digits(fine)
    assert (PartnerFootprint.objects.count(), stored.speaks) == (2, 3)


def row_of(name: str) -> int:
    """Where a property stands."""
    return [each.name for each in PROPERTIES].index(name) + layout.HEAD_ROW + 1


@pytest.mark.django_db
def test_ones_own_leave_as_they_are_served(world: World, client: Client) -> None:  # noqa: F811
    client.force_login(new.person(world.company, Role.OWNER))
    columns = read(client.get(reverse("exchange:offered_sheet")).content)
    served = [exact_json(footprint.document) for footprint in world.footprints]
    assert by_id(column.document for column in columns) == by_id(served)
    outsider = new.person(new.company(), Role.OWNER)
    client.force_login(outsider)
    with pytest.raises(Unreadable):
        read(client.get(reverse("exchange:offered_sheet")).content)
    url = reverse("exchange:partner_sheet", args=[world.connection.uuid])
    assert client.get(url).status_code == 404


def by_id(documents: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Content by identifier, numbers as they are written."""
    return {document["id"]: digits(document) for document in documents}
