"""From the inventory to the workbook, to the comparison, and back into the inventory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.actor import Actor
from accounts.errors import NotAllowed, Refusal, Stale
from accounts.models import Company
from accounts.queries import actor_of_user
from accounts.roles import Role
from footprint.exchange.actions import apply_workbook, compare_again, discard_workbook, take_in_workbook
from footprint.exchange.actions import workbook as action
from footprint.exchange.models import WorkbookUpload
from footprint.exchange.workbook import showing
from footprint.exchange.workbook.content import handed_out
from footprint.exchange.workbook.writing import write
from footprint.inventory.actions import change_exchange
from footprint.inventory.models import Exchange, Inventory, UnitProcess
from tests import builders as new
from tests.footprint.exchange.books import Filling, read_here

pytestmark = pytest.mark.django_db


class Plant:
    """A cracker and its boiler, with the year before."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.owner = new.actor(company, Role.OWNER)
        self.site = new.site(company)
        self.power = new.factor_version("0.5")
        self.naphtha = new.product(company, "naphtha", "t", conversions={"MJ": "44000"})
        self.ethylene = new.product(company, "ethylene", "t")
        self.steam = new.product(company, "steam", "GJ")
        self.kwh = new.product(company, "power", "kWh")
        self.before = self.fill(new.inventory(self.site, 2024), "80")
        self.inventory = self.fill(new.inventory(self.site, 2025), "100")

    def fill(self, inventory: Inventory, naphtha: str) -> Inventory:
        boiler = new.process(inventory, "BOILER")
        cracker = new.process(inventory, "CRACKER")
        new.output(boiler, self.steam, "50", is_reference=True)
        new.emits(boiler, "1200.5")
        new.output(cracker, self.ethylene, "30", is_reference=True, position=0)
        new.takes(cracker, self.naphtha, naphtha, position=1, comment="=1+1")
        new.takes(cracker, self.steam, "50", position=2, provider_process=boiler)
        new.takes(cracker, self.kwh, "9000", position=3, factor_version=self.power)
        return inventory

    def line(self, product: Any = None, **more: Any) -> Exchange:
        own = Exchange.objects.filter(process__inventory=self.inventory, **more)
        return own.get(product=product) if product else own.get()

    def book(self, language: str = "en") -> bytes:
        return write(handed_out(self.owner, self.inventory, language))

    def hand_in(self, content: bytes, by: Actor | None = None) -> WorkbookUpload:
        return take_in_workbook(self.inventory, by=by or self.owner, file_name="a/b.xlsx", content=content)

    def confirm(self, upload: WorkbookUpload, **more: Any) -> WorkbookUpload:
        return apply_workbook(upload, by=self.owner, at=timezone.now(), **{"version": upload.version, **more})


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The confined process is tested elsewhere; here it would cost a second each time."""
    monkeypatch.setattr(action, "read_confined", read_here)


@pytest.fixture
def plant(acme: Company) -> Plant:
    return Plant(acme)


def counts(upload: WorkbookUpload) -> dict[str, int]:
    return {name: number for name, number in upload.summary.items() if name != "places" and number}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_workbook_that_nobody_touched_changes_nothing(plant: Plant, language: str) -> None:
    upload = plant.hand_in(plant.book(language))
    assert (upload.state, upload.file_name, upload.problems) == ("open", "b.xlsx", [])
    assert (counts(upload), upload.found["faults"]) == ({"unchanged": 6}, [])
    with pytest.raises(Refusal, match="nothing to store"):
        plant.confirm(upload)


def test_further_rows_are_named_told_once_and_not_added_again(plant: Plant) -> None:
    filling = Filling(plant.book())
    row = filling.empty_row
    filling.put(
        row, process="CRACKER", direction="Input", kind="Product", product="power", amount=7, unit="kWh"
    )
    again = filling.saved()
    plant.confirm(plant.hand_in(again))
    upload = plant.hand_in(again)
    assert counts(upload) == {"unchanged": 7}
    filling.put(row + 1, process="NOWHERE", amount="much")
    upload = plant.hand_in(filling.saved())
    assert [(each["row"], each["column"]) for each in upload.found["faults"]].count((row + 1, "amount")) == 1
    assert [move.name for move in showing.moves(upload, "en", "added")] == ["Further line"]


def test_what_was_filled_in_is_shown_and_then_stored(plant: Plant) -> None:
    naphtha, emission = plant.line(plant.naphtha), plant.line(gas="CO2")
    filling = Filling(plant.book())
    filling.put(filling.row_of(naphtha.uuid), amount=120, comment="weighed", data_type="Estimated")
    filling.put(filling.row_of(emission.uuid), remove="Remove")
    filling.put(
        filling.empty_row,
        process="CRACKER",
        direction="Output",
        kind="Elementary flow",
        gas="CO2",
        origin="Fossil",
        amount="１，２３４．５",
        unit="千克",
    )
    upload = plant.hand_in(filling.saved())
    assert counts(upload) == {"added": 1, "changed": 1, "removed": 1, "unchanged": 4}
    edits = upload.found["changed"][0]["edits"]
    assert edits == [
        ["amount", "100", "120"],
        ["data_type", "measured", "estimated"],
        ["comment", "=1+1", "weighed"],
    ]
    naphtha.refresh_from_db()
    assert naphtha.amount == 100, "nothing is stored before somebody confirms"
    plant.confirm(upload)
    naphtha.refresh_from_db()
    assert (naphtha.amount, naphtha.comment, naphtha.data_type, naphtha.version) == (
        120,
        "weighed",
        "estimated",
        2,
    )
    stored = plant.line(gas="CO2")
    assert (stored.process.code, stored.amount, stored.unit) == ("CRACKER", Decimal("1234.5"), "kg")
    upload.refresh_from_db()
    assert (upload.state, upload.rows) == ("applied", [])


def test_the_same_upload_takes_effect_once(plant: Plant) -> None:
    line = plant.line(plant.naphtha)
    filling = Filling(plant.book())
    filling.put(filling.row_of(line.uuid), amount=120)
    upload = plant.hand_in(filling.saved())
    plant.confirm(upload)
    for again in (plant.confirm, lambda one: discard_workbook(one, by=plant.owner, at=timezone.now())):
        with pytest.raises(Refusal, match="decided already"):
            again(upload)
    line.refresh_from_db()
    assert line.version == 2


def test_a_provider_is_named_in_words(plant: Plant) -> None:
    """Nothing instead of the boiler or a factor, and the boiler again, whatever stands behind its code."""
    steam, power = plant.line(plant.steam, direction="input"), plant.line(plant.kwh)
    filling = Filling(plant.book("zh-hans"), "zh-hans")
    assert filling.text(steam.uuid, "provider") == "过程 BOILER"
    assert filling.text(power.uuid, "provider").startswith(f"因子 {plant.power.factor.code} v1")
    filling.put(filling.row_of(steam.uuid), provider=None)
    filling.put(filling.row_of(power.uuid), provider="过程 NOWHERE")
    upload = plant.hand_in(filling.saved())
    (fault,) = upload.found["faults"]
    assert (fault["column"], fault["code"]) == ("provider", "refused")
    with pytest.raises(Refusal, match="mend them"):
        plant.confirm(upload)
    filling.put(filling.row_of(power.uuid), provider=None)
    plant.confirm(plant.hand_in(filling.saved()))
    assert plant.line(plant.steam, direction="input").provider_process is None
    assert plant.line(plant.kwh).factor_version is None
    again = Filling(plant.book())
    again.put(again.row_of(steam.uuid), provider="Process BOILER · whatever it is called")
    plant.confirm(plant.hand_in(again.saved()))
    assert plant.line(plant.steam, direction="input").provider_process.code == "BOILER"


def test_lines_may_lean_on_each_other_in_any_order(plant: Plant) -> None:
    """A further product and who takes it: the taker stands above its maker."""
    filling = Filling(plant.book())
    row = filling.empty_row
    filling.put(
        row, process="CRACKER", direction="Input", kind="Product", product="power", amount=5, unit="kWh",
        provider="Process BOILER",
    )  # fmt: skip
    filling.put(
        row + 1, process="BOILER", direction="Output", kind="Product", product="power · whatever", amount=7,
        unit="kWh",
    )  # fmt: skip
    upload = plant.hand_in(filling.saved())
    assert (counts(upload)["added"], upload.found["faults"]) == (2, [])
    plant.confirm(upload)
    taken = Exchange.objects.get(process__code="CRACKER", product=plant.kwh, amount=5)
    assert taken.provider_process.code == "BOILER"


def test_what_others_take_cannot_be_removed(plant: Plant) -> None:
    steam = plant.line(plant.steam, direction="output")
    filling = Filling(plant.book())
    filling.put(filling.row_of(steam.uuid), remove="删除")
    (fault,) = plant.hand_in(filling.saved()).found["faults"]
    assert "takes steam from here" in fault["values"]["en"]
    filling.put(filling.row_of(plant.line(plant.steam, direction="input").uuid), remove="Remove")
    plant.confirm(plant.hand_in(filling.saved()))
    assert not Exchange.objects.filter(process__inventory=plant.inventory, product=plant.steam).exists()


def test_a_stale_line_is_a_conflict_that_somebody_decides(plant: Plant) -> None:
    naphtha, power = plant.line(plant.naphtha), plant.line(plant.kwh)
    filling = Filling(plant.book())
    filling.put(filling.row_of(naphtha.uuid), amount=120)
    filling.put(filling.row_of(power.uuid), amount=8000)
    for line in (naphtha, power):
        change_exchange(line, by=plant.owner, version=1, amount="77", comment="theirs")
    upload = plant.hand_in(filling.saved())
    assert counts(upload) == {"conflicts": 2, "unchanged": 4}
    shown = {move["key"]: move["edits"] for move in upload.found["conflicts"]}
    assert shown == {
        str(naphtha.uuid): [["amount", "77", "120"]],
        str(power.uuid): [["amount", "77", "8000"]],
    }
    plant.confirm(upload, taking=[str(naphtha.uuid)])
    naphtha.refresh_from_db(), power.refresh_from_db()
    assert (naphtha.amount, naphtha.comment) == (120, "theirs"), "only what was edited is taken"
    assert (power.amount, power.comment) == (77, "theirs")
    upload.refresh_from_db()
    assert (upload.summary["taken"], upload.summary["kept"]) == (1, 1)


def test_what_changed_after_the_comparison_must_be_looked_at_again(plant: Plant) -> None:
    line = plant.line(plant.naphtha)
    filling = Filling(plant.book())
    filling.put(filling.row_of(line.uuid), amount=120)
    upload = plant.hand_in(filling.saved())
    change_exchange(plant.line(plant.naphtha), by=plant.owner, version=1, amount="90")
    with pytest.raises(Stale, match="Compare again"):
        plant.confirm(upload)
    upload = compare_again(upload, by=plant.owner)
    assert (counts(upload), upload.version) == ({"conflicts": 1, "unchanged": 5}, 2)
    with pytest.raises(Stale):
        plant.confirm(upload, version=1, taking=[str(line.uuid)])
    plant.confirm(upload, taking=[str(line.uuid)])
    assert plant.line(plant.naphtha).amount == 120


def test_a_wish_that_the_inventory_refuses_stores_nothing(plant: Plant) -> None:
    naphtha = plant.line(plant.naphtha)
    filling = Filling(plant.book())
    filling.put(filling.row_of(naphtha.uuid), amount=-5, unit="m3", gsd2="0.5")
    filling.put(filling.row_of(plant.line(plant.kwh).uuid), amount=8000)
    upload = plant.hand_in(filling.saved())
    assert {fault["column"] for fault in upload.found["faults"]} == {"amount", "gsd2"}
    with pytest.raises(Refusal, match="mend them"):
        plant.confirm(upload)
    assert plant.line(plant.kwh).amount == 9000


def test_who_may_not_edit_may_not_hand_in(plant: Plant) -> None:
    content = plant.book()
    elsewhere = new.person(plant.company, Role.PLANT_PROVIDER, sites=(new.site(plant.company),))
    for by in (new.actor(plant.company, Role.APPROVER), new.actor(new.company()), actor_of_user(elsewhere)):
        with pytest.raises(NotAllowed):
            plant.hand_in(content, by=by)
    upload = plant.hand_in(content)
    with pytest.raises(NotAllowed):
        apply_workbook(upload, by=new.actor(plant.company, Role.APPROVER), at=timezone.now(), version=1)


def test_a_workbook_of_another_inventory_or_format_is_refused_as_a_whole(plant: Plant) -> None:
    upload = take_in_workbook(plant.before, by=plant.owner, file_name="x.xlsx", content=plant.book())
    assert (upload.state, [one["code"] for one in upload.problems]) == ("refused", ["other_inventory"])
    filling = Filling(plant.book())
    filling.book["about"]["B1"].value = "0"
    upload = plant.hand_in(filling.saved())
    assert (upload.state, [one["code"] for one in upload.problems]) == ("refused", ["other_format"])


def test_a_line_of_somebody_else_is_no_line_here(plant: Plant) -> None:
    other = Plant(new.company())
    filling = Filling(plant.book())
    row = filling.row_of(plant.line(plant.naphtha).uuid)
    for foreign in (
        other.line(other.naphtha),
        Exchange.objects.filter(process__inventory=plant.before).first(),
    ):
        filling.put(row, key=str(foreign.uuid), amount=1)
        upload = plant.hand_in(filling.saved())
        assert [fault["code"] for fault in upload.found["faults"]] == ["unknown_line"]


def test_the_ghosts_are_those_of_the_year_before(plant: Plant) -> None:
    Exchange.objects.filter(process__inventory=plant.before, product=plant.naphtha).update(
        amount=80_000, unit="kg"
    )
    filling = Filling(plant.book())
    assert filling.text(plant.line(plant.naphtha).uuid, "previous") == 80
    assert filling.text(plant.line(gas="CO2").uuid, "previous") == 1200.5


def test_what_the_product_says_of_itself_is_in_the_language_of_the_workbook(plant: Plant) -> None:
    processes = UnitProcess.objects.filter(inventory=plant.inventory)
    processes.filter(code="BOILER").update(technology="Two-drum delayed coking")
    processes.filter(code="CRACKER").update(technology="von uns")
    sheet = Filling(plant.book("zh-hans"), "zh-hans").book["单元过程"]
    assert [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["两塔延迟焦化", "von uns"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_takes_effect(plant: Plant) -> None:
    line = plant.line(plant.naphtha)
    filling = Filling(plant.book())
    filling.put(filling.row_of(line.uuid), amount=120)
    upload = plant.hand_in(filling.saved())

    def confirm(_place: int) -> str:
        try:
            return plant.confirm(upload).state
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirm, range(2))) == ["applied", "decided"]
    line.refresh_from_db()
    assert (line.amount, line.version) == (120, 2)
