"""Every rule of the format through the real import and the real drain, against figures computed by hand."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.errors import NotAllowed, Refusal, Refusals
from accounts.models import Company, Site
from accounts.queries import actor_for_company
from accounts.roles import Role
from footprint.calculation import ledger
from footprint.calculation.models import Footprint
from footprint.exchange.actions import Imported, Period, import_openlca
from footprint.exchange.openlca.gas_flows import flow_of
from footprint.inventory.models import AllocationShare, Exchange, Inventory, Product, UnitProcess
from tests import builders as new
from tests.footprint.exchange.packages import AIR, Package, gives, key, share, small, takes

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))


def bring_in(company: Company, package: Package, **more: Any) -> Imported:
    given = {"by": actor_for_company(company), "company": company, "period": YEAR, **more}
    return import_openlca(content=package.zip(), **given)


def exported(company: Company, gwp: str = "AR5") -> dict[tuple[str, str], tuple[float, str]]:
    """Figures with their units by (process, product), as the command prints them."""
    out = io.StringIO()
    call_command("export_footprints", company=company.code, gwp=gwp, format="csv", stdout=out)
    rows = csv.DictReader(io.StringIO(out.getvalue()))
    return {(row["process"], row["product"]): (float(row["kg_co2e_per_unit"]), row["unit"]) for row in rows}


def works() -> Package:
    """A works in which every trap of the format is laid."""
    package = Package()
    add_flows(package)
    add_coproducts(package)
    add_power_and_reactor(package)
    add_wastes_and_loop(package)
    return package


def add_flows(package: Package) -> None:
    for name in ("Carbon dioxide", "Methane"):
        package.emission(name)
    package.flow(
        "Dissolved carbon dioxide", kind="ELEMENTARY", path=("Elementary flows", "emission", "water")
    )
    package.flow("Air", kind="ELEMENTARY", path=("Elementary flows", "resource", "air"))
    package.flow("Slag", kind="WASTE")
    package.flow("Ash", kind="WASTE")
    package.flow("Diesel", "Volume", Mass=840.0)
    package.flow("Gas", "Volume")
    for name in ("Bitumen", "Caustic", "Chlorine", "Resin", "Board", "Tar", "Heat pipe", "Feed"):
        package.flow(name)
    for name in ("Power", "Steam", "Vapour"):
        package.flow(name, "Energy")
    package.flow("Haulage", "Goods transport")


def add_coproducts(package: Package) -> None:
    # co-products in litres, kilograms and cubic metres by declared shares; the other set is all zeros
    package.process(
        "Refinery",
        gives("Diesel", 100.0, "l", reference=True),
        gives("Bitumen", 50.0, "kg"),
        gives("Gas", 10.0, "m3"),
        gives("Carbon dioxide", 1.0, "Mg"),
        gives("Carbon dioxide", 1.0, "mg"),
        gives("Dissolved carbon dioxide", 7.0, "kg"),
        takes("Air", 9.0, "kg"),
        allocation="PHYSICAL",
        factors=[
            *(
                share("PHYSICAL", flow, value)
                for flow, value in (("Diesel", 0.6), ("Bitumen", 0.3), ("Gas", 0.1))
            ),
            *(share("ECONOMIC", flow, 0.0) for flow in ("Diesel", "Bitumen", "Gas")),
        ],
    )
    # litres asked for in kilograms and in the reference unit
    package.process(
        "Truck",
        gives("Haulage", 1000.0, "kg*km", reference=True),
        takes("Diesel", 8.4, "kg"),
        takes("Gas", 0.0, "m3"),
    )
    # no method declared: each co-product carries everything; causal shares are stored and not in force
    package.process(
        "Electrolysis",
        gives("Chlorine", 2.0, "kg", reference=True),
        gives("Caustic", 4.0, "kg"),
        takes("Power", 3.0, "kWh", provider="Old power plant"),
        factors=[share("CAUSAL", "Chlorine", 0.5, line=3), share("CAUSAL", "Caustic", 0.5, line=3)],
    )


def add_power_and_reactor(package: Package) -> None:
    # two makers of one flow, in two units
    package.process("Power plant", gives("Power", 1.0, "kWh", reference=True), gives("Methane", 1.0, "kg"))
    package.process(
        "Old power plant", gives("Power", 1.0, "MJ", reference=True), gives("Carbon dioxide", 1.0, "kg")
    )
    # causal shares in force, one line each way; the default provider of power makes none
    package.process(
        "Reactor",
        gives("Resin", 1.0, "kg", reference=True),
        gives("Tar", 0.25, "kg"),
        gives("Tar", 0.25, "kg"),
        gives("Carbon dioxide", 10.0, "kg"),
        takes("Caustic", 1.0, "kg", provider="Refinery"),
        allocation="CAUSAL",
        factors=[
            share("CAUSAL", "Resin", 0.8, line=4),
            share("CAUSAL", "Tar", 0.2, line=4),
            share("CAUSAL", "Resin", 1.0, line=5),
            share("CAUSAL", "Tar", 0.0, line=5),
        ],
    )


def add_wastes_and_loop(package: Package) -> None:
    # wastes: one that a process treats, one that nobody does; a credit; an uptake; two makers and no provider
    package.process("Landfill", takes("Slag", 2.0, "kg", reference=True), gives("Methane", 0.5, "kg"))
    package.process(
        "Board mill",
        gives("Board", 1.0, "kg", reference=True),
        gives("Slag", 0.4, "kg"),
        gives("Ash", 3.0, "kg"),
        takes("Bitumen", 0.5, "kg", avoided=True),
        takes("Carbon dioxide", 1.5, "kg"),
        takes("Power", 5.0, "MJ"),
        takes("Feed", 1e-35, "kg"),
    )
    # a loop
    package.process(
        "Boiler",
        gives("Steam", 1.0, "MJ", reference=True),
        gives("Carbon dioxide", 1.0, "kg"),
        takes("Vapour", 0.1, "MJ"),
    )
    package.process("Flash drum", gives("Vapour", 1.0, "MJ", reference=True), takes("Steam", 0.5, "MJ"))


REFINED = 1000 + 1e-6
DIESEL, BITUMEN, GAS = REFINED * 0.6 / 100, REFINED * 0.3 / 50, REFINED * 0.1 / 10
CAUSTIC = 10.8 / 4
AR5 = {
    ("Refinery", "Diesel"): (DIESEL, "l"),
    ("Refinery", "Bitumen"): (BITUMEN, "kg"),
    ("Refinery", "Gas"): (GAS, "m3"),
    ("Truck", "Haulage"): (DIESEL * 10 / 1000, "kg*km"),
    ("Electrolysis", "Chlorine"): (10.8 / 2, "kg"),
    ("Electrolysis", "Caustic"): (CAUSTIC, "kg"),
    ("Power plant", "Power"): (28.0, "kWh"),
    ("Old power plant", "Power"): (1.0, "MJ"),
    ("Reactor", "Resin"): (8 + CAUSTIC, "kg"),
    ("Reactor", "Tar"): (2 / 0.5, "kg"),
    ("Landfill", "Slag"): (7.0, "kg"),
    ("Board mill", "Board"): (0.4 * 7 - 0.5 * BITUMEN - 1.5, "kg"),
    ("Boiler", "Steam"): (1 / 0.95, "MJ"),
    ("Flash drum", "Vapour"): (0.5 / 0.95, "MJ"),
}


def test_every_rule_of_the_format(acme: Company) -> None:
    imported = bring_in(acme, works())
    ledger.drain()

    found = exported(acme)
    assert set(found) == set(AR5)
    for column, (figure, unit) in AR5.items():
        assert found[column] == (pytest.approx(figure, rel=1e-12), unit), column
    assert exported(acme, "AR6")["Power plant", "Power"] == (pytest.approx(27.9, rel=1e-12), "kWh")
    assert imported.summary["columns"] == len(AR5)
    assert {(f["kind"], f["flow"], f["problem"]["code"]) for f in imported.findings} == {
        ("provider_replaced", "Caustic", "provider_makes_it_not"),
        ("unlinked_waste", "Ash", "no_maker"),
        ("cut_off", "Power", "several_makers"),
        ("cut_off", "Feed", "no_maker"),
        ("note", "Carbon dioxide", "removal"),
        ("allocation_unused", "", "allocation_unused"),
    }


def test_amounts_and_other_allocation_sets_are_kept(acme: Company) -> None:
    bring_in(acme, works())
    assert Exchange.objects.get(product__name_en="Feed").amount == Decimal("1e-35")
    assert Exchange.objects.get(flow_name="Dissolved carbon dioxide").gas == ""
    assert AllocationShare.objects.filter(method="economic", share=0).count() == 3
    assert AllocationShare.objects.filter(method="causal", exchange__isnull=False).count() == 6
    refinery = UnitProcess.objects.get(name_en="Refinery")
    assert (refinery.allocation_method, refinery.allocation_set) == ("declared", "physical")
    diesel = Product.objects.get(name_en="Diesel")
    assert (diesel.unit, diesel.conversions) == ("l", {"kg": "0.84"})


def test_the_newer_spelling_means_the_same(acme: Company) -> None:
    """Schema 2 writes isInput, isRefUnit, ... and the category as one text."""
    package = works()
    names = {
        "input": "isInput",
        "avoidedProduct": "isAvoidedProduct",
        "quantitativeReference": "isQuantitativeReference",
        "referenceUnit": "isRefUnit",
        "referenceFlowProperty": "isRefFlowProperty",
    }

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {names.get(name, name): renamed(inner) for name, inner in value.items()}
        return [renamed(inner) for inner in value] if isinstance(value, list) else value

    package.files = {path: renamed(content) for path, content in package.files.items()}
    for path, document in package.files.items():
        if path.startswith("flows/") and document["category"]:
            document["category"] = "Elementary flows/Emission to air/unspecified"
    package.document("flows", "Dissolved carbon dioxide")["category"] = "Elementary flows/Emission to water"
    package.document("flows", "Air")["category"] = "Elementary flows/Resource/in air"
    bring_in(acme, package)
    ledger.drain()
    assert exported(acme)["Board mill", "Board"][0] == pytest.approx(AR5["Board mill", "Board"][0], rel=1e-12)


def test_the_format_s_defaults_for_unit_and_property(acme: Company) -> None:
    package = small()
    line = package.document("processes", "Boiler")["exchanges"][2]
    del line["unit"], line["flowProperty"]
    bring_in(acme, package)
    ledger.drain()
    assert exported(acme) == {("Boiler", "Steam"): (2.0, "MJ")}


def test_a_period_is_taken_once_and_replaced_on_demand(acme: Company) -> None:
    bring_in(acme, small())
    ledger.drain()
    with pytest.raises(Refusal, match="choose to replace"):
        bring_in(acme, small())

    package = small()
    package.document("processes", "Boiler")["exchanges"][2]["amount"] = 3.0
    before = Inventory.objects.get(), Product.objects.get(name_en="Steam")
    bring_in(acme, package, replace=True)
    ledger.drain()
    assert exported(acme) == {("Boiler", "Steam"): (3.0, "MJ")}
    assert (Inventory.objects.get(), Product.objects.get(name_en="Steam")) == before
    assert Footprint.objects.count() == 1


def test_another_year_uses_the_same_products(acme: Company) -> None:
    bring_in(acme, small())
    bring_in(acme, small(), period=Period(date(2025, 1, 1), date(2025, 12, 31)))
    assert Product.objects.count() == 2
    assert Inventory.objects.count() == 2
    ledger.drain()
    assert Footprint.objects.filter(state="current").count() == 2


def test_a_different_density_is_refused_and_nothing_of_the_package_stays(acme: Company) -> None:
    def fuel(density: float) -> Package:
        package = small()
        package.flow("Fuel", "Volume", Mass=density)
        package.process("Tank", gives("Fuel", 1.0, "l", reference=True))
        return package

    bring_in(acme, fuel(800.0))
    later = Period(date(2025, 1, 1), date(2025, 12, 31))
    with pytest.raises(Refusals) as refused:
        bring_in(acme, fuel(900.0), period=later)
    (problem,) = refused.value.refusals
    assert (problem.row, problem.field) == (f"flows/{key('Fuel')}.json", "flowProperties")
    assert Inventory.objects.count() == 1
    assert UnitProcess.objects.count() == 2


def test_an_emission_in_another_quantity_is_stored_as_mass(acme: Company) -> None:
    package = small()
    package.flow("Methane", "Volume", kind="ELEMENTARY", path=AIR, Mass=0.7)
    boiler = package.document("processes", "Boiler")
    boiler["exchanges"].append({**gives("Methane", 10.0, "l"), "internalId": 9})
    bring_in(acme, package)
    line = Exchange.objects.get(gas="CH4")
    assert (line.amount, line.unit) == (Decimal("0.007"), "kg")


def test_a_gas_of_ours_that_goes_into_water_is_no_emission_to_air(acme: Company) -> None:
    package = small()
    package.flow("CH4, fossil", kind="ELEMENTARY", path=("Elementary flows", "emission", "water"))
    flow, ours = package.document("flows", "CH4, fossil"), flow_of("CH4", "fossil")
    flow["@id"] = ours
    line = {**gives("CH4, fossil", 10.0, "kg"), "flow": {"@id": ours}, "internalId": 9}
    package.document("processes", "Boiler")["exchanges"].append(line)
    bring_in(acme, package)
    assert not Exchange.objects.filter(gas="CH4").exists()
    kept = Exchange.objects.get(flow_name="CH4, fossil")
    assert kept.compartment == "Elementary flows/emission/water"


def test_who_may_import_and_for_whom(acme: Company) -> None:
    provider = new.actor(acme, Role.PLANT_PROVIDER)
    with pytest.raises(NotAllowed):
        bring_in(acme, small(), by=provider)
    with pytest.raises(NotAllowed):
        bring_in(acme, small(), by=new.actor(new.company(), Role.OWNER))
    assert not Inventory.objects.exists()
    assert not Site.objects.filter(code="openlca").exists()


def test_the_commands_say_one_clear_line_when_they_fail(acme: Company, tmp_path: Path) -> None:
    place = tmp_path / "package.zip"
    place.write_bytes(b"no zip at all")
    with pytest.raises(CommandError, match="not a zip file"):
        call_command("import_openlca", place, company="acme", stderr=io.StringIO())
    with pytest.raises(CommandError, match="no company with the code"):
        call_command("import_openlca", place, company="nobody")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_openlca", tmp_path / "none.zip", company="acme")
    with pytest.raises(CommandError, match="makes no product"):
        call_command("export_footprints", company="acme")


def test_the_commands_wait_report_and_refuse_stale_figures(acme: Company, tmp_path: Path) -> None:
    place = tmp_path / "package.zip"
    place.write_bytes(works().zip())
    out, said = io.StringIO(), io.StringIO()
    quiet = {"stdout": out, "stderr": said}
    written = tmp_path / "report.csv"
    call_command("import_openlca", place, company="acme", wait=True, report=written, **quiet)
    assert f"{len(AR5)} footprints current" in out.getvalue()
    rows = list(csv.DictReader(written.open(encoding="utf-8")))
    assert {row["flow"] for row in rows if row["kind"] == "cut_off"} == {"Power", "Feed"}

    Exchange.objects.filter(process__name_en="Boiler", gas="CO2").update(amount=2)
    with pytest.raises(CommandError, match=f"2 of {len(AR5)} footprints are not current"):
        exported(acme)
    call_command("export_footprints", company="acme", gwp="AR5", allow_stale=True, **quiet)
    assert "were left out" in said.getvalue()
