"""The pages and the interface of workbooks; each ends with the outsider."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.exports import EXCEL_TYPE
from accounts.models import Company, User
from accounts.roles import Role
from footprint.exchange.actions import workbook as action
from footprint.exchange.models import WorkbookUpload
from footprint.exchange.workbook import layout
from footprint.exchange.workbook.layout import Sheet
from footprint.inventory.models import Exchange, Product
from tests import builders as new
from tests.api.conftest import machine_of
from tests.footprint.exchange.books import Filling, read_here
from tests.footprint.exchange.test_import_jobs import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "read_confined", read_here)


@pytest.fixture
def line(acme: Company) -> Exchange:
    """An input of a product with a treacherous name."""
    inventory = new.inventory(new.site(acme, "works"))
    process = new.process(inventory, "P-1")
    new.output(process, new.product(acme, "goods"), is_reference=True)
    coal = new.product(acme, "coal", "t")
    Product.objects.filter(pk=coal.pk).update(name_zh="=cmd|'/c calc'!A1", name_en="@SUM(A1)")
    return new.takes(process, coal, "5", comment="-1+1")


@pytest.fixture
def owner(acme: Company) -> User:
    return new.person(acme, Role.OWNER)


@pytest.fixture
def owners(owner: User) -> Client:
    return signed_in(owner)


def page_of(line: Exchange) -> str:
    return reverse("exchange:workbook", args=[line.process.inventory.uuid])


def file_of(client: Client, line: Exchange) -> bytes:
    answer = client.get(reverse("exchange:workbook_file", args=[line.process.inventory.uuid]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="works-2025.xlsx"'
    return bytes(answer.content)


def filled(client: Client, line: Exchange, **values: Any) -> bytes:
    filling = Filling(file_of(client, line))
    filling.put(filling.row_of(line.uuid), **values)
    return filling.saved()


def hand_in(client: Client, line: Exchange, content: bytes) -> Any:
    return client.post(page_of(line), {"workbook": SimpleUploadedFile("x.xlsx", content, EXCEL_TYPE)})


def decide(client: Client, upload: WorkbookUpload, what: str, **more: Any) -> Any:
    address = reverse("exchange:workbook_upload", args=[upload.uuid])
    return client.post(address, {"what": what, "version": upload.version, **more})


def test_from_the_download_to_the_stored_line(owners: Client, line: Exchange) -> None:
    answer = hand_in(owners, line, filled(owners, line, amount=7.25))
    upload = WorkbookUpload.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("exchange:workbook_upload", args=[upload.uuid]))
    shown = owners.get(answer.url).content.decode()
    assert "Nothing is stored yet" in shown and "7.25" in shown
    assert "x.xlsx" in owners.get(page_of(line)).content.decode()
    assert decide(owners, upload, "apply").status_code == 302
    line.refresh_from_db()
    assert float(line.amount) == 7.25
    again = decide(owners, upload, "apply")
    assert (again.status_code, "decided already" in again.content.decode()) == (422, True)


def test_a_refused_cell_comes_back_marked(owners: Client, line: Exchange) -> None:
    hand_in(owners, line, filled(owners, line, amount="1,234", unit="stone"))
    upload = WorkbookUpload.objects.get()
    shown = owners.get(reverse("exchange:workbook_upload", args=[upload.uuid])).content.decode()
    assert "Store all these changes" not in shown
    assert "can be read as 1234 or as 1.234" in shown
    answer = owners.get(reverse("exchange:workbook_annotated", args=[upload.uuid]))
    back = Filling(bytes(answer.content))
    row = back.row_of(line.uuid)
    amount, unit, comment = (back.cell(row, column) for column in ("amount", "unit", "comment"))
    assert (amount.value, unit.value, comment.value) == ("1,234", "stone", "-1+1")
    assert "can be read as" in amount.comment.text and "is not known" in unit.comment.text
    assert amount.fill.fgColor.rgb.endswith("FBD5D0") and comment.comment is None
    back.put(row, amount=6, unit="t")
    hand_in(owners, line, back.saved())
    assert decide(owners, WorkbookUpload.objects.latest("pk"), "apply").status_code == 302
    line.refresh_from_db()
    assert line.amount == 6


def test_a_file_that_is_no_workbook_is_kept_as_refused(owners: Client, line: Exchange) -> None:
    answer = hand_in(owners, line, b"%PDF-1.7")
    assert "This is not an Excel workbook" in owners.get(answer.url).content.decode()
    upload = WorkbookUpload.objects.get()
    assert upload.state == "refused"
    assert decide(owners, upload, "apply").status_code == 422
    assert owners.get(reverse("exchange:workbook_annotated", args=[upload.uuid])).status_code == 404


def test_conflicts_are_decided_one_by_one(owners: Client, line: Exchange) -> None:
    content = filled(owners, line, amount=7)
    Exchange.objects.filter(pk=line.pk).update(amount="6", version=2)
    answer = hand_in(owners, line, content)
    shown = owners.get(answer.url).content.decode()
    assert "Somebody else changed some of these lines" in shown
    upload = WorkbookUpload.objects.get()
    nothing = decide(owners, upload, "apply")
    assert (nothing.status_code, "nothing to store" in nothing.content.decode()) == (422, True)
    decide(owners, upload, "apply", take=[str(line.uuid)])
    line.refresh_from_db()
    assert line.amount == 7


def test_what_was_compared_before_is_compared_again(owners: Client, line: Exchange) -> None:
    hand_in(owners, line, filled(owners, line, amount=7))
    upload = WorkbookUpload.objects.get()
    Exchange.objects.filter(pk=line.pk).update(amount="6", version=2)
    stale = decide(owners, upload, "apply")
    assert (stale.status_code, "Compare again" in stale.content.decode()) == (409, True)
    decide(owners, upload, "compare")
    upload.refresh_from_db()
    assert (upload.version, upload.summary["conflicts"]) == (2, 1)
    decide(owners, upload, "discard")
    upload.refresh_from_db()
    assert upload.state == "discarded"


def test_no_name_becomes_a_formula(owners: Client, line: Exchange) -> None:
    content = file_of(owners, line)
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    filling = Filling(content)
    row = filling.row_of(line.uuid)
    comment = filling.cell(row, "comment")
    assert (comment.value, comment.quotePrefix) == ("-1+1", True)
    assert filling.cell(row, "product").value == "coal · @SUM(A1)"


def test_a_second_program_reads_lists_and_values(owners: Client, line: Exchange) -> None:
    """Another reader than the one that wrote it, in another language: the same texts and numbers."""
    owners.cookies["django_language"] = "zh-hans"
    content = file_of(owners, line)
    book = python_calamine.load_workbook(io.BytesIO(content))
    assert book.sheet_names == [layout.title(sheet, "zh-hans") for sheet in Sheet]
    rows = book.get_sheet_by_name("清单数据").to_python()
    at = {key: place for place, key in enumerate(rows[0])}
    taken = next(row for row in rows if row[at["key"]] == str(line.uuid))
    told = [
        taken[at[key]]
        for key in ("process", "direction", "product", "amount", "unit", "data_type", "comment")
    ]
    assert told == ["P-1", "输入", "coal · =cmd|'/c calc'!A1", 5.0, "t", "实测", "-1+1"]
    lists = book.get_sheet_by_name("选项").to_python()
    column = [row[lists[0].index("direction")] for row in lists[1:3]]
    assert column == ["输入", "输出"]
    seen = python_calamine.SheetVisibleEnum
    assert [one.visible for one in book.sheets_metadata] == [
        *[seen.Visible] * 3,
        seen.Hidden,
        seen.VeryHidden,
    ]


def test_drop_downs_lead_to_their_lists(owners: Client, line: Exchange) -> None:
    filling = Filling(file_of(owners, line))
    row, unit = filling.row_of(line.uuid), filling.places["unit"]
    place = filling.lines.cell(row, unit).coordinate
    (units,) = [each for each in filling.lines.data_validations.dataValidation if place in each.sqref]
    where = filling.book.defined_names[units.formula1.lstrip("=")].attr_text
    sheet, _bang, cells = where.rpartition("!")
    offered = [cell.value for (cell,) in filling.book[sheet.strip("'")][cells]]
    assert "kg" in offered and "t" in offered and "kWh" not in offered
    assert filling.lines.protection.sheet and filling.lines.freeze_panes == f"E{layout.FIRST_ROW}"
    locked = {key: filling.cell(row, key).protection.locked for key in ("key", "process", "amount")}
    assert locked == {"key": True, "process": True, "amount": False}
    assert filling.lines.column_dimensions["A"].hidden and filling.lines.row_dimensions[1].hidden


def test_readers_take_it_home_and_hand_nothing_in(acme: Company, owners: Client, line: Exchange) -> None:
    approver = signed_in(new.person(acme, Role.APPROVER))
    content = file_of(approver, line)
    assert "Compare</button>" in owners.get(page_of(line)).content.decode()
    assert "Compare</button>" not in approver.get(page_of(line)).content.decode()
    assert hand_in(approver, line, content).status_code == 403
    hand_in(owners, line, content)
    upload = WorkbookUpload.objects.get()
    assert decide(approver, upload, "discard").status_code == 403
    stranger = signed_in(new.person(new.company(), Role.OWNER))
    for name, thing in (("workbook", line.process.inventory), ("workbook_file", line.process.inventory)):
        assert stranger.get(reverse(f"exchange:{name}", args=[thing.uuid])).status_code == 404
    for name in ("workbook_upload", "workbook_annotated"):
        assert stranger.get(reverse(f"exchange:{name}", args=[upload.uuid])).status_code == 404
    assert hand_in(stranger, line, content).status_code == 404


def test_a_machine_takes_hands_in_and_confirms(acme: Company, line: Exchange) -> None:
    machine = machine_of(acme)
    headers = {"Authorization": f"Bearer {machine.token}", "Accept-Language": "en"}
    client, place = Client(), f"/api/v1/inventories/{line.process.inventory.uuid}/workbook/"
    answer = client.get(place, headers=headers)
    assert answer.headers["Content-Type"] == EXCEL_TYPE
    filling = Filling(bytes(answer.content))
    filling.put(filling.row_of(line.uuid), amount=7, gsd2="wide")
    handed_in = client.post(place, filling.saved(), content_type=EXCEL_TYPE, headers=headers)
    told = handed_in.json()
    assert (handed_in.status_code, told["state"]) == (201, "open")
    assert told["changed"][0]["exchange"] == str(line.uuid)
    assert told["changed"][0]["edits"] == [{"column": "amount", "before": "5", "after": "7"}]
    assert [(one["column"], one["code"]) for one in told["refused"]] == [("gsd2", "no_number")]
    own = handed_in.headers["Location"]
    assert client.get(own, headers=headers).json() == told
    refused = client.post(f"{own}apply/", {"version": 1}, content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "has_faults")
    assert client.get(f"{own}annotated/", headers=headers).headers["Content-Type"] == EXCEL_TYPE
    assert client.post(f"{own}discard/", headers=headers).json()["state"] == "discarded"
    filling.put(filling.row_of(line.uuid), gsd2=None)
    own = client.post(place, filling.saved(), content_type=EXCEL_TYPE, headers=headers).headers["Location"]
    done = client.post(f"{own}apply/", {"version": 1}, content_type="application/json", headers=headers)
    assert (done.status_code, done.json()["state"]) == (200, "applied")
    line.refresh_from_db()
    assert line.amount == 7
    rival = {"Authorization": f"Bearer {machine_of(new.company()).token}"}
    assert client.get(own, headers=rival).status_code == client.get(place, headers=rival).status_code == 404
