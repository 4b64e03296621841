"""Cells of a spreadsheet, pasted into a process: what they are taken for; nothing is stored unseen."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.errors import Refusal, Refusals
from accounts.models import Company
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.exchange.actions import take_in_pasted
from footprint.exchange.models import WorkbookUpload
from footprint.inventory.models import Exchange, UnitProcess
from tests import builders as new

pytestmark = pytest.mark.django_db


@dataclass
class Plant:
    """A cracker: ethylene out, gas and steam in, carbon dioxide out. In the order of its table."""

    company: Company
    cracker: UnitProcess
    ethylene: Exchange
    gas: Exchange
    steam: Exchange
    smoke: Exchange

    def paste(self, *rows: str, at: Exchange | None = None) -> WorkbookUpload:
        actor = new.actor(self.company)
        with acting_as(actor):
            text = "\r\n".join(rows) + "\r\n"
            return take_in_pasted(self.cracker, by=actor, text=text, at=str(at.uuid) if at else "")


@pytest.fixture
def plant() -> Plant:
    new.gwp(CH4=("28", "27.9"))
    company = new.company()
    cracker = new.process(new.inventory(new.site(company)), "cracker")
    gas = new.product(company, "natural-gas", "Nm3", name_zh="天然气")
    smoke = new.emits(cracker, "3")
    return Plant(
        company,
        cracker,
        new.output(cracker, new.product(company, "ethylene", "t"), "10", is_reference=True),
        new.takes(cracker, gas, "500"),
        new.takes(cracker, new.product(company, "steam", "GJ"), "40"),
        smoke,
    )


def changes(upload: WorkbookUpload) -> dict[str, dict[str, str]]:
    return {
        move["key"] or move["name_en"]: {column: after for column, _before, after in move["edits"]}
        for sort in ("added", "changed")
        for move in upload.found[sort]
    }


def test_a_column_of_numbers_goes_down_from_the_line_it_was_pasted_into(plant: Plant) -> None:
    upload = plant.paste("1,234.5", "41", at=plant.gas)
    assert changes(upload) == {
        str(plant.gas.uuid): {"amount": "1234.5"},
        str(plant.steam.uuid): {"amount": "41"},
    }
    assert Exchange.objects.get(pk=plant.gas.pk).amount == 500


def test_an_empty_cell_leaves_its_line_and_those_below_keep_theirs(plant: Plant) -> None:
    upload = plant.paste("", "600", "", "4", at=plant.ethylene)
    assert changes(upload) == {
        str(plant.gas.uuid): {"amount": "600"},
        str(plant.smoke.uuid): {"amount": "4"},
    }
    assert upload.found["faults"] == []


def test_full_width_signs_and_ten_thousands_are_read(plant: Plant) -> None:
    upload = plant.paste("１，２３４．５", "41 ＧＪ", at=plant.gas)
    assert changes(upload)[str(plant.gas.uuid)] == {"amount": "1234.5"}
    assert changes(plant.paste("1.2万Nm³", at=plant.gas))[str(plant.gas.uuid)] == {
        "amount": "1.2",
        "unit": "1e4 Nm3",
    }


def test_what_is_empty_beside_an_amount_stays_as_it_was(plant: Plant) -> None:
    upload = plant.paste("natural-gas\t600\t\t\t", "steam\t\t\t估算\tno meter")
    assert changes(upload) == {
        str(plant.gas.uuid): {"amount": "600"},
        str(plant.steam.uuid): {"data_type": "estimated", "comment": "no meter"},
    }


def test_another_unit_behind_the_amount_and_one_that_is_none_are_refused(plant: Plant) -> None:
    def faults(*rows: str) -> list[tuple[int, str, str]]:
        found = plant.paste(*rows, at=plant.gas).found["faults"]
        return [(fault["row"], fault["column"], fault["code"]) for fault in found]

    assert faults("600 千标方\tNm3", "41 GJ\t吉焦") == [(1, "amount", "no_number")]
    assert faults("600 方") == [(1, "unit", "unknown_unit")]


def test_what_is_no_number_in_a_column_of_numbers_is_told_where_it_stands(plant: Plant) -> None:
    upload = plant.paste("600", "#N/A", at=plant.gas)
    faults = [(fault["row"], fault["column"], fault["code"]) for fault in upload.found["faults"]]
    assert faults == [(2, "amount", "no_number")]


def test_several_columns_and_a_unit_behind_the_amount(plant: Plant) -> None:
    upload = plant.paste("1.2 1e4 Nm3\t\t实测\tmeter 7", "40\tGJ\testimated", at=plant.gas)
    found = changes(upload)
    assert found[str(plant.gas.uuid)] == {"amount": "1.2", "unit": "1e4 Nm3", "comment": "meter 7"}
    assert found[str(plant.steam.uuid)] == {"data_type": "estimated"}


def test_lines_are_known_by_name_in_either_language_by_code_and_by_gas(plant: Plant) -> None:
    upload = plant.paste("天然气\t600", "STEAM\t41", "CO2\t4")
    assert set(changes(upload)) == {str(each.uuid) for each in (plant.gas, plant.steam, plant.smoke)}


def test_headings_say_what_a_column_is_and_a_product_that_is_not_there_becomes_a_further_line(
    plant: Plant,
) -> None:
    new.product(plant.company, "air", "t")
    upload = plant.paste("数据行\t备注\t数量", "ethylene\tyear book\t10", "air\t\t7", "CH4\t\t0.5")
    found = changes(upload)
    assert found[str(plant.ethylene.uuid)] == {"comment": "year book"}
    assert found["air"]["direction"] == "input"
    assert found["CH4"]["direction"] == "output"
    assert upload.found["faults"] == []


def test_what_is_wrong_is_said_by_row_and_column_and_nothing_is_stored(plant: Plant) -> None:
    upload = plant.paste("natural-gas\tmuch", "steam\t-3", "ethylene\t7\tkWh")
    faults = {(fault["row"], fault["column"]) for fault in upload.found["faults"]}
    assert faults == {(1, "amount"), (2, "amount"), (3, "unit")}
    assert upload.summary["places"]["amount"] == "B"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (("",), "required"),
        (("coal\t3",), "unknown_name"),
        (("1\n" * 501,), "too_large"),
        (('"' + "a" * 140_000,), "too_large"),
        (("natural-gas\t1\tNm3\tmeasured\tnote\tmore",), "no_headings"),
    ],
)
def test_what_is_no_table_of_this_process_is_refused(plant: Plant, rows: tuple[str, ...], code: str) -> None:
    with pytest.raises((Refusal, Refusals)) as refused:
        plant.paste(*rows)
    told = refused.value
    assert (told.refusals[0] if isinstance(told, Refusals) else told).code == code


def test_more_numbers_than_lines_are_refused(plant: Plant) -> None:
    with pytest.raises(Refusals) as refused:
        plant.paste("1", "2", at=plant.smoke)
    assert [(each.row, each.code) for each in refused.value.refusals] == [(2, "no_line")]


def test_a_name_of_two_lines_is_refused(plant: Plant) -> None:
    assert plant.gas.product is not None
    new.takes(plant.cracker, plant.gas.product, "2")
    with pytest.raises(Refusals) as refused:
        plant.paste("natural-gas\t3")
    assert refused.value.refusals[0].code == "name_twice"


def test_from_the_page_to_the_stored_line_and_nothing_for_the_outsider(plant: Plant) -> None:
    client = Client()
    client.force_login(new.person(plant.company, Role.OWNER))
    address = f"/processes/{plant.cracker.uuid}/paste/"
    assert client.get(address).status_code == 200
    refused = client.post(address, {"text": "coal\t3"})
    assert refused.status_code == 422
    assert "coal\t3" in refused.content.decode()
    sent = client.post(address, {"text": "41", "at": str(plant.steam.uuid)})
    page = client.get(sent["Location"])
    assert "41" in page.content.decode()
    assert Exchange.objects.get(pk=plant.steam.pk).amount == 40
    client.post(sent["Location"], {"what": "apply", "version": 1})
    assert Exchange.objects.get(pk=plant.steam.pk).amount == 41
    client.force_login(new.person(plant.company, Role.APPROVER))
    assert client.post(address, {"text": "1"}).status_code == 403
    client.force_login(new.person(new.company(), Role.OWNER))
    assert client.get(address).status_code == client.post(address, {"text": "1"}).status_code == 404
