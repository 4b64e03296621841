"""Factor proposals from a workbook: the template, refusals by cell, all or nothing, doors."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.errors import NotAllowed, Refusals
from accounts.exports import EXCEL_TYPE
from accounts.models import Company
from accounts.roles import Role
from factors.bulk import COLUMNS, NEEDED
from factors.models import FactorProposal
from footprint.exchange.actions import propose_file
from footprint.exchange.confined.problems import Unreadable
from footprint.exchange.factor_table import reading
from footprint.exchange.factor_table.choices import choices
from footprint.exchange.factor_table.layout import CHOSEN, HEADS, SHEETS, column_of
from footprint.exchange.factor_table.reading import table_in
from footprint.exchange.factor_table.writing import write
from tests import builders
from tests.factors.conftest import english, seed, small  # noqa: F401  (fixtures)
from tests.factors.test_import import GOOD, table
from tests.footprint.exchange.books import sheets_here

METHANE = {**GOOD, "gas": "CH4", "kg_per_unit": 0.00001}
AGAIN = {**GOOD, "code": "steam-lp", "name_en": "Low pressure steam"}
BARE = {name: [("x", "y")] for name in CHOSEN}


def filled(*rows: dict[str, Any], language: str = "zh-hans", template: bytes | None = None) -> bytes:
    """The template as somebody fills it in."""
    book = openpyxl.load_workbook(io.BytesIO(template or write(BARE, language)))
    sheet = book.worksheets[0]
    for number, row in enumerate(rows, start=2):
        for name, value in row.items():
            sheet.cell(number, COLUMNS.index(name) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The confined process is tested elsewhere; here it would cost a second each time."""
    monkeypatch.setattr(reading, "tables_confined", lambda _reader, content: sheets_here(content))


def test_every_column_has_heads_that_mean_it_alone() -> None:
    assert set(HEADS) == set(COLUMNS)
    for name, heads in HEADS.items():
        assert {column_of(each) for each in (name, *heads)} == {name}
    assert column_of(" 每单位 千克数* ") == "kg_per_unit" and column_of("Remark") == ""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_typed_into_the_template_comes_back(language: str) -> None:
    at = 0 if language == "zh-hans" else 1
    found = table_in(sheets_here(filled(GOOD, {**METHANE, "reference_year": 2024}, language=language)))
    assert found.sheet == SHEETS["factors"][at]
    (first, told), (second, methane) = found.rows
    assert (first, second) == (2, 3) and told == GOOD
    assert (methane["kg_per_unit"], methane["reference_year"]) == ("0.00001", "2024")
    assert found.place(3, "emissions") == f"{found.sheet}!W3" and found.place(2, "unit").endswith("!E2")


def test_sheets_that_hold_no_versions_or_several_or_lack_columns() -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled(GOOD, language="en")))

    def problems() -> dict[str, str]:
        out = io.BytesIO()
        book.save(out)
        with pytest.raises(Unreadable) as refused:
            table_in(sheets_here(out.getvalue()))
        return {each.code: f"{each.file}!{each.field}" for each in refused.value.problems}

    copy = book.copy_worksheet(book.worksheets[0])
    assert problems() == {"two_factor_tables": "!"}
    book.remove(copy)
    book.worksheets[0]["E1"] = "Whatever"
    assert problems() == {"no_factor_column": "Factors!1", "unknown_column": "Factors!E1"}
    book.worksheets[0]["F1"] = "Factor code"
    assert problems() == {
        "no_factor_column": "Factors!1",
        "unknown_column": "Factors!E1",
        "column_twice": "Factors!F1",
    }
    book.remove(book.worksheets[0])
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            cell.value = None
    assert problems() == {"no_factor_table": "!"}


def test_every_version_becomes_a_proposal(small: object, here: None) -> None:  # noqa: F811
    company = builders.company()
    done = propose_file(
        filled(GOOD, METHANE, AGAIN), by=builders.actor(company), company=company, reason="measured"
    )
    assert [each.code for each in done.proposals] == ["steam-hp", "steam-lp"] and not done.left_out
    emissions = {each.gas: str(each.kg_per_unit) for each in done.proposals[0].stated.emissions}
    assert emissions == {"CO2": "60.5", "CH4": "0.00001"}


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"unit": "furlong"}, "unknown_unit", "E3"),
        ({"reference_year": "=2000+24"}, "formula", "K3"),
        ({"hs": True}, "no_truth_here", "I3"),
        ({"gas": "Phlogiston"}, "unknown_gas", "W3"),
        ({"kind": "fuel", "boundary": "combustion", "gas": "CO2e"}, "gas_split", "W3"),
        ({"code": "grid-cn-national-average", "kind": "electricity"}, "other_unit", "E3"),
    ],
)
def test_one_fault_keeps_the_whole_file_out(
    small: object,  # noqa: F811
    here: None,
    changes: dict[str, Any],
    code: str,
    place: str,
) -> None:
    company = builders.company()
    with pytest.raises(Refusals) as refused:
        propose_file(filled(GOOD, {**AGAIN, **changes}), by=builders.actor(company), company=company)
    assert (code, f"因子!{place}") in {(each.code, each.row) for each in refused.value.refusals}
    assert not FactorProposal.objects.exists()


def test_the_lists_hold_what_is_accepted(small: object) -> None:  # noqa: F811
    found = choices(builders.actor(builders.company()), "en")
    assert ("mee-grid-co2-2023") in dict(found["source"]) and dict(found["kind"])["fuel"] == "Fuel"
    assert {"CO2", "CO2e"} <= dict(found["gas"]).keys() and "CN-SH" in dict(found["geography"])
    sheet = openpyxl.load_workbook(io.BytesIO(write(found, "en"))).worksheets[0]
    assert {name for name in NEEDED if sheet.cell(1, COLUMNS.index(name) + 1).font.b} == set(NEEDED)
    ranges = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    assert len(ranges) == len(CHOSEN) and ranges["D2:D2000"] == "'Choices'!$A$2:$A$7"


def test_nobody_proposes_for_another_company_and_the_file_is_not_even_read(db: None) -> None:
    with pytest.raises(NotAllowed):
        propose_file(b"PK\x03\x04", by=builders.actor(builders.company()), company=builders.company())


Entered = tuple[Client, Company]


def entered(role: Role = Role.OWNER) -> Entered:
    company = builders.company()
    client = Client(headers={"accept-language": "en"})
    client.force_login(builders.person(company, role))
    client.cookies["django_language"] = "en"
    return client, company


def test_the_pages(small: object) -> None:  # noqa: F811
    (owner, company), (plant, _other) = entered(), entered(Role.PLANT_PROVIDER)
    path, template = "/factors/proposals/file/", "/factors/proposals/template.xlsx"
    for address in (path, template):
        assert plant.get(address).status_code == 403 and Client().get(address).status_code == 302
    assert template in owner.get(path).content.decode()
    got = owner.get(template)
    assert got["Content-Type"] == EXCEL_TYPE

    def sent(content: bytes, **more: str) -> dict[str, Any]:
        return {"company": str(company.uuid), "file": SimpleUploadedFile("f", content), **more}

    # once through the confined process: from the template as it is handed out
    refused = owner.post(path, sent(filled({**GOOD, "unit": "furlong"}, template=got.content)))
    assert refused.status_code == 422 and "Factors!E2" in refused.content.decode()
    csv = "".join(table({**GOOD, "unit": "furlong"})).encode()
    assert owner.post(path, sent(csv)).status_code == 422
    assert owner.post(path, sent(b"\xff\xfe")).status_code == 422
    good = "".join(table(GOOD)).encode()
    assert owner.post(path, {**sent(good), "company": str(builders.company().uuid)}).status_code == 422
    assert not FactorProposal.objects.exists()
    assert owner.post(path, sent(good)).status_code == 302
    assert FactorProposal.objects.get().code == "steam-hp"
    again = owner.post(path, sent(good))
    assert again.status_code == 200 and FactorProposal.objects.count() == 1
    assert "proposed exactly this already" in again.content.decode()


def test_over_rest(small: object, here: None) -> None:  # noqa: F811
    (owner, company), (plant, _other) = entered(), entered(Role.PLANT_PROVIDER)
    path = "/api/v1/factor-proposals/file/"
    assert plant.get(path).status_code == 403 and Client().get(path).status_code == 401
    assert owner.get(path)["Content-Type"] == EXCEL_TYPE

    def post(client: Client, content: bytes, kind: str = EXCEL_TYPE, **asked: str) -> Any:
        return client.post(path, content, content_type=kind, query_params=asked)

    assert post(plant, filled(GOOD)).status_code == 403
    stranger = post(owner, filled(GOOD), company=str(builders.company().uuid))
    assert stranger.status_code in (400, 422) and b"not_visible" in stranger.content
    refused = post(owner, filled(GOOD, {**AGAIN, "unit": "furlong"}, language="en"))
    assert refused.status_code == 422
    assert [each["row"] for each in refused.json()["errors"]] == ["Factors!E3"]
    wrong_unit = {**AGAIN, "code": "grid-cn-national-average", "kind": "electricity"}
    done = post(owner, filled(GOOD, wrong_unit), leaves_out="true", reason="measured")
    assert done.status_code == 201 and [each["code"] for each in done.json()["proposals"]] == ["steam-hp"]
    assert [each["row"] for each in done.json()["left_out"]] == ["因子!E3"]
    assert FactorProposal.objects.get().company == company
    as_csv = post(owner, "".join(table(AGAIN)).encode(), "text/csv", company=str(company.uuid))
    assert as_csv.status_code == 201
