"""An inventory that leaves as an openLCA package and comes back has the same figures."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import olca_schema
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Company
from accounts.queries import actor_for_company
from accounts.roles import Role
from factors.models import Source
from footprint.calculation import ledger
from footprint.calculation.models import Footprint
from footprint.exchange.actions import Period, import_openlca
from footprint.exchange.openlca.exporting import outgoing
from footprint.exchange.openlca.outgoing import Outgoing
from footprint.exchange.openlca.writing import write
from footprint.inventory.models import AllocationShare, Exchange, Inventory, Product, ProductGrant
from tests import builders as new

pytestmark = pytest.mark.django_db(transaction=True)
TYPES: dict[str, Any] = {
    "unit_groups": olca_schema.UnitGroup,
    "flow_properties": olca_schema.FlowProperty,
    "flows": olca_schema.Flow,
    "locations": olca_schema.Location,
    "processes": olca_schema.Process,
    "product_systems": olca_schema.ProductSystem,
    "lcia_categories": olca_schema.ImpactCategory,
    "lcia_methods": olca_schema.ImpactMethod,
}


@pytest.fixture
def supplier(gases: None) -> Product:
    """Naphtha of somebody else, with a figure that differs by set and something behind it nobody may see."""
    maker = new.company("maker")
    naphtha = new.product(maker, "naphtha-of-maker", "t")
    cracker = new.process(new.inventory(new.site(maker)), "hidden-cracker")
    new.output(cracker, naphtha, 3)
    new.takes(
        cracker, new.product(maker, "hidden-crude"), "2.5", factor_version=new.factor_version("7", "kg")
    )
    new.emits(cracker, "1.1", gas="CH4", origin="fossil")
    return naphtha


@pytest.fixture
def works(acme: Company, supplier: Product) -> Inventory:
    """Every kind of line and several ways of sharing, in units that have to be converted."""
    new.grant(supplier, acme)
    found = new.inventory(new.site(acme))
    gas = new.product(acme, "gas", "Nm3", conversions={"kg": "0.72"}, lhv_mj_per_unit="35.9")
    steam = new.product(acme, "steam", "GJ")
    olefins, fuel = new.product(acme, "olefins"), new.product(acme, "fuel", lhv_mj_per_unit="47")
    resin, slag = new.product(acme, "resin", "t"), new.product(acme, "slag", kind="waste")
    boiler = new.process(found, "boiler")
    new.output(boiler, steam, "1200", "MJ", is_reference=True)
    new.takes(boiler, gas, "0.033", "GJ", factor_version=new.factor_version("2.2", "Nm3"))
    new.emits(boiler, "60.5")
    new.emits(boiler, "0.0007", gas="CH4", origin="biogenic")
    new.takes(boiler, resin, "0.1", "kg", provider_product=resin)  # a loop, by the product
    cracker = new.process(found, "cracker", "energy")
    new.output(cracker, olefins, "1.7", "t")
    new.output(cracker, fuel, "300", is_reference=True)
    for product in (olefins, fuel):
        product.lhv_mj_per_unit = 47
        product.save()
    new.takes(cracker, new.product(acme, "naphtha"), "2400", provider_product=supplier, gsd2="1.44")
    new.takes(cracker, steam, "3.1", provider_process=boiler)
    new.takes(cracker, new.product(acme, "water"), "5", comment="rain", exempted_kg_co2e="0.25")
    reactor = new.process(found, "reactor", "declared", technology="slurry")
    tar = new.product(acme, "tar")
    new.output(reactor, resin, "2")
    new.output(reactor, tar, "41", is_reference=True)
    for what, share in ((resin, "0.9"), (tar, "0.1")):
        AllocationShare.objects.create(
            company=acme, process=reactor, product=what, method="declared", share=share
        )
    new.takes(reactor, olefins, "1900", provider_process=cracker)
    new.takes(reactor, fuel, "10", provider_process=cracker, is_avoided=True)
    landfill = new.process(found, "landfill")
    Exchange.objects.create(
        company=acme, process=landfill, direction="input", kind="waste", product=slag, amount=2, unit="t",
        is_reference=True,
    )  # fmt: skip
    new.emits(landfill, "5", gas="CH4", origin="fossil")
    Exchange.objects.create(
        company=acme, process=reactor, direction="output", kind="waste", product=slag, amount=90, unit="kg",
        provider_process=landfill,
    )  # fmt: skip
    ledger.drain()
    return found


def packed(inventory: Inventory, gwp: str = "AR6") -> tuple[Outgoing, bytes]:
    found = outgoing(actor_for_company(inventory.company), inventory, gwp=gwp, language="en")
    return found, write(found)


def figures(company: Company, gwp: str) -> dict[tuple[str, str], tuple[float, str]]:
    """By process and product as they are called."""
    rows = Footprint.objects.filter(company=company).select_related("process", "product")
    return {
        (row.process.name_en, row.product.name_en): (
            getattr(row, f"kg_co2e_{gwp.lower()}"),
            row.unit,
        )
        for row in rows
    }


def documents(package: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


@pytest.mark.parametrize("gwp", ["AR5", "AR6"])
def test_what_left_comes_back_with_the_same_figures(works: Inventory, gwp: str) -> None:
    _found, package = packed(works, gwp)
    other = new.company("other")
    period = Period(date(2025, 1, 1), date(2025, 12, 31))
    imported = import_openlca(by=actor_for_company(other), company=other, content=package, period=period)
    ledger.drain()
    assert [found for found in imported.findings if found["kind"] not in ("note", "cut_off")] == []
    there, here = figures(other, gwp), figures(works.company, gwp)
    assert len(here) == 6
    for column, (value, unit) in here.items():
        back, in_unit = there[column]
        assert back == pytest.approx(value, rel=1e-12)
        assert in_unit == unit
    left_out = Exchange.objects.get(company=other, product__name_en="water")
    assert (left_out.comment, left_out.exempted_kg_co2e) == ("rain", Decimal("0.25"))


def test_a_supplier_is_a_total_and_nothing_behind_it(works: Inventory) -> None:
    found, package = packed(works)
    text = "\n".join(json.dumps(document) for document in documents(package).values())
    assert "hidden" not in text
    stand_in = next(process for process in found.processes if "naphtha-of-maker" in process.name)
    assert [found.flows[line.flow].name for line in stand_in.lines] == ["naphtha", "CO2e"]
    assert found.notes == ()


def test_no_total_leaves_once_the_grant_ended(works: Inventory) -> None:
    ProductGrant.objects.update(ends_on=date(2020, 1, 1))
    found, package = packed(works)
    assert [(note.code, note.process, note.line) for note in found.notes] == [
        ("no_total", "cracker", "naphtha")
    ]
    assert "naphtha-of-maker" not in json.dumps(documents(package))


def test_a_factor_that_must_not_be_passed_on_stays(works: Inventory) -> None:
    Source.objects.update(redistribution="no")
    found, _package = packed(works)
    assert [(note.code, note.line) for note in found.notes] == [("licence", "gas")]
    boiler = next(process for process in found.processes if process.name == "boiler")
    assert [line.provider for line in boiler.lines if found.flows[line.flow].name == "gas"] == [""]
    assert len(found.processes) == 5


def test_every_document_is_of_its_schema(works: Inventory) -> None:
    """The schema's own library knows every field there is, and has the same to say of it."""
    for path, document in documents(packed(works)[1]).items():
        if path == "openlca.json":
            assert document == {"schemaVersion": 2}
        else:
            del document["@context"]
            folder, _slash, _name = path.partition("/")
            lost = _lost(document, TYPES[folder].from_dict(document).to_dict())
            assert lost == [], path


def _lost(ours: Any, theirs: Any, where: str = "") -> list[str]:
    """What is in ours and not in theirs; how a thing inside another is called is not kept there."""
    if isinstance(ours, dict):
        known = theirs if isinstance(theirs, dict) else {}
        return [
            lost
            for name, value in ours.items()
            if name != "@type"
            for lost in _lost(value, known.get(name), f"{where}.{name}")
        ]
    if isinstance(ours, list):
        pairs = zip_longest(ours, theirs or ())
        return [lost for at, pair in enumerate(pairs) for lost in _lost(*pair, f"{where}[{at}]")]
    return [] if ours == theirs else [where]


def test_a_product_that_leaves_the_works_is_a_system(works: Inventory) -> None:
    found = documents(packed(works)[1])
    systems = [document for path, document in found.items() if path.startswith("product_systems/")]
    assert [system["name"] for system in systems] == ["tar"]
    assert {"boiler", "reactor"} < {
        found[f"processes/{process['@id']}.json"]["name"] for process in systems[0]["processes"]
    }
    for system in systems:
        for link in system["processLinks"]:
            process = found[f"processes/{link['process']['@id']}.json"]
            line = process["exchanges"][link["exchange"]["internalId"] - 1]
            assert line["defaultProvider"]["@id"] == link["provider"]["@id"]
            assert f"processes/{link['provider']['@id']}.json" in found


def test_the_same_inventory_gives_the_same_bytes(works: Inventory) -> None:
    assert packed(works)[1] == packed(works)[1]


def test_readers_take_it_home_and_nobody_else(works: Inventory, client: Client) -> None:
    page, file = (reverse(f"exchange:{name}", args=[works.uuid]) for name in ("openlca", "openlca_file"))
    client.force_login(new.person(works.company, Role.OWNER))
    assert "tar" not in client.get(page).content.decode()
    answer = client.get(file, {"gwp": "AR5"})
    assert answer["Content-Disposition"].endswith('openlca-AR5.zip"')
    assert "openlca.json" in documents(answer.content)
    assert client.get(file, {"gwp": "AR9"}).status_code == 404
    client.force_login(new.person(new.company(), Role.OWNER))
    assert [client.get(url).status_code for url in (page, file)] == [404, 404]


def test_the_command_says_what_it_left_out(works: Inventory, tmp_path: Path) -> None:
    Source.objects.update(redistribution="no")
    out, err = io.StringIO(), io.StringIO()
    about = {"company": works.company.code, "site": works.site.code, "year": 2025}
    call_command("export_openlca", **about, output=tmp_path / "it.zip", stdout=out, stderr=err)
    assert "5 processes" in out.getvalue()
    assert err.getvalue().startswith("boiler: gas: The source of the factor")
    with pytest.raises(CommandError, match="no inventory"):
        call_command("export_openlca", **about | {"year": 1999}, output=tmp_path / "it.zip")
